import type { Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { hasAddress } from './addresses.ts'
import { openLoginLinks } from './login-links.ts'
import type { WaysIn } from './pages.ts'
import { paperKeyOfMember } from './paper-keys.ts'
import { passkeysOf } from './passkeys.ts'

interface Asking {
  readonly member: string
  readonly now: Moment
  /** This site sends mail. */
  readonly hasMail: boolean
}

/** How this member can come back. */
export const waysInOf = (cache: Reading, { member, now, hasMail }: Asking): WaysIn => ({
  passkeys: passkeysOf(cache, member).map(({ id, name, addedAt, usedAt }) => ({ id, name, addedAt, usedAt })),
  paperKeyMadeAt: paperKeyOfMember(cache, member)?.madeAt ?? null,
  hasAddress: hasMail && hasAddress(cache, member),
  hasLoginLink: openLoginLinks(cache, member, now).length > 0,
})

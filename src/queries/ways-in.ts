import type { Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { hasAddress } from './addresses.ts'
import { openLoginLinks } from './login-links.ts'
import type { WaysIn } from './pages/ways-in.ts'
import { paperKeyOfMember } from './paper-keys.ts'
import { passkeysOf } from './passkeys.ts'

/** How this member can come back. */
export const waysInOf = (cache: Reading, member: string, now: Moment): WaysIn => ({
  passkeys: passkeysOf(cache, member).map(({ id, name, addedAt, usedAt }) => ({ id, name, addedAt, usedAt })),
  paperKeyMadeAt: paperKeyOfMember(cache, member)?.madeAt ?? null,
  hasAddress: hasAddress(cache, member),
  hasLoginLink: openLoginLinks(cache, member, now).length > 0,
})

import type { Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { openLoginLinks } from './login-links.ts'
import type { WaysIn } from './pages.ts'
import { paperKeyOfMember } from './paper-keys.ts'

/** How this member can come back. */
export const waysInPage = (cache: Reading, member: string, now: Moment): WaysIn => ({
  paperKeyMadeAt: paperKeyOfMember(cache, member)?.madeAt ?? null,
  hasLoginLink: openLoginLinks(cache, member, now).length > 0,
})

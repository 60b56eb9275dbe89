import type { Moment } from '../kernel/moment.ts'
import type { LinkState } from './pages/links.ts'

interface Link {
  readonly isUsed: boolean
  readonly until: Moment
  readonly revokedAt: Moment | null
}

/** Whether a link still opens something, and why not: what its holder did comes before what happened to it. */
export function linkState(link: Link, now: Moment): LinkState {
  if (link.isUsed) return 'used'
  if (link.revokedAt !== null) return 'revoked'
  return link.until <= now ? 'expired' : 'open'
}

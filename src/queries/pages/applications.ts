import type { Moment } from '../../kernel/moment.ts'
import type { Answered } from './joining.ts'
import type { LinkState } from './links.ts'
import type { Mistakes } from './mistakes.ts'

/** Asking to join. */
export interface Apply {
  readonly name: string
  readonly why: string
  readonly contact: string
  /** What was written into the field that nobody sees: then one question more is asked. */
  readonly isDoubted: boolean
  readonly mistakes: Mistakes<'name' | 'why' | 'contact' | 'person'>
  readonly problem: string | null
}

/** How an application stands, for whoever holds its link. */
export interface ApplicationState {
  readonly url: string
  readonly state: 'open' | 'approved' | 'declined' | 'lapsed'
  readonly sentAt: Moment
  readonly decidedAt: Moment | null
  /** Why it was declined; null when no reason was given, or when it was erased. */
  readonly reason: string | null
  /** The invite that came of it: `href` leads in while it is open. */
  readonly invite: { readonly state: LinkState; readonly until: Moment; readonly href: string } | null
}

/** One application as admins read it. Words are null when they were erased, or when no key opens them. */
export interface OpenApplication {
  readonly id: string
  readonly name: string | null
  readonly why: string | null
  readonly contact: string | null
  readonly sentAt: Moment
}

export interface DecidedApplication {
  readonly id: string
  readonly name: string | null
  /** Lapsed: nobody answered in time. */
  readonly answer: 'approved' | 'declined' | 'lapsed'
  readonly decidedAt: Moment
  readonly decidedBy: string | null
}

export interface Applications {
  readonly answered: Answered | null
  /** The longest waiting first. */
  readonly open: readonly OpenApplication[]
  readonly decided: readonly DecidedApplication[]
}

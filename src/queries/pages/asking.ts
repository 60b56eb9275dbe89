import type { Moment } from '../../kernel/moment.ts'
import type { Audience, Topic } from '../../records/prayers.ts'
import type { Mistakes } from './mistakes.ts'

/** The words of a request on their way: kept through every page until they are saved. */
export interface PrayerWords {
  readonly request: string
  readonly forWhom: string
  readonly topic: Topic
  /** As it was sent: 2026-12-24, or whatever somebody wrote. */
  readonly day: string
  readonly lasts: '14' | '30' | '90' | 'open'
  readonly sees: Audience
  readonly isNameless: boolean
  /** Whoever it is for knows of it and agrees. */
  readonly isAgreed: boolean
  readonly key: string
}

/** The fields of a request, each of which may be wrong. */
export type AskField = 'request' | 'forWhom' | 'consent' | 'topic' | 'day' | 'lasts' | 'sees' | 'nameless'

/** Who will see it, by which of the audiences is chosen. */
export interface Readers {
  /** How many people are here. */
  readonly people: number
  /** Who is of the prayer team. */
  readonly team: readonly string[]
}

/** Stands beside the form when the words sound as if somebody were in danger. */
export interface Beside {
  readonly lines: string
  /** The one that this member asked for last; null when none is of these days. */
  readonly call: Pick<Call, 'askedAt' | 'takenAt' | 'takenBy'> | null
}

/** Somebody asked that a moderator calls them. */
export interface Call {
  readonly member: string
  readonly name: string | null
  readonly askedAt: Moment
  readonly takenAt: Moment | null
  readonly takenBy: string | null
}

export interface Calls {
  /** The longest first. */
  readonly waiting: readonly Call[]
  readonly taken: readonly (Omit<Call, 'takenAt'> & { readonly takenAt: Moment })[]
}

export interface Ask {
  readonly words: PrayerWords
  readonly mistakes: Mistakes<AskField>
  /** What went wrong with the whole of it: it did not save, or nobody knows. */
  readonly problem: string | null
  /** Null while nobody can be counted. */
  readonly readers: Readers | null
  /** When they began a request that is kept for them, and that this form does not hold. */
  readonly begunAt: Moment | null
  readonly beside: Beside | null
}

/** "Check your words": the request exactly as others will see it. */
export interface Preview extends Readers {
  readonly words: PrayerWords
  readonly author: string
  readonly lapsesAt: Moment | null
  /** A draft of it is kept, so that nothing is lost when they leave. */
  readonly isKept: boolean
  readonly beside: Beside | null
}

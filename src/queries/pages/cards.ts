import type { Moment } from '../../kernel/moment.ts'
import type { Audience, Outcome, PrayerState, Topic } from '../../records/prayers.ts'

/** What an admin has written beside a name. */
export interface Label {
  readonly words: string
  readonly symbol: string | null
}

/** One request as the feed, its own page and the fragment after a mark show it. */
export interface Card {
  readonly id: string
  /** Null when the name was erased, or when it was asked without one. */
  readonly author: string | null
  /** Whose profile to go to; null when there is none. */
  readonly profile: string | null
  readonly labels: readonly Label[]
  readonly isNameless: boolean
  readonly isMine: boolean
  readonly sees: Audience
  readonly postedAt: Moment
  readonly forWhom: string | null
  /** Null when the words were erased. */
  readonly request: string | null
  /** The words are there, and no key of this site opens them. */
  readonly isShut: boolean
  /** When the words were changed; null while they are what they were in the first hour. */
  readonly changedAt: Moment | null
  readonly topic: Topic
  /** The day it matters: 2026-11-22. */
  readonly day: string | null
  /** When it is put to rest by itself; null for all but its author. */
  readonly lapsesAt: Moment | null
  /** It is mine and lapses within a week: I am asked what shall become of it. */
  readonly isLapsing: boolean
  readonly state: PrayerState
  readonly stateAt: Moment
  /** Of a closed one. */
  readonly outcome: Outcome | null
  /** The testimony of an answered one, the last word of a closed one; null when there is none, or it was erased. */
  readonly ending: string | null
  /** The newest one. */
  readonly update: { readonly at: Moment; readonly words: string | null } | null
  readonly isFollowed: boolean
  readonly people: number
  readonly times: number
  /** How often I prayed, and when I told so last; null when I have not. */
  readonly mine: { readonly times: number; readonly last: Moment } | null
  /** Somebody else asked, who can be encouraged. */
  readonly mayEncourage: boolean
  /** Not within a minute of my last mark, and not when the words were erased. */
  readonly mayMark: boolean
  /** My latest mark was made within the last minute: it shows instead of the button. */
  readonly markedJustNow: boolean
  /** My latest mark, by its record's sequence, when it was made within the last hour: the one that undo takes back. */
  readonly undo: number | null
}

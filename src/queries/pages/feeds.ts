import type { Moment } from '../../kernel/moment.ts'
import type { Topic } from '../../records/prayers.ts'
import type { Card } from './cards.ts'
import type { Mistakes } from './mistakes.ts'

/** One feed beside the others. */
export interface Tab {
  readonly words: string
  readonly href: string
  readonly isHere: boolean
  /** How many requests are in it, at most 100: then there may be more. */
  readonly count: number
}

/** One request that the whole community is asked to pray for. */
export interface InFocus {
  readonly id: string
  /** Null when the name was erased, or when it was asked without one. */
  readonly author: string | null
  readonly isNameless: boolean
  readonly forWhom: string | null
  /** Null when they were erased. */
  readonly words: string | null
  readonly until: Moment
}

/** A feed, as its page shows it. */
export interface FeedPage {
  readonly heading: string
  /** What is in it, and in which order. */
  readonly rule: string
  /** Said when there is nothing in it. */
  readonly empty: string
  readonly tabs: readonly Tab[]
  readonly topic: Topic | null
  readonly topics: readonly {
    readonly topic: Topic | null
    readonly href: string
    readonly isHere: boolean
  }[]
  /** In the order of the feed, at most 20: first those that are new since the reader last looked. */
  readonly fresh: readonly Card[]
  readonly cards: readonly Card[]
  readonly isNewest: boolean
  /** The address of its first page. */
  readonly first: string
  /** The address of the next page. */
  readonly older: string | null
  /** On the front page alone. */
  readonly focus: readonly InFocus[]
  /** They decide what is in focus, and this is where they see it. */
  readonly mayFocus: boolean
}

/** A feed, as the front of the site shows it. */
export interface Front extends FeedPage {
  /** For whoever is new, until they put it away. */
  readonly isWelcome: boolean
}

/** What moderators see of the focus. */
export interface FocusPage {
  /** `until` of each is a day. */
  readonly requests: readonly InFocus[]
  readonly isFull: boolean
}

/** Putting one request into focus. */
export interface FocusForm {
  readonly prayer: string
  readonly author: string | null
  readonly isNameless: boolean
  /** The day it leaves it, as it was typed. */
  readonly until: string
  readonly isThere: boolean
  readonly mistakes: Mistakes<'until'>
  readonly problem: string | null
}

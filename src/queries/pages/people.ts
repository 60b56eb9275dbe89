/* What the pages about people show: the directory, and oneself. */

import type { Moment } from '../../kernel/moment.ts'
import type { Card, Label } from './cards.ts'
import type { Mistakes } from './mistakes.ts'

/** Everybody here, in the order of their names, as far as this reader may know of them. */
export interface Directory {
  /** At most 50 of those who match. */
  readonly people: readonly Person[]
  /** How many match. */
  readonly count: number
  /** What was looked for; empty when nothing was. */
  readonly search: string
  readonly isFirst: boolean
  /** The address of the next page. */
  readonly next: string | null
}

/** Somebody in a list. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly isMe: boolean
}

/** Oneself, and the pages for what only oneself decides. */
export interface Me {
  readonly id: string
  readonly name: string
  /** For somebody who calls because they have lost every way back; where the community wants that. */
  readonly mayVouch: boolean
}

/** Somebody as this reader may know them. */
export interface Profile {
  readonly id: string
  readonly name: string
  readonly isMe: boolean
  readonly joinedAt: Moment
  readonly labels: readonly Label[]
  readonly about: string | null
  /** Null when nobody of whom this reader may know has invited them. */
  readonly invitedBy: { readonly name: string; readonly profile: string | null } | null
  /** What they asked with their name, as far as this reader may see it: how much, and at most 20 of it. */
  readonly count: number
  readonly cards: readonly Card[]
  readonly isNewest: boolean
  readonly older: string | null
  /** For an admin: the names they had before, and their labels with what takes them away; null for everyone else. */
  readonly forAdmins: ProfileForAdmins | null
}

export interface ProfileForAdmins {
  readonly formerNames: readonly FormerName[]
  readonly labels: readonly (Label & { readonly id: string })[]
  /** What was typed, kept. */
  readonly label: { readonly words: string; readonly symbol: string }
  readonly mistakes: Mistakes<'words' | 'symbol'>
}

/** A name that somebody had before: by which record, and until when nobody else may have it, if that is not over. */
export interface FormerName {
  readonly record: number
  readonly name: string
  readonly keptUntil: Moment | null
}

/** Whether somebody and oneself are to be kept apart: one button. */
export interface KeepApart {
  readonly id: string
  readonly name: string
}

/** Those from whom one wishes to be kept apart. */
export interface MyApart {
  readonly people: readonly { readonly id: string; readonly name: string | null }[]
  /** What was typed, kept. */
  readonly name: string
  readonly mistakes: Mistakes<'name'>
}

/** The pairs that moderators keep apart. */
export interface OthersApart {
  readonly pairs: readonly {
    readonly one: string
    readonly oneName: string | null
    readonly other: string
    readonly otherName: string | null
    readonly at: Moment
  }[]
  readonly names: { readonly one: string; readonly other: string }
  readonly mistakes: Mistakes<'one' | 'other'>
}

/** When a moderator looked who asked without a name, and why; the reason is null when it cannot be read any more. */
export interface AuthorLookup {
  readonly at: Moment
  readonly reason: string | null
}

/** Who asked without a name, for a moderator who has said why they need to know. */
export interface ShownAuthor {
  readonly prayer: string
  /** Null until they have said why. */
  readonly author: { readonly name: string | null; readonly profile: string | null } | null
  readonly reason: string
  readonly mistakes: Mistakes<'reason'>
}

export interface MyName {
  readonly name: string
  readonly formerNames: readonly FormerName[]
  readonly mistakes: Mistakes<'name'>
}

export interface MyWords {
  readonly about: string
  readonly mistakes: Mistakes<'about'>
}

export interface MyPraying {
  readonly praysUnseen: boolean
  readonly mistakes: Mistakes<'unseen'>
}

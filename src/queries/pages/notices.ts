import type { Role } from '../../kernel/actor.ts'
import type { Moment } from '../../kernel/moment.ts'
import type { NoticeKind } from '../../records/notices.ts'
import type { Outcome } from '../../records/prayers.ts'
import type { Card } from './cards.ts'

interface Told<Is extends string, Kind extends NoticeKind = NoticeKind> {
  readonly is: Is
  /** What it is switched off with. */
  readonly kind: Kind
  /** The record that it is of; of a bundle the newest. */
  readonly id: number
  readonly at: Moment
}

/** Somebody who prayed, as whoever asked hears of them. */
export interface Heard {
  /** Null when they pray unseen, or their name was erased. */
  readonly name: string | null
  readonly isUnseen: boolean
}

/** Of one day: for which requests somebody prayed. */
export interface Bundle extends Told<'prayed', 'prayed' | 'encouraged'> {
  readonly prayer: null
  readonly requests: readonly PrayedFor[]
}

/** Of one of them: who prayed, and what they said. */
export interface PrayedFor {
  readonly prayer: string
  readonly people: readonly Heard[]
  readonly words: readonly { readonly phrase: string | null; readonly by: Heard }[]
}

/** What became of somebody's request. */
export interface News extends Told<'answered' | 'closed' | 'updated' | 'changed', 'news'> {
  readonly prayer: string
  readonly outcome: Outcome | null
}

interface AboutMine extends Told<'shown' | 'focused' | 'extended' | 'rested', 'decisions' | 'lapses'> {
  readonly prayer: string
}

interface AboutMe extends Told<'given' | 'taken', 'decisions'> {
  readonly prayer: null
  readonly role: Role
}

interface Came extends Told<'came', 'invites'> {
  readonly prayer: null
  readonly member: string
  /** The query finds nobody without one. */
  readonly name: string | null
}

export type Notice = Bundle | News | AboutMine | AboutMe | Came

/** The inbox. */
export interface Notices {
  /** What of theirs comes to rest within a week unless they do something: it waits until they have. */
  readonly lapsing: readonly Card[]
  readonly notices: readonly {
    readonly notice: Notice
    /** The request that it is of; of a bundle each of its requests. */
    readonly cards: readonly (Card | null)[]
    readonly isRead: boolean
  }[]
  /** The newest of all: what came while this page was read stays unread. */
  readonly upTo: number
  readonly unread: number
  readonly isNewest: boolean
  readonly older: string | null
}

/** What somebody wants to hear of. */
export interface MyNotices {
  readonly kinds: readonly { readonly kind: NoticeKind; readonly isOn: boolean }[]
}

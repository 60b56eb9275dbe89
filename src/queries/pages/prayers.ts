import type { Becoming } from './becoming.ts'
import type { Card } from './cards.ts'
import type { AuthorLookup } from './people.ts'

export interface Feed {
  /** Newest first, at most 20. */
  readonly cards: readonly Card[]
  /** Nothing newer was left out. */
  readonly isNewest: boolean
  /** The address of the next page: `/feed?before=…`. */
  readonly older: string | null
}

export interface Prayer {
  readonly card: Card
  /** It is mine and not a minute old. */
  readonly isJustShared: boolean
  /** Who prayed, for the author alone; null for everyone else. Latest first; whoever prays unseen is `isUnseen`. */
  readonly prayedBy:
    | readonly { readonly name: string | null; readonly isUnseen: boolean; readonly times: number }[]
    | null
  /** Of what I asked without my name: when and why moderators looked who asked. */
  readonly lookups: readonly AuthorLookup[]
  readonly mayShowAuthor: boolean
  readonly becoming: Becoming
  /** It is mine, and may have a page on the open internet. */
  readonly mayPublish: boolean
}

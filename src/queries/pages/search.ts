/* What is found by searching. */

import type { Part } from '../../kernel/searching.ts'
import type { Card } from './cards.ts'

export type { Part } from '../../kernel/searching.ts'

/** What this reader finds: newest first, at most 20 requests a page. */
export interface Found {
  /** What was looked for, as it was typed; empty when nothing was. */
  readonly search: string
  /** People who are called so, at most five of them; on the first page only. */
  readonly people: readonly { readonly id: string; readonly name: string }[]
  /** The address of all people who are called so, when there are more. */
  readonly morePeople: string | null
  readonly hits: readonly Hit[]
  readonly isFirst: boolean
  readonly older: string | null
}

/** One request, with the places that were looked for. */
export interface Hit {
  readonly card: Card
  readonly forWhom: readonly Part[] | null
  /** Of the request itself; null when its words were erased. */
  readonly request: readonly Part[] | null
  /** Of what came later, where it was found there: the newest update first, then how it ended. */
  readonly later: readonly {
    readonly at: string
    readonly isEnding: boolean
    readonly words: readonly Part[]
  }[]
}

import type { Card } from './cards.ts'

/** A request as anybody on the internet may read it. */
export interface OpenPage {
  readonly request: string
  /** Null without its names. */
  readonly author: string | null
  readonly forWhom: string | null
}

/** My own request, and its page on the open internet. */
export interface Publishing {
  readonly card: Card
  /** Its address; null while there is none. */
  readonly url: string | null
  readonly isNamed: boolean
}

/* What the pages about people show: the directory, and oneself. */

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
}

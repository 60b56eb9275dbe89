/** One piece of personal text: the words with their salt, or the digest that stands for erased words. */
export type Block =
  | { readonly field: string; readonly salt: string; readonly text: string }
  | { readonly field: string; readonly erased: string }

/** An event in words: what the archive prints once it has a place, and what it reads back. */
export interface Wording {
  readonly kind: string
  readonly version: number
  /** Who does not know this kind may not serve from a cache built without it. */
  readonly critical: boolean
  readonly values: readonly (readonly [key: string, value: string])[]
  readonly blocks: readonly Block[]
}

/** A wording in its place in the archive. */
export interface ArchiveRecord extends Wording {
  readonly sequence: number
  /** Records of this group still to come. */
  readonly more: number
  /** When it was written. */
  readonly time: string
  /** Its closing hash. */
  readonly hash: string
}

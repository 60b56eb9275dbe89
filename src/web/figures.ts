/** What the site knows of itself, for whoever watches over it: no word, no name and no address of anybody. */
export interface Figures {
  readonly archive: {
    readonly records: number
    readonly bytes: number
    readonly segments: number
    readonly lastSequence: number
    readonly isHealthy: boolean
    readonly isWritable: boolean
  }
  readonly cache: {
    readonly bytes: number
    readonly sequence: number
    /** Milliseconds since 1970. */
    readonly builtAt: number
    readonly buildSeconds: number
    /** Of each table, counted once a minute at most. */
    readonly rows: Readonly<Record<string, number>>
  }
  /** Of the keys that words were sealed with. */
  readonly missingKeys: number
  /** Milliseconds since 1970; undefined when it was never done. */
  readonly verifiedAt: number | undefined
  readonly backedUpAt: number | undefined
  /** Bytes free, by what lies there. */
  readonly free: Readonly<Record<string, number>>
}

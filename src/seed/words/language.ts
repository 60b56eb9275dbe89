/** The person a request is about, under each of the names that its sentences use for them. */
export type Person = Readonly<Record<string, string>>

/** What one request can be about: how it begins, what more there is to say, what is asked for. */
export interface Theme {
  readonly situations: readonly string[]
  readonly details: readonly string[]
  readonly asks: readonly string[]
  /** Whom it can be about, when that is not everybody. */
  readonly people?: readonly Person[]
}

/**
 * How requests are worded in one language. In every sentence `{day}` is a word of that slot, `{soon|today}` one
 * of these, and `{who}` and whatever else the person brings is about that person.
 */
export interface Language {
  readonly people: readonly Person[]
  readonly slots: Readonly<Record<string, readonly string[]>>
  /** Whole requests of one line. */
  readonly lines: readonly string[]
  readonly openings: readonly string[]
  readonly themes: readonly Theme[]
  /** Sentences that fit every theme. */
  readonly reflections: readonly string[]
  readonly closings: readonly string[]
  /** What leads over from one theme to the next. */
  readonly turns: readonly string[]
  /** How it goes on. */
  readonly news: readonly string[]
  /** How it was answered. */
  readonly testimonies: readonly string[]
  /** What stands above a list of what to pray for. */
  readonly listHead: string
  /** What stands between two sentences. */
  readonly blank: string
  /** How long a text is that says as much as an English one of length 1. */
  readonly density: number
}

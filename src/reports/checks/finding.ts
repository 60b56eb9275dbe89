/** What one look at something came to: all well, worth watching, or wrong now. */
export interface Finding {
  readonly check: string
  readonly state: 'well' | 'watch' | 'wrong'
  readonly what: string
  /** What to do about it. */
  readonly remedy?: string
}

export const well = (check: string, what: string): Finding => ({ check, state: 'well', what })

export const watch = (check: string, what: string, remedy: string): Finding => ({
  check,
  state: 'watch',
  what,
  remedy,
})

export const wrong = (check: string, what: string, remedy: string): Finding => ({
  check,
  state: 'wrong',
  what,
  remedy,
})

/** What was found, or that all is well. */
export const orWell = (found: readonly Finding[], check: string, what: string): readonly Finding[] =>
  found.length > 0 ? found : [well(check, what)]

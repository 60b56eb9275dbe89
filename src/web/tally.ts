/** How often something may be done, in so many milliseconds. */
export interface Allowance {
  readonly most: number
  readonly within: number
}

export interface Tally {
  /** For how many milliseconds whoever this is has to wait; 0 when they need not. */
  wait(who: string, now: number): number
  /** Counts once more, or takes a count back. */
  count(who: string, now: number, by?: 1 | -1): void
  /** How many are kept. */
  size(): number
}

/**
 * Counts in memory how often each did something since they began. It remembers so many at most: then it forgets whoever
 * began first, so nobody can fill the memory by coming from everywhere.
 */
export function tally({ most, within }: Allowance, places = 20_000): Tally {
  // In the order in which they began: the first are those that end first.
  const begun = new Map<string, { readonly until: number; times: number }>()

  function known(who: string, now: number) {
    const found = begun.get(who)
    if (found && found.until > now) return found
    begun.delete(who)
    return undefined
  }

  function begin(who: string, now: number) {
    for (const [first, { until }] of begun) {
      if (until > now && begun.size < places) break
      begun.delete(first)
    }
    begun.set(who, { until: now + within, times: 1 })
  }

  return {
    wait(who, now) {
      const found = known(who, now)
      return found && found.times >= most ? found.until - now : 0
    },
    count(who, now, by = 1) {
      const found = known(who, now)
      if (found) found.times = Math.max(0, found.times + by)
      else if (by > 0) begin(who, now)
    },
    size: () => begun.size,
  }
}

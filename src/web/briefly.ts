import type { Source } from '../kernel/stamp.ts'

/** What is kept in memory for a while, and nowhere else. */
export interface Briefly<Thing> {
  /** In place of what stood there. */
  keep(name: string, thing: Thing): void
  get(name: string): Thing | undefined
  drop(name: string): void
}

/** Each for so many milliseconds, at most so many: whoever makes more drives out the oldest, and never fills the memory. */
export function briefly<Thing>(source: Source, lasts: number, most = 10_000): Briefly<Thing> {
  const kept = new Map<string, { readonly thing: Thing; readonly until: number }>()

  function forgetOld() {
    for (const [name, { until }] of kept) {
      if (until > source.now() && kept.size <= most) return
      kept.delete(name)
    }
  }

  return {
    keep(name, thing) {
      // Put anew, it is the last again: the map stays in the order of time.
      kept.delete(name)
      kept.set(name, { thing, until: source.now() + lasts })
      forgetOld()
    },
    get(name) {
      const found = kept.get(name)
      return found && found.until > source.now() ? found.thing : undefined
    },
    drop: (name) => void kept.delete(name),
  }
}

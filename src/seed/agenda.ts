/** What is going to happen in a made-up community, soonest first; of what happens at once, what was planned first. */
export interface Agenda {
  plan(moment: number, step: Step): void
  next(): Planned | undefined
}

/** Does what is due, and may plan more. */
export type Step = (moment: number) => Promise<void> | void

export interface Planned {
  readonly moment: number
  readonly step: Step
  /** How many were planned before. */
  readonly order: number
}

/** A binary heap: of millions of steps only those lie in memory that are planned and not yet due. */
export function newAgenda(): Agenda {
  const heap: Planned[] = []
  let planned = 0

  return {
    plan(moment, step) {
      const entry: Planned = { moment, step, order: planned++ }
      let place = heap.length
      for (let above = parentOf(place); place > 0; above = parentOf(place)) {
        const parent = heap[above]
        if (!parent || isSooner(parent, entry)) break
        heap[place] = parent
        place = above
      }
      heap[place] = entry
    },
    next() {
      const [first] = heap
      const last = heap.pop()
      if (first && last && first !== last) sink(heap, last)
      return first
    },
  }
}

const parentOf = (place: number) => (place - 1) >> 1

const isSooner = (one: Planned, other: Planned) =>
  one.moment < other.moment || (one.moment === other.moment && one.order < other.order)

/** Puts an entry at the top, and lets it down to where it belongs. */
function sink(heap: Planned[], entry: Planned) {
  let place = 0
  for (;;) {
    let below = 2 * place + 1
    let child = heap[below]
    const other = heap[below + 1]
    if (child && other && isSooner(other, child)) {
      below++
      child = other
    }
    if (!child || isSooner(entry, child)) break
    heap[place] = child
    place = below
  }
  heap[place] = entry
}

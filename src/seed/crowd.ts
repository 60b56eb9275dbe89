import type { Chance } from './chance.ts'

/** The members as they came, one after the other, some of whom pray and ask far more than others. */
export interface Crowd {
  /** How many have joined by then: the first so many. */
  presentAt(moment: number): number
  /** One of those, by their place. */
  someoneAt(moment: number): number
}

/** `joins` holds the moment each of them joined, in order. */
export function crowdOf(chance: Chance, joins: readonly number[]): Crowd {
  const sums: number[] = []
  let sum = 0
  for (const _ of joins) {
    sum += 1 / (1 + chance.below(joins.length)) ** 1.1
    sums.push(sum)
  }
  const presentAt = (moment: number) => countUpTo(joins, moment)
  return {
    presentAt,
    someoneAt(moment) {
      const present = presentAt(moment)
      const all = sums[present - 1] ?? 0
      return Math.min(countUpTo(sums, chance.fraction() * all), present - 1)
    },
  }
}

/** How many of these numbers, which only grow, are not above the limit. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((numbers[middle] ?? 0) <= limit) from = middle + 1
    else to = middle
  }
  return from
}

/** What each of several runs came to, round after round. */
export interface Rounds<Name extends string> {
  median(name: Name): number
  /** The median of one to another, each pair from the same round. */
  ratio(name: Name, to: Name): number
}

/**
 * Runs each in turn, A B C A B C, so that whatever else the machine does meets all of them alike. The first round only
 * warms up and does not count.
 */
export async function inTurn<Name extends string>(
  count: number,
  runs: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Rounds<Name>> {
  const rounds: Record<Name, number>[] = []
  for (let round = 0; round <= count; round++) rounds.push(await oneRound(runs))
  const counted = rounds.slice(1)
  return {
    median: (name) => medianOf(counted.map((round) => round[name])),
    ratio: (name, to) => medianOf(counted.map((round) => round[name] / round[to])),
  }
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const [below = Number.NaN, above = Number.NaN] = sorted.slice(middle - 1 + (sorted.length % 2))
  return sorted.length % 2 === 1 ? below : (below + above) / 2
}

async function oneRound<Name extends string>(runs: Readonly<Record<Name, () => Promise<number>>>) {
  const round: Partial<Record<Name, number>> = {}
  for (const name in runs) round[name] = await runs[name]()
  return round as Record<Name, number> // Every name has just been run.
}

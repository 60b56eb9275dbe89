import type { Wording } from '../kernel/wording.ts'

/** How many records there are of each kind and version, by `prayer.posted/1`. */
export type KindCounts = ReadonlyMap<string, number>

/** Counts records while somebody reads them anyway. Making no name for each costs half as much. */
export function kindCounter(): { note(record: Wording): void; counts(): KindCounts } {
  const versions = new Map<string, number[]>()
  return {
    note({ kind, version }) {
      const counts = versions.get(kind) ?? []
      if (counts.length === 0) versions.set(kind, counts)
      counts[version] = (counts[version] ?? 0) + 1
    },
    counts: () =>
      new Map(
        [...versions].flatMap(([kind, counts]) =>
          counts.flatMap((count, version): [string, number][] => [[`${kind}/${version}`, count]]),
        ),
      ),
  }
}

/** Both together. */
export function sumOfCounts(one: KindCounts, other: KindCounts): KindCounts {
  const sum = new Map(one)
  for (const [kind, count] of other) sum.set(kind, (sum.get(kind) ?? 0) + count)
  return sum
}

import type { KindCounts } from '../archive/kinds.ts'
import type { Kind } from '../kernel/event.ts'

/** How many records of a kind the archive holds. */
export interface KindRecords {
  readonly kind: string
  readonly records: number
}

/** Records of this kind, of every version that this code reads. */
export function recordsOf(counts: KindCounts, { name, version }: Kind): number {
  const versions = Array.from({ length: version }, (_, index) => `${name}/${index + 1}`)
  return versions.reduce((sum, one) => sum + (counts.get(one) ?? 0), 0)
}

/** Kinds, or versions of kinds, that this code does not know, by `name/version`. */
export function unknownKinds(counts: KindCounts, kinds: readonly Kind[]): KindRecords[] {
  const versions = new Map(kinds.map(({ name, version }) => [name, version]))
  return [...counts].flatMap(([kind, records]) => {
    const [name = '', version] = kind.split('/')
    return Number(version) <= (versions.get(name) ?? 0) ? [] : [{ kind, records }]
  })
}

import type { DifferenceLine } from './pages.ts'

/** More lines than this on either side are shown as all gone and all new: nobody reads them line by line. */
const most = 2000

/** What became of these lines: the longest common run of them stays. */
export function differenceOf(before: readonly string[], after: readonly string[]): DifferenceLine[] {
  if (before.length > most || after.length > most) return [...gone(before), ...fresh(after)]
  const common = commonLengths(before, after)
  const lines: DifferenceLine[] = []
  let [from, to] = [0, 0]
  while (from < before.length && to < after.length) {
    const [old = '', now = ''] = [before[from], after[to]]
    if (old === now) {
      lines.push({ is: 'same', text: now })
      from++
      to++
    } else if ((common[from + 1]?.[to] ?? 0) >= (common[from]?.[to + 1] ?? 0)) {
      lines.push({ is: 'gone', text: old })
      from++
    } else {
      lines.push({ is: 'new', text: now })
      to++
    }
  }
  return [...lines, ...gone(before.slice(from)), ...fresh(after.slice(to))]
}

const gone = (lines: readonly string[]) => lines.map((text) => ({ is: 'gone' as const, text }))
const fresh = (lines: readonly string[]) => lines.map((text) => ({ is: 'new' as const, text }))

/** How many lines the two have in common, in order, behind each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  for (let from = before.length - 1; from >= 0; from--) {
    const [row, below] = [lengths[from], lengths[from + 1]]
    if (!row || !below) break
    for (let to = after.length - 1; to >= 0; to--)
      row[to] =
        before[from] === after[to] ? (below[to + 1] ?? 0) + 1 : Math.max(below[to] ?? 0, row[to + 1] ?? 0)
  }
  return lengths
}

/** How one record of a month stands, beside how it stood. */
export interface Difference {
  /** 0 for what stands above the first record. */
  readonly record: number
  /** Where it begins in the file as it stands, from 1; where it would be, when it is gone. */
  readonly line: number
  /** Each begins with " " (as it was), "-" (was there) or "+" (is there now). */
  readonly lines: readonly string[]
}

/**
 * The records that are not the same in two texts of one month, in the order of the second, then those that are gone. Behind
 * the first `most` they are only counted: their lines are left out.
 */
export function differencesBetween(
  before: string,
  now: string,
  most = Number.POSITIVE_INFINITY,
): Difference[] {
  const was = new Map(recordsIn(before).map((one) => [one.record, one]))
  const differences: Difference[] = []
  const lines = (was: string, is: string) =>
    differences.length < most ? compared(linesOf(was), linesOf(is)) : []
  let last = 1
  for (const { record, line, text } of recordsIn(now)) {
    const old = was.get(record)
    was.delete(record)
    last = line
    if (old?.text !== text) differences.push({ record, line, lines: lines(old?.text ?? '', text) })
  }
  for (const { record, text } of was.values())
    differences.push({ record, line: last, lines: lines(text, '') })
  return differences
}

/** What stands between two blank lines: nothing else in a month is a record's end. */
function recordsIn(text: string) {
  const found: { record: number; line: number; text: string }[] = []
  let line = 1
  for (const part of text.split(/(?<=\n\n)/)) {
    const record = Number(/^@(\d{1,15})\D/.exec(part)?.[1] ?? 0)
    found.push({ record, line, text: part })
    line += linesOf(part).length
  }
  return found
}

function linesOf(text: string) {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** So many unchanged lines stand around those that are not. */
const context = 2

/** At most so many pairs of lines are compared; longer texts are shown whole, one behind the other. */
const mostPairs = 1_000_000

function compared(was: readonly string[], is: readonly string[]): string[] {
  let top = 0
  while (top < was.length && top < is.length && was[top] === is[top]) top++
  let end = 0
  while (end < was.length - top && end < is.length - top && was.at(-1 - end) === is.at(-1 - end)) end++
  const middle = changes(was.slice(top, was.length - end), is.slice(top, is.length - end))
  const above = is.slice(Math.max(0, top - context), top)
  const below = is.slice(is.length - end, is.length - end + context)
  const same = (line: string) => ` ${line}`
  return [...above.map(same), ...middle, ...below.map(same)]
}

/** The fewest lines that have to go and come: the longest run of lines that both have stays. */
function changes(was: readonly string[], is: readonly string[]): string[] {
  if (was.length * is.length > mostPairs)
    return [...was.map((line) => `-${line}`), ...is.map((line) => `+${line}`)]
  const stay = longestRuns(was, is)
  const lines: string[] = []
  let [a, b] = [0, 0]
  while (a < was.length || b < is.length) {
    if (a < was.length && b < is.length && was[a] === is[b]) {
      lines.push(` ${was[a++]}`)
      b++
    } else if (b >= is.length || (a < was.length && at(stay, a + 1, b) >= at(stay, a, b + 1)))
      lines.push(`-${was[a++]}`)
    else lines.push(`+${is[b++]}`)
  }
  return lines
}

/** For every pair of places: how many lines both texts still have in common from there on. */
function longestRuns(was: readonly string[], is: readonly string[]): number[][] {
  const stay = Array.from({ length: was.length + 1 }, () => new Array<number>(is.length + 1).fill(0))
  for (let a = was.length - 1; a >= 0; a--)
    for (let b = is.length - 1; b >= 0; b--) {
      const row = stay[a]
      if (row)
        row[b] =
          was[a] === is[b] ? at(stay, a + 1, b + 1) + 1 : Math.max(at(stay, a + 1, b), at(stay, a, b + 1))
    }
  return stay
}

const at = (rows: readonly (readonly number[])[], a: number, b: number) => rows[a]?.[b] ?? 0

import { getTableColumns, getTableName } from 'drizzle-orm'
import type { Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'
import { type CacheWriter, cacheWriter } from './writer.ts'

/**
 * The writer of a rebuild, for a cache that nobody else sees and that has no indexes yet: what projectors ask of an
 * index is kept in memory, so that the indexes can be made at once at the end. Otherwise the same as `cacheWriter`.
 * A table that is asked with `has` changes by `add` and `drop` only.
 */
export function bulkWriter(cache: Reading): CacheWriter {
  const writer = cacheWriter(cache)
  const known = new Map<Table, Presence>()
  const refuseKnown = (table: Table) => {
    if (known.has(table)) throw new Error(`${getTableName(table)} is asked with has: use add and drop`)
  }
  return {
    ...writer,
    add(table, row) {
      const isNew = writer.add(table, row)
      if (isNew) known.get(table)?.change(row, 1)
      return isNew
    },
    put(table, row) {
      refuseKnown(table)
      writer.put(table, row)
    },
    patch(table, key, changes) {
      refuseKnown(table)
      writer.patch(table, key, changes)
    },
    drop(table, key) {
      known.get(table)?.leave(key)
      return writer.drop(table, key)
    },
    has(table, values) {
      const presence = known.get(table) ?? presenceOf(cache, table, Object.keys(values))
      known.set(table, presence)
      return presence.has(values)
    },
  }
}

type Row = Readonly<Record<string, unknown>>

/** How many rows of a table have the same values in some of its columns. */
interface Presence {
  has(values: Row): boolean
  change(row: Row, by: 1 | -1): void
  /** The row with this primary key, if there is one, is about to go. */
  leave(key: string | number): void
}

/** A count for each combination, in maps of small numbers: a million strings would cost a hundred megabytes. */
function presenceOf({ sqlite }: Reading, table: Table, names: readonly string[]): Presence {
  const columns: Record<string, { name: string; primary: boolean }> = getTableColumns(table)
  const key = Object.values(columns).find(({ primary }) => primary)
  const listed = names.map((name) => `"${columns[name]?.name}" as "${name}"`).join(', ')
  const rowWith = sqlite.prepare(`select ${listed} from "${getTableName(table)}" where "${key?.name}" = ?`)
  const numbers = new Map<unknown, number>()
  const counts = new Map<number, Map<number, number>>()
  const numberOf = (value: unknown) => {
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, numbers.size)
    return numbers.size - 1
  }
  /** A projector asks about the row that it adds next, so the last answer is often the next one, too. */
  const remembering = () => {
    let value: unknown
    let number = -1
    return (asked: unknown) => {
      if (number < 0 || asked !== value) {
        value = asked
        number = numberOf(asked)
      }
      return number
    }
  }
  const [firstNumber, secondNumber] = [remembering(), remembering()]
  const [firstName = '', ...others] = names
  const secondOf = (row: Row) =>
    secondNumber(others.length === 1 ? row[others[0] ?? ''] : others.map((name) => row[name]).join())

  const change: Presence['change'] = (row, by) => {
    const first = firstNumber(row[firstName])
    const second = secondOf(row)
    const inner = counts.get(first) ?? new Map<number, number>()
    counts.set(first, inner)
    inner.set(second, (inner.get(second) ?? 0) + by)
  }
  for (const row of sqlite.prepare(`select ${listed} from "${getTableName(table)}"`).iterate())
    change(row as Row, 1)
  return {
    change,
    has: (row) => (counts.get(firstNumber(row[firstName]))?.get(secondOf(row)) ?? 0) > 0,
    leave(value) {
      const row = rowWith.get(value)
      if (row) change(row as Row, -1)
    },
  }
}

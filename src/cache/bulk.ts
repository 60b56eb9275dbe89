import { getTableColumns, getTableName } from 'drizzle-orm'
import type { Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'
import { type CacheWriter, cacheWriter } from './writer.ts'

/**
 * The writer of a rebuild, for a cache that nobody else sees and that has no indexes yet: what projectors ask of an
 * index is kept in memory, so that the indexes can be made at once at the end. Otherwise the same as `cacheWriter`.
 * A table that is asked with `has` is asked by the same columns each time, and changes by `add` and `drop` only.
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
      if (!known.has(table)) known.set(table, presence)
      if (!presence.fits(values))
        throw new Error(`${getTableName(table)} is asked with has by other columns, too`)
      return presence.has(values)
    },
    /** What comes after (the indexes, the comparison) takes memory of its own; who asks again is counted again. */
    settle() {
      writer.settle()
      for (const presence of known.values()) presence.release()
      known.clear()
    },
  }
}

type Row = Readonly<Record<string, unknown>>

/** How many rows of a table have the same values in some of its columns. */
interface Presence {
  /** Whether these are the columns that are counted by. */
  fits(values: Row): boolean
  has(values: Row): boolean
  change(row: Row, by: 1 | -1): void
  /** The row with this primary key, if there is one, is about to go. */
  leave(key: string | number): void
  /** Gives its memory back; it is not asked again. */
  release(): void
}

/** A count for each combination, of small numbers: a million strings would cost a hundred megabytes. */
function presenceOf({ sqlite }: Reading, table: Table, names: readonly string[]): Presence {
  const columns: Record<string, { name: string; primary: boolean }> = getTableColumns(table)
  const key = Object.values(columns).find(({ primary }) => primary)
  const listed = names.map((name) => `"${columns[name]?.name}" as "${name}"`).join(', ')
  const rowWith = sqlite.prepare(`select ${listed} from "${getTableName(table)}" where "${key?.name}" = ?`)
  const numbers = new Map<unknown, number>()
  const counts = pairCounts()
  const numberOf = (value: unknown) => {
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, numbers.size)
    return numbers.size - 1
  }
  const [firstName = '', ...others] = names
  const [secondName = ''] = others
  const secondOf = (row: Row) =>
    numberOf(others.length === 1 ? row[secondName] : others.map((name) => row[name]).join())
  const change: Presence['change'] = (row, by) => counts.add(numberOf(row[firstName]), secondOf(row), by)
  for (const row of sqlite.prepare(`select ${listed} from "${getTableName(table)}"`).iterate())
    change(row as Row, 1)
  return {
    change,
    fits: (values) => Object.keys(values).length === names.length && names.every((name) => name in values),
    has: (row) => counts.at(numberOf(row[firstName]), secondOf(row)) > 0,
    leave(value) {
      const row = rowWith.get(value)
      if (row) change(row as Row, -1)
    },
    release: counts.release,
  }
}

/** Tens of megabytes would wait for the next collection, and the heap is too small to make one likely. */
const giveBack = ({ buffer }: Uint32Array<ArrayBuffer>) => void buffer.transfer(0)

/**
 * How often each pair of small numbers was counted: an open-addressing table of 12 bytes a pair. Maps in a map took a
 * tenth of a whole rebuild longer.
 */
function pairCounts() {
  const width = 3 // first + 1, so that 0 is nobody; second; count
  let used = 0
  let table = new Uint32Array(width << 16)

  const slotIn = (cells: Uint32Array, first: number, second: number) => {
    const mask = cells.length / width - 1
    const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
    for (let at = (mixed ^ (mixed >>> 15)) & mask; ; at = (at + 1) & mask) {
      const slot = width * at
      const owner = cells[slot]
      if (owner === 0 || (owner === first + 1 && cells[slot + 1] === second)) return slot
    }
  }
  const grow = () => {
    const cells = new Uint32Array(2 * table.length)
    for (let slot = 0; slot < table.length; slot += width) {
      const [first = 0, second = 0] = table.subarray(slot, slot + 2)
      if (first > 0) cells.set(table.subarray(slot, slot + width), slotIn(cells, first - 1, second))
    }
    giveBack(table)
    table = cells
  }
  return {
    release: () => giveBack(table),
    at: (first: number, second: number) => table[slotIn(table, first, second) + 2] ?? 0,
    add(first: number, second: number, by: number) {
      if (4 * width * used >= 3 * table.length) grow()
      const slot = slotIn(table, first, second)
      if (table[slot] === 0) used++
      table[slot] = first + 1
      table[slot + 1] = second
      table[slot + 2] = (table[slot + 2] ?? 0) + by
    },
  }
}

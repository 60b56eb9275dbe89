import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Reading } from '../../src/cache/reading.ts'
import { createIndexes, createTables, rowsOf } from '../../src/cache/schema.ts'
import type { Table } from '../../src/kernel/event.ts'

/** A cache in memory with all tables and no rows. */
export function emptyCache(indexes: 'with indexes' | 'without indexes' = 'with indexes'): Reading {
  const sqlite = new Database(':memory:')
  const cache = { sqlite, db: drizzle({ client: sqlite }) }
  createTables(cache)
  if (indexes === 'with indexes') createIndexes(cache)
  return cache
}

/** Every row of these tables, by table. */
export const allRows = (cache: Reading, tables: readonly Table[]) =>
  tables.map((table) => [...rowsOf(cache, table)])

/** How many people are here. */
export const countMembers = ({ sqlite }: Reading) =>
  sqlite.prepare<[], number>("select count(*) from members where standing = 'here'").pluck().get()

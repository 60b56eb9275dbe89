import type Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { quicken } from './quicken.ts'

/** A connection to the cache, as queries see it. */
export interface Reading {
  readonly db: BetterSQLite3Database
  readonly sqlite: Database.Database
}

/**
 * A query that is prepared once for each connection: an unprepared one costs ten times as much.
 * `const byId = prepared((db) => db.select().from(prayers).where(eq(prayers.id, given('id'))).prepare())`,
 * then `byId(cache).get({ id })`.
 */
export function prepared<Query>(build: (db: BetterSQLite3Database) => Query): (cache: Reading) => Query {
  const queries = new WeakMap<Reading, Query>()
  return (cache) => {
    const known = queries.get(cache)
    if (known !== undefined) return known
    const query = quicken(cache.sqlite, build(cache.db))
    queries.set(cache, query)
    return query
  }
}

/*
 * Where the value of a parameter could sway its plan (in a join, beside max(), in `limit ?`) SQLite plans a statement
 * anew for each value: 4 to 20 µs a run. So a value wears a plus, which changes nothing else, and a limit is text.
 */

/** What a prepared query is given when it runs. */
export const given = (name: string) => sql`+${sql.placeholder(name)}`

/** For `limit()`. drizzle prints any expression there, though its type speaks of numbers and placeholders only. */
export const atMost = (rows: number) => sql.raw(String(rows)) as unknown as number

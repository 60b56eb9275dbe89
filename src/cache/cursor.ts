import { eq, getTableColumns } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { prepared, type Reading } from './reading.ts'
import type { CacheWriter } from './writer.ts'

/**
 * How far the archive has been projected: one row, moved in the same transaction as the rows it speaks for. The only
 * table without a kind of event, because it is not about the community but about this file.
 */
export const cursors = sqliteTable('cursors', {
  id: integer().primaryKey(),
  archive: text().notNull(),
  sequence: integer().notNull(),
  hash: text().notNull(),
  time: text().notNull(),
  month: text().notNull(),
  /** A hint: an erasure moves the bytes behind it. */
  offset: integer().notNull(),
  /** How many erasures had been carried out when this cache was built: none of their words ever came into it. */
  erasures: integer().notNull(),
  /** The last record that accepted an edit when this cache was built: the edited records came into it as they stand. */
  accepted: integer().notNull(),
  builtAt: text().notNull(),
  buildMilliseconds: integer().notNull(),
})

export type Cursor = Omit<typeof cursors.$inferSelect, 'id'>

const { id: _, ...columns } = getTableColumns(cursors)

const current = prepared((db) => db.select(columns).from(cursors).where(eq(cursors.id, 1)).prepare())

/** `undefined` in a cache that has seen nothing. */
export const cursorOf = (cache: Reading): Cursor | undefined => current(cache).get()

/** Inside the transaction of the rows it speaks for. */
export const moveCursor = (writer: CacheWriter, cursor: Cursor): void =>
  writer.put(cursors, { id: 1, ...cursor })

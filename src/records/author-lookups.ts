import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, sealed } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** When a moderator looked who asked without their name: whoever asked is told. */
export const authorLookups = sqliteTable(
  'author_lookups',
  {
    sequence: integer().primaryKey(),
    prayer: text().notNull(),
    by: text().notNull(),
    at: text().notNull(),
    /** Sealed, bound to `author.shown`, `reason` and the request. Null when it was erased. */
    reason: text(),
  },
  (table) => [index('author_lookups_prayer').on(table.prayer)],
)

export const authorShown = defineEvent({
  name: 'author.shown',
  version: 1,
  values: { prayer: id('prayer') },
  blocks: { reason: sealed() },
  tables: [authorLookups, audit],
  project: (cache, event) => {
    const { sequence, prayer, by, at } = event
    cache.put(authorLookups, { sequence, prayer, by, at, reason: event.reason ?? null })
    audited(cache, event, null, prayer)
  },
})

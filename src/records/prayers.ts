import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, oneOf, prose } from '../kernel/fields.ts'
import { keys, rememberKey } from './keys.ts'

/** Who may see a request. */
export const audiences = ['everyone'] as const

export const prayers = sqliteTable(
  'prayers',
  {
    id: text().primaryKey(),
    /** The place of its record in the archive: newest first is by this. */
    sequence: integer().notNull(),
    author: text().notNull(),
    postedAt: text().notNull(),
    sees: text({ enum: audiences }).notNull(),
    forWhom: text(),
    /** Null when the words were erased. */
    request: text(),
  },
  (table) => [uniqueIndex('prayers_sequence').on(table.sequence), index('prayers_author').on(table.author)],
)

export const prayerPosted = defineEvent({
  name: 'prayer.posted',
  version: 1,
  values: { prayer: id('prayer'), sees: oneOf(audiences) },
  blocks: { forWhom: prose().optional(), request: prose() },
  tables: [prayers, keys],
  project: (cache, event) => {
    cache.put(prayers, {
      id: event.prayer,
      sequence: event.sequence,
      author: event.by,
      postedAt: event.at,
      sees: event.sees,
      forWhom: event.forWhom ?? null,
      request: event.request ?? null,
    })
    rememberKey(cache, event, event.prayer)
  },
})

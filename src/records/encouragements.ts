import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, prose } from '../kernel/fields.ts'
import { keys, rememberKey } from './keys.ts'

/** One of a few set phrases, from somebody who reads a request to whoever asked. */
export const encouragements = sqliteTable(
  'encouragements',
  {
    sequence: integer().primaryKey(),
    prayer: text().notNull(),
    by: text().notNull(),
    at: text().notNull(),
    /** As the community worded it then. Null when it was erased. */
    phrase: text(),
  },
  (table) => [index('encouragements_prayer').on(table.prayer, table.by)],
)

export const encouragementSent = defineEvent({
  name: 'encouragement.sent',
  version: 1,
  values: { prayer: id('prayer') },
  blocks: { phrase: prose() },
  tables: [encouragements, keys],
  project: (cache, event) => {
    const { sequence, prayer, by, at } = event
    cache.put(encouragements, { sequence, prayer, by, at, phrase: event.phrase ?? null })
    rememberKey(cache, event, prayer)
  },
})

import { integer as integerColumn, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { integer, word } from '../kernel/fields.ts'

/** How often strangers were refused, an hour a row: a record for each would let them fill the disk. */
export const refusedStrangers = sqliteTable('refused_strangers', {
  sequence: integerColumn().primaryKey(),
  at: text().notNull(),
  what: text().notNull(),
  times: integerColumn().notNull(),
})

export const strangersRefused = defineEvent({
  name: 'strangers.refused',
  version: 1,
  values: { what: word(), times: integer() },
  tables: [refusedStrangers],
  project: (cache, { sequence, at, what, times }) => {
    cache.put(refusedStrangers, { sequence, at, what, times })
  },
})

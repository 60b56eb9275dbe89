import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, prose } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** What an admin has written beside a name: "Supporter since 2019". */
export const labels = sqliteTable(
  'labels',
  {
    id: text().primaryKey(),
    member: text().notNull(),
    /** Null when it was erased. */
    words: text(),
    symbol: text(),
    givenAt: text().notNull(),
  },
  (table) => [index('labels_member').on(table.member)],
)

export const labelGiven = defineEvent({
  name: 'label.given',
  version: 1,
  values: { label: id('label'), member: id('member') },
  blocks: { words: prose(), symbol: prose().optional() },
  tables: [labels, audit],
  project: (cache, event) => {
    cache.put(labels, {
      id: event.label,
      member: event.member,
      words: event.words ?? null,
      symbol: event.symbol ?? null,
      givenAt: event.at,
    })
    audited(cache, event, event.member)
  },
})

export const labelTaken = defineEvent({
  name: 'label.taken',
  version: 1,
  values: { label: id('label'), member: id('member') },
  tables: [labels, audit],
  project: (cache, event) => {
    cache.drop(labels, event.label)
    audited(cache, event, event.member)
  },
})

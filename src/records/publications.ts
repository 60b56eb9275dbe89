import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { flag, id } from '../kernel/fields.ts'

/** Pages on the open internet: each of one request, by its author's own choice. */
export const publications = sqliteTable(
  'publications',
  {
    id: text().primaryKey(),
    prayer: text().notNull(),
    /** Whether the names stand there, too. */
    isNamed: integer({ mode: 'boolean' }).notNull(),
    at: text().notNull(),
    /** Gone since then, and for good. */
    endedAt: text(),
  },
  (table) => [index('publications_prayer').on(table.prayer)],
)

export const prayerPublished = defineEvent({
  name: 'prayer.published',
  version: 1,
  values: { prayer: id('prayer'), publication: id('publication'), named: flag() },
  tables: [publications],
  project: (cache, { prayer, publication, named, at }) =>
    cache.put(publications, { id: publication, prayer, isNamed: named, at, endedAt: null }),
})

export const publicationEnded = defineEvent({
  name: 'publication.ended',
  version: 1,
  critical: true,
  values: { publication: id('publication') },
  tables: [publications],
  project: (cache, { publication, at }) => cache.patch(publications, publication, { endedAt: at }),
})

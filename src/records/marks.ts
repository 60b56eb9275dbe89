import { index, integer as integerColumn, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, integer } from '../kernel/fields.ts'
import { keys, rememberKey } from './keys.ts'

/** "I prayed", once for each time. A mark has no id of its own: its record's sequence names it. */
export const marks = sqliteTable(
  'marks',
  {
    sequence: integerColumn().primaryKey(),
    prayer: text().notNull(),
    member: text().notNull(),
    /** When they prayed. */
    at: text().notNull(),
    /** When they told us. */
    writtenAt: text().notNull(),
  },
  (table) => [
    index('marks_prayer_member').on(table.prayer, table.member),
    // Newest first is by the primary key, which SQLite keeps at the end of every index.
    index('marks_member').on(table.member),
  ],
)

/** How many people prayed for a request, and how often: one row a request. */
export const prayerCounts = sqliteTable(
  'prayer_counts',
  {
    prayer: text().primaryKey(),
    /** Of the request: who asked first waited longest. */
    sequence: integerColumn().notNull(),
    people: integerColumn().notNull(),
    times: integerColumn().notNull(),
    /** The newest mark; 0 while there is none. */
    last: integerColumn().notNull(),
    /** 1 while it is open to the prayer of others. */
    waits: integerColumn().notNull(),
  },
  (table) => [index('prayer_counts_waiting').on(table.waits, table.last, table.sequence)],
)

export const prayerMarked = defineEvent({
  name: 'prayer.marked',
  version: 1,
  values: { prayer: id('prayer') },
  tables: [marks, prayerCounts, keys],
  project: (cache, event) => {
    const { prayer, sequence } = event
    const isFirst = !cache.has(marks, { prayer, member: event.by })
    const isNew = cache.add(marks, {
      sequence,
      prayer,
      member: event.by,
      at: event.at,
      writtenAt: event.writtenAt,
    })
    const changes = { people: Number(isNew && isFirst), times: Number(isNew) }
    cache.tally(prayerCounts, prayer, changes, { last: sequence })
    rememberKey(cache, event, prayer)
  },
})

export const prayerUnmarked = defineEvent({
  name: 'prayer.unmarked',
  version: 2,
  values: {
    prayer: id('prayer'),
    mark: integer(),
    /** The newest mark that is left: said here, since no projector could look for it among a million. */
    last: integer().optional(),
  },
  // A record of before does not say it: its request then stands with those that have waited longest.
  lift: { 1: (wording) => wording },
  tables: [marks, prayerCounts],
  project: (cache, { prayer, mark, by, last }) => {
    if (!cache.drop(marks, mark)) return
    const isLast = !cache.has(marks, { prayer, member: by })
    cache.tally(prayerCounts, prayer, { people: isLast ? -1 : 0, times: -1 }, { last: last ?? 0 })
  },
})

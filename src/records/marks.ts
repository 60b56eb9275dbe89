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
  (table) => [index('marks_prayer_member').on(table.prayer, table.member)],
)

/** How many people prayed for a request, and how often. */
export const prayerCounts = sqliteTable('prayer_counts', {
  prayer: text().primaryKey(),
  people: integerColumn().notNull(),
  times: integerColumn().notNull(),
})

export const prayerMarked = defineEvent({
  name: 'prayer.marked',
  version: 1,
  values: { prayer: id('prayer') },
  tables: [marks, prayerCounts, keys],
  project: (cache, event) => {
    const isFirst = !cache.has(marks, { prayer: event.prayer, member: event.by })
    const isNew = cache.add(marks, {
      sequence: event.sequence,
      prayer: event.prayer,
      member: event.by,
      at: event.at,
      writtenAt: event.writtenAt,
    })
    if (isNew) cache.tally(prayerCounts, event.prayer, { people: isFirst ? 1 : 0, times: 1 })
    rememberKey(cache, event, event.prayer)
  },
})

export const prayerUnmarked = defineEvent({
  name: 'prayer.unmarked',
  version: 1,
  values: { prayer: id('prayer'), mark: integer() },
  tables: [marks, prayerCounts],
  project: (cache, event) => {
    if (!cache.drop(marks, event.mark)) return
    const isLast = !cache.has(marks, { prayer: event.prayer, member: event.by })
    cache.tally(prayerCounts, event.prayer, { people: isLast ? -1 : 0, times: -1 })
  },
})

import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { day, id, oneOf, prose } from '../kernel/fields.ts'
import { keys, rememberKey } from './keys.ts'
import { prayers, topics } from './prayers.ts'

/*
 * What an author wrote after asking. Of a request asked without a name it is written by "someone", and of one that fewer than
 * everyone may see the words are sealed, as the request is.
 */

/** Every change of a request's words: the earlier ones are for its author and for moderators. */
export const prayerChanges = sqliteTable(
  'prayer_changes',
  {
    sequence: integer().primaryKey(),
    prayer: text().notNull(),
    at: text().notNull(),
    /** Bound to `prayer.changed`, the field and the request. Null when there is none, or it was erased. */
    forWhom: text(),
    request: text(),
  },
  (table) => [index('prayer_changes_prayer').on(table.prayer)],
)

/** Says all of it anew: what is left out is left out from now on. */
export const prayerChanged = defineEvent({
  name: 'prayer.changed',
  version: 1,
  values: { prayer: id('prayer'), topic: oneOf(topics).optional(), day: day().optional() },
  blocks: { forWhom: prose().optional(), request: prose() },
  tables: [prayers, prayerChanges],
  project: (cache, event) => {
    const { sequence, prayer, at, topic = 'other', day = null, forWhom = null, request = null } = event
    cache.put(prayerChanges, { sequence, prayer, at, forWhom, request })
    cache.patch(prayers, prayer, {
      topic,
      day,
      changedIn: sequence,
      changedAt: at,
      changedForWhom: forWhom,
      changedRequest: request,
    })
  },
})

/** How it goes on, told by the author: newest first is by sequence. */
export const prayerUpdates = sqliteTable(
  'prayer_updates',
  {
    sequence: integer().primaryKey(),
    prayer: text().notNull(),
    at: text().notNull(),
    /** Bound to `prayer.updated`, `update` and the request. Null when it was erased. */
    update: text(),
  },
  (table) => [index('prayer_updates_prayer').on(table.prayer)],
)

export const prayerUpdated = defineEvent({
  name: 'prayer.updated',
  version: 1,
  values: { prayer: id('prayer') },
  blocks: { update: prose() },
  tables: [prayers, prayerUpdates, keys],
  project: (cache, event) => {
    const { sequence, prayer, at, update = null } = event
    cache.put(prayerUpdates, { sequence, prayer, at, update })
    cache.patch(prayers, prayer, { updatedIn: sequence, updatedAt: at, update })
    rememberKey(cache, event, prayer)
  },
})

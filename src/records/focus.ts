import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, integer as integerField, moment } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** What the whole community is asked to pray for now, in this order. */
export const focus = sqliteTable('focus', {
  prayer: text().primaryKey(),
  place: integer().notNull(),
  /** When it leaves the focus by itself. */
  until: text().notNull(),
  by: text().notNull(),
  at: text().notNull(),
})

/** It has this place from now on, whether it was in the focus or not. */
export const focusPlaced = defineEvent({
  name: 'focus.placed',
  version: 1,
  values: { prayer: id('prayer'), place: integerField(), until: moment() },
  tables: [focus, audit],
  project: (cache, event) => {
    const { prayer, place, until, by, at } = event
    cache.put(focus, { prayer, place, until, by, at })
    audited(cache, event, null, prayer)
  },
})

export const focusEnded = defineEvent({
  name: 'focus.ended',
  version: 1,
  values: { prayer: id('prayer') },
  tables: [focus, audit],
  project: (cache, event) => {
    cache.drop(focus, event.prayer)
    audited(cache, event, null, event.prayer)
  },
})

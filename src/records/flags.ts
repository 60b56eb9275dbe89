import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, integer as integerField, sealed } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'
import { keys, rememberKey } from './keys.ts'

/** Requests that somebody who may see them asked the moderators to look at. */
export const flags = sqliteTable(
  'flags',
  {
    sequence: integer().primaryKey(),
    prayer: text().notNull(),
    by: text().notNull(),
    at: text().notNull(),
    /** Sealed, bound to `prayer.flagged`, `reason` and the request. Null when it was erased. */
    reason: text(),
    settledBy: text(),
    settledAt: text(),
  },
  (table) => [index('flags_prayer').on(table.prayer), index('flags_settled').on(table.settledAt)],
)

export const prayerFlagged = defineEvent({
  name: 'prayer.flagged',
  version: 1,
  values: { prayer: id('prayer') },
  blocks: { reason: sealed() },
  tables: [flags, keys],
  project: (cache, event) => {
    const { sequence, prayer, by, at } = event
    const reason = event.reason ?? null
    cache.put(flags, { sequence, prayer, by, at, reason, settledBy: null, settledAt: null })
    rememberKey(cache, event, prayer)
  },
})

/** A moderator has looked. */
export const flagSettled = defineEvent({
  name: 'flag.settled',
  version: 1,
  values: { flag: integerField() },
  tables: [flags, audit],
  project: (cache, event) => {
    cache.patch(flags, event.flag, { settledBy: event.by, settledAt: event.at })
    audited(cache, event, null)
  },
})

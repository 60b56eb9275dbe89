import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id } from '../kernel/fields.ts'

/** Whoever asked for a call, until a moderator has taken it on: one row a member. */
export const calls = sqliteTable('calls', {
  member: text().primaryKey(),
  sequence: integer().notNull(),
  askedAt: text().notNull(),
  takenBy: text(),
  takenAt: text(),
})

export const callAsked = defineEvent({
  name: 'call.asked',
  version: 1,
  values: {},
  tables: [calls],
  project: (cache, { by, sequence, at }) =>
    cache.put(calls, { member: by, sequence, askedAt: at, takenBy: null, takenAt: null }),
})

export const callTaken = defineEvent({
  name: 'call.taken',
  version: 1,
  values: { member: id('member') },
  tables: [calls],
  project: (cache, { member, by, at }) => cache.patch(calls, member, { takenBy: by, takenAt: at }),
})

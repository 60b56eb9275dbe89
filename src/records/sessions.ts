import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, id, moment } from '../kernel/fields.ts'

/** The sessions that are open; a closed one has no row. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    member: text().notNull(),
    /** SHA-256 of the token in the cookie. */
    token: text().notNull(),
    openedAt: text().notNull(),
    renewedAt: text().notNull(),
    until: text().notNull(),
  },
  (table) => [uniqueIndex('sessions_token').on(table.token), index('sessions_member').on(table.member)],
)

export const sessionOpened = defineEvent({
  name: 'session.opened',
  version: 1,
  values: { session: id('session'), token: hex(32), until: moment() },
  tables: [sessions],
  project: (cache, event) => {
    cache.put(sessions, {
      id: event.session,
      member: event.by,
      token: event.token,
      openedAt: event.at,
      renewedAt: event.at,
      until: event.until,
    })
  },
})

export const sessionRenewed = defineEvent({
  name: 'session.renewed',
  version: 1,
  values: { session: id('session'), until: moment() },
  tables: [sessions],
  project: (cache, event) => {
    cache.patch(sessions, event.session, { renewedAt: event.at, until: event.until })
  },
})

export const sessionClosed = defineEvent({
  name: 'session.closed',
  version: 1,
  critical: true,
  values: { session: id('session') },
  tables: [sessions],
  project: (cache, event) => {
    cache.drop(sessions, event.session)
  },
})

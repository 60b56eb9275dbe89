import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { flag, hex, id, moment, oneOf, prose } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** How somebody came in. */
export const waysIn = ['claim', 'link', 'passkey', 'paper', 'mail', 'device', 'vouched'] as const
export type WayIn = (typeof waysIn)[number]

/** The sessions that are open; a closed one has no row. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    member: text().notNull(),
    /** SHA-256 of the token in the cookie. */
    token: text().notNull(),
    openedAt: text().notNull(),
    /** When its member proved who they are, if that was before it was opened. */
    provedAt: text(),
    renewedAt: text().notNull(),
    until: text().notNull(),
    /** When its token was made: rights that changed since ask for another. */
    tokenAt: text().notNull(),
    /** The token before, for what this browser had sent already when it got the new one. */
    oldToken: text(),
    /** Null in records of before it was said. */
    how: text({ enum: waysIn }),
    /** Ends with the browser, or after twelve hours. */
    isShared: integer({ mode: 'boolean' }).notNull(),
    /** What kind of device it seems to be. Null when nobody knows, or when that was erased. */
    device: text(),
  },
  (table) => [
    uniqueIndex('sessions_token').on(table.token),
    index('sessions_old_token').on(table.oldToken),
    index('sessions_member').on(table.member),
  ],
)

export const sessionOpened = defineEvent({
  name: 'session.opened',
  version: 3,
  values: {
    session: id('session'),
    token: hex(32),
    until: moment(),
    how: oneOf(waysIn).optional(),
    shared: flag().optional(),
    /** When its member proved who they are, if another device of theirs let them in. */
    proved: moment().optional(),
  },
  blocks: { device: prose().optional() },
  lift: { 1: (wording) => wording, 2: (wording) => wording },
  tables: [sessions, audit],
  project: (cache, event) => {
    cache.put(sessions, {
      id: event.session,
      member: event.by,
      token: event.token,
      openedAt: event.at,
      provedAt: event.proved ?? null,
      renewedAt: event.at,
      until: event.until,
      tokenAt: event.at,
      oldToken: null,
      how: event.how ?? null,
      isShared: event.shared ?? false,
      device: event.device ?? null,
    })
    audited(cache, event, event.by, event.how ?? null)
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

/** Another token for the same session, after its member's rights changed; the one before works for a moment more. */
export const sessionRekeyed = defineEvent({
  name: 'session.rekeyed',
  version: 1,
  critical: true,
  values: { session: id('session'), token: hex(32), oldToken: hex(32) },
  tables: [sessions],
  project: (cache, { session, token, oldToken, at }) => {
    cache.patch(sessions, session, { token, oldToken, tokenAt: at })
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

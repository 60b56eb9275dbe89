import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, id, sealed } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'
import { keys, rememberKey } from './keys.ts'

export const applicationStates = ['open', 'approved', 'declined'] as const

/** People who ask to join. Their words are sealed, each bound to its kind, field and the application. */
export const applications = sqliteTable(
  'applications',
  {
    id: text().primaryKey(),
    sequence: integer().notNull(),
    /** The closing hash of the record that it came by: its words are erased by these two. */
    hash: text().notNull(),
    /** SHA-256 of the token in the link to the page that says how it stands. */
    token: text().notNull(),
    /** Null when they were erased, as all of it is 30 days after the decision. */
    name: text(),
    why: text(),
    contact: text(),
    sentAt: text().notNull(),
    state: text({ enum: applicationStates }).notNull(),
    decidedAt: text(),
    decidedBy: text(),
    /** The record that declined it, with its closing hash, and what whoever asked reads there. */
    declinedIn: integer(),
    declinedHash: text(),
    reason: text(),
    /** The invite that came of it. */
    invite: text(),
  },
  (table) => [
    uniqueIndex('applications_token').on(table.token),
    index('applications_state').on(table.state, table.sequence),
  ],
)

export const applicationSent = defineEvent({
  name: 'application.sent',
  version: 1,
  values: { application: id('application'), token: hex(32) },
  blocks: { name: sealed(), why: sealed(), contact: sealed() },
  tables: [applications, keys],
  project: (cache, event) => {
    cache.put(applications, {
      id: event.application,
      sequence: event.sequence,
      hash: event.closing,
      token: event.token,
      name: event.name ?? null,
      why: event.why ?? null,
      contact: event.contact ?? null,
      sentAt: event.at,
      state: 'open',
      decidedAt: null,
      decidedBy: null,
      declinedIn: null,
      declinedHash: null,
      reason: null,
      invite: null,
    })
    rememberKey(cache, event, event.application)
  },
})

export const applicationApproved = defineEvent({
  name: 'application.approved',
  version: 1,
  values: { application: id('application'), invite: id('invite') },
  tables: [applications, audit],
  project: (cache, event) => {
    const { application, invite, at, by } = event
    cache.patch(applications, application, { state: 'approved', decidedAt: at, decidedBy: by, invite })
    audited(cache, event, null)
  },
})

export const applicationDeclined = defineEvent({
  name: 'application.declined',
  version: 1,
  values: { application: id('application') },
  blocks: { reason: sealed().optional() },
  tables: [applications, audit],
  project: (cache, event) => {
    cache.patch(applications, event.application, {
      state: 'declined',
      decidedAt: event.at,
      decidedBy: event.by,
      declinedIn: event.sequence,
      declinedHash: event.closing,
      reason: event.reason ?? null,
    })
    audited(cache, event, null)
  },
})

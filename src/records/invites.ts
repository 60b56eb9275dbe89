import { index, integer as integerColumn, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { roles } from '../kernel/actor.ts'
import { defineEvent } from '../kernel/event.ts'
import { flag, hex, id, integer, moment, oneOf, sealed } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'
import { keys, rememberKey } from './keys.ts'

export const invites = sqliteTable(
  'invites',
  {
    id: text().primaryKey(),
    /** A member's id, or `operator`. */
    issuedBy: text().notNull(),
    issuedAt: text().notNull(),
    /** SHA-256 of the token in the link. */
    token: text().notNull(),
    seats: integerColumn().notNull(),
    until: text().notNull(),
    /** What whoever claims it becomes, besides a member. */
    role: text({ enum: roles }),
    /** The link that a start prints while there is no admin. */
    isFirst: integerColumn({ mode: 'boolean' }).notNull(),
    revokedAt: text(),
    /** An admin has to say yes to whoever comes by it. */
    asksAdmin: integerColumn({ mode: 'boolean' }).notNull(),
    /** The application that it answers. */
    application: text(),
    /** To whoever gets it: sealed, bound to `invite.issued`, `note` and the invite. Null when there is none. */
    note: text(),
  },
  (table) => [
    uniqueIndex('invites_token').on(table.token),
    index('invites_issued_by').on(table.issuedBy, table.issuedAt),
  ],
)

/** Who came by which invite. */
export const claims = sqliteTable(
  'claims',
  {
    member: text().primaryKey(),
    invite: text().notNull(),
    claimedAt: text().notNull(),
    /** SHA-256 of what the claiming browser holds: the same browser may send the same claim again. */
    browser: text().notNull(),
  },
  (table) => [index('claims_invite').on(table.invite)],
)

export const inviteIssued = defineEvent({
  name: 'invite.issued',
  version: 2,
  values: {
    invite: id('invite'),
    token: hex(32),
    seats: integer(),
    until: moment(),
    role: oneOf(roles).optional(),
    first: flag().optional(),
    asksAdmin: flag().optional(),
    application: id('application').optional(),
  },
  blocks: { note: sealed().optional() },
  lift: { 1: (wording) => wording },
  tables: [invites, keys, audit],
  project: (cache, event) => {
    cache.put(invites, {
      id: event.invite,
      issuedBy: event.by,
      issuedAt: event.at,
      token: event.token,
      seats: event.seats,
      until: event.until,
      role: event.role ?? null,
      isFirst: event.first ?? false,
      revokedAt: null,
      asksAdmin: event.asksAdmin ?? false,
      application: event.application ?? null,
      note: event.note ?? null,
    })
    rememberKey(cache, event, event.invite)
    audited(cache, event, null, event.role ?? null)
  },
})

export const inviteClaimed = defineEvent({
  name: 'invite.claimed',
  version: 1,
  values: { invite: id('invite'), member: id('member'), browser: hex(32) },
  tables: [claims],
  project: (cache, event) => {
    cache.put(claims, {
      member: event.member,
      invite: event.invite,
      claimedAt: event.at,
      browser: event.browser,
    })
  },
})

export const inviteRevoked = defineEvent({
  name: 'invite.revoked',
  version: 1,
  critical: true,
  values: { invite: id('invite') },
  tables: [invites, audit],
  project: (cache, event) => {
    cache.patch(invites, event.invite, { revokedAt: event.at })
    audited(cache, event, null)
  },
})

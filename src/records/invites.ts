import { index, integer as integerColumn, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { roles } from '../kernel/actor.ts'
import { defineEvent } from '../kernel/event.ts'
import { flag, hex, id, integer, moment, oneOf } from '../kernel/fields.ts'

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
  },
  (table) => [uniqueIndex('invites_token').on(table.token)],
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
  version: 1,
  values: {
    invite: id('invite'),
    token: hex(32),
    seats: integer(),
    until: moment(),
    role: oneOf(roles).optional(),
    first: flag().optional(),
  },
  tables: [invites],
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
    })
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
  tables: [invites],
  project: (cache, event) => {
    cache.patch(invites, event.invite, { revokedAt: event.at })
  },
})

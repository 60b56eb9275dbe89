import { and, eq, gt, isNull, notExists, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Role } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'
import { claims, invites } from '../records/invites.ts'
import { members } from '../records/members.ts'
import { linkState } from './links.ts'
import type { Invite } from './pages.ts'
import { hasAdmin } from './roles.ts'

/** What its page shows of an invite, and what claiming it needs besides. */
export interface FoundInvite extends Invite {
  readonly id: string
  /** A member's id, or `operator`. */
  readonly issuedBy: string
  readonly role: Role | null
}

const byToken = prepared((db) =>
  db
    .select({
      id: invites.id,
      issuedBy: invites.issuedBy,
      invitedBy: members.name,
      seats: invites.seats,
      taken: sql<number>`(select count(*) from ${claims} where ${claims.invite} = ${invites.id})`,
      until: invites.until,
      role: invites.role,
      isFirst: invites.isFirst,
      revokedAt: invites.revokedAt,
    })
    .from(invites)
    .leftJoin(members, eq(members.id, invites.issuedBy))
    .where(eq(invites.token, given('token')))
    .prepare(),
)

const byId = prepared((db) =>
  db
    .select({ id: invites.id, issuedBy: invites.issuedBy, revokedAt: invites.revokedAt })
    .from(invites)
    .where(eq(invites.id, given('id')))
    .prepare(),
)

const openFirst = prepared((db) =>
  db
    .select({ id: invites.id })
    .from(invites)
    .where(
      and(
        eq(invites.isFirst, true),
        isNull(invites.revokedAt),
        gt(invites.until, given('now')),
        notExists(db.select().from(claims).where(eq(claims.invite, invites.id))),
      ),
    )
    .prepare(),
)

const openOf = prepared((db) =>
  db
    .select({ id: invites.id })
    .from(invites)
    .where(
      and(
        eq(invites.issuedBy, given('member')),
        isNull(invites.revokedAt),
        gt(invites.until, given('now')),
        gt(invites.seats, sql`(select count(*) from ${claims} where ${claims.invite} = ${invites.id})`),
      ),
    )
    .prepare(),
)

const byMember = prepared((db) =>
  db
    .select({ invite: claims.invite, claimedAt: claims.claimedAt, browser: claims.browser })
    .from(claims)
    .where(eq(claims.member, given('member')))
    .prepare(),
)

/** The invite whose link holds the token of this digest. A first link ends when there is an admin. */
export function inviteByToken(cache: Reading, token: string, now: Moment): FoundInvite | undefined {
  const found = byToken(cache).get({ token })
  if (!found) return undefined
  const { id, issuedBy, invitedBy, role } = found
  const state = linkState({ ...found, isUsed: found.taken >= found.seats }, now)
  const isOver = state === 'open' && found.isFirst && hasAdmin(cache, now)
  return { id, issuedBy, invitedBy, role, makesAdmin: role === 'admin', state: isOver ? 'revoked' : state }
}

export const inviteById = (cache: Reading, id: string) => byId(cache).get({ id })

/** The first links that somebody could still claim, were there no admin. */
export const openFirstLinks = (cache: Reading, now: Moment) =>
  openFirst(cache)
    .all({ now })
    .map(({ id }) => id)

/** The invites of this member that somebody could still claim. */
export const openInvitesOf = (cache: Reading, member: string, now: Moment) =>
  openOf(cache)
    .all({ member, now })
    .map(({ id }) => id)

/** How this member came. */
export const claimOf = (cache: Reading, member: string) => byMember(cache).get({ member })

import { and, count, eq, gt, isNull, notExists, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Role } from '../kernel/actor.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Moment } from '../kernel/moment.ts'
import { claims, invites } from '../records/invites.ts'
import { members } from '../records/members.ts'
import { agreementNow } from './agreements.ts'
import { linkState } from './links.ts'
import type { Claim, Invite } from './pages/joining.ts'
import { hasAdmin, holding } from './roles.ts'
import { settingsOf } from './settings.ts'

/** What its page shows of an invite, and what claiming it needs besides. */
export interface FoundInvite extends Invite {
  readonly id: string
  /** A member's id, or `operator`. */
  readonly issuedBy: string
  readonly role: Role | null
  readonly seats: number
  readonly until: Moment
  readonly asksAdmin: boolean
  /** The application that it answers. */
  readonly application: string | null
  /** Sealed. */
  readonly note: string | null
}

/** Where a note belongs. */
export const noteOf = (invite: string) => ({ kind: 'invite.issued', field: 'note', id: invite })

/** So many invitations of one member may be open at a time. */
export const mostOpen = 5

/** How many people have come by it. */
export const taken = sql<number>`(select count(*) from ${claims} where ${claims.invite} = ${invites.id})`

const byToken = prepared((db) =>
  db
    .select({
      id: invites.id,
      issuedBy: invites.issuedBy,
      invitedBy: members.name,
      seats: invites.seats,
      taken,
      until: invites.until,
      role: invites.role,
      isFirst: invites.isFirst,
      revokedAt: invites.revokedAt,
      asksAdmin: invites.asksAdmin,
      application: invites.application,
      note: invites.note,
      pausedAt: members.invitingPausedAt,
    })
    .from(invites)
    .leftJoin(members, eq(members.id, invites.issuedBy))
    .where(eq(invites.token, given('token')))
    .prepare(),
)

const byId = prepared((db) =>
  db
    .select({
      id: invites.id,
      issuedBy: invites.issuedBy,
      token: invites.token,
      until: invites.until,
      revokedAt: invites.revokedAt,
    })
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
    .select({ invites: count() })
    .from(invites)
    .where(
      and(
        eq(invites.issuedBy, given('member')),
        isNull(invites.application),
        isNull(invites.revokedAt),
        gt(invites.until, given('now')),
        sql`${taken} < ${invites.seats}`,
      ),
    )
    .prepare(),
)

const claimable = prepared((db) =>
  db
    .select({ id: invites.id })
    .from(invites)
    .where(
      and(
        eq(invites.issuedBy, given('member')),
        isNull(invites.revokedAt),
        gt(invites.until, given('now')),
        sql`${taken} < ${invites.seats}`,
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
  const { id, issuedBy, invitedBy, role, seats, until, asksAdmin, application, note } = found
  const state = linkState({ ...found, isUsed: found.taken >= found.seats }, now)
  const isOver = (found.isFirst && hasAdmin(cache, now)) || (found.pausedAt !== null && application === null)
  return {
    ...{ id, issuedBy, invitedBy, role, seats, until, asksAdmin, application, note },
    makesAdmin: role === 'admin',
    state: state === 'open' && isOver ? 'revoked' : state,
  }
}

export const inviteById = (cache: Reading, id: string) => byId(cache).get({ id })

/**
 * Whether an admin has to say yes to whoever comes by it: it says so itself, the community asks it for everybody, or it is
 * for several and was made by an admin who is none any more. An admin who invites somebody has said it.
 */
export function asksAdmin(cache: Reading, invite: FoundInvite, now: Moment): boolean {
  if (invite.asksAdmin) return true
  const { issuedBy, application, seats } = invite
  if (issuedBy === 'operator' || application !== null) return false
  if (seats === 1 && !settingsOf(cache).adminSaysYes) return false
  const held = holding(cache, issuedBy, 'admin')
  return held === undefined || (held.until !== null && held.until <= now)
}

/** What whoever has this invite reads before they come in. */
export function claimPage(
  cache: Reading,
  keyring: Keyring,
  invite: FoundInvite,
  now: Moment,
): Omit<Claim, 'token' | 'name' | 'mistakes'> {
  const { id, invitedBy, makesAdmin, note } = invite
  return {
    ...{ invitedBy, makesAdmin, ...agreementNow(cache) },
    note: note === null ? null : (keyring.open(noteOf(id), note) ?? null),
    asksAdmin: asksAdmin(cache, invite, now),
    whoRuns: settingsOf(cache).whoRuns,
  }
}

/** How many invitations of this member are open: those that answer applications are none of theirs. */
export const openInvitesOf = (cache: Reading, member: string, now: Moment) =>
  openOf(cache).get({ member, now })?.invites ?? 0

/** The first links that somebody could still claim, were there no admin. */
export const openFirstLinks = (cache: Reading, now: Moment) =>
  openFirst(cache)
    .all({ now })
    .map(({ id }) => id)

/** Every invite of this member that somebody could still claim, those that answer an application among them. */
export const openInviteIds = (cache: Reading, member: string, now: Moment) =>
  claimable(cache)
    .all({ member, now })
    .map(({ id }) => id)

/** How this member came. */
export const claimOf = (cache: Reading, member: string) => byMember(cache).get({ member })

import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { untilTouched } from '../cache/untouched.ts'
import {
  type Actor,
  type Member,
  type Role,
  roles as roleNames,
  visitor,
  type Waiting,
} from '../kernel/actor.ts'
import { earlier, type Moment, minutes } from '../kernel/moment.ts'
import { members } from '../records/members.ts'
import { roles } from '../records/roles.ts'
import { sessions } from '../records/sessions.ts'

export interface OpenSession {
  readonly actor: Member | Waiting
  readonly openedAt: Moment
  readonly renewedAt: Moment
  readonly until: Moment
  readonly isShared: boolean
  /** Digest of its token. */
  readonly token: string
  /** Their rights have changed since its token was made: it needs another. */
  readonly needsToken: boolean
}

/** Each role with the moment it ends by itself, or with nothing behind it. */
const held = sql<string | null>`(
  select group_concat(${roles.role} || '=' || coalesce(${roles.until}, '')) from ${roles}
  where ${roles.member} = ${sessions.member}
)`

const openSession = (condition: SQL | undefined) =>
  prepared((db) =>
    db
      .select({
        session: sessions.id,
        member: sessions.member,
        token: sessions.token,
        name: members.name,
        standing: members.standing,
        roles: held,
        openedAt: sessions.openedAt,
        provedAt: sessions.provedAt,
        renewedAt: sessions.renewedAt,
        until: sessions.until,
        isShared: sessions.isShared,
        tokenAt: sessions.tokenAt,
        rightsChangedAt: members.rightsChangedAt,
      })
      .from(sessions)
      .innerJoin(members, eq(members.id, sessions.member))
      .where(condition)
      .prepare(),
  )

/** The token before works for a minute more: this browser may have sent several requests with it. */
const byToken = openSession(eq(sessions.token, given('token')))
const byOldToken = openSession(
  and(eq(sessions.oldToken, given('token')), gt(sessions.tokenAt, given('aMinuteAgo'))),
)
const byId = openSession(eq(sessions.id, given('session')))

const ofMember = prepared((db) =>
  db
    .select({ session: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.member, given('member')), gt(sessions.until, given('now'))))
    .prepare(),
)

const all = prepared((db) =>
  db
    .select({ session: sessions.id })
    .from(sessions)
    .where(gt(sessions.until, given('now')))
    .prepare(),
)

/** Whoever asked lately, by the digest of their token. A session that is closed, or a role that is revoked, is a commit. */
const lately = untilChanged(() => new Map<string, Found>())

/** The session whose cookie holds the token of this digest, unless it has expired. Asked at every request. */
export function sessionByToken(cache: Reading, token: string, now: Moment): OpenSession | undefined {
  const found =
    foundLately(cache, token) ?? byOldToken(cache).get({ token, aMinuteAgo: earlier(now, minutes) })
  return found && found.until > now ? sessionOf(found, now) : undefined
}

function foundLately(cache: Reading, token: string): Found | undefined {
  const known = lately(cache)
  // Tokens that lead nowhere are not kept: whoever makes them up could fill the memory.
  const found = known.get(token) ?? byToken(cache).get({ token })
  if (found) known.set(token, found)
  return found
}

/** Every command asks. Its moment is not part of it: a role that has ended by then is left out each time. */
const ofCommand = untilTouched([sessions, members, roles], (cache, session) => byId(cache).get({ session }))

/** This session, unless it was closed. */
export function sessionById(cache: Reading, session: string, now: Moment): OpenSession | undefined {
  const found = ofCommand(cache, session)
  return found && sessionOf(found, now)
}

/** Who this actor is by now: a session closed or a role revoked a moment ago is so in the same batch already. */
export const actorNow = (cache: Reading, actor: Actor, now: Moment): Actor =>
  'session' in actor ? (sessionById(cache, actor.session, now)?.actor ?? visitor) : actor

type Found = NonNullable<ReturnType<ReturnType<typeof byId>['get']>>

/** Nobody has a session here who was declined or deactivated, though its row may still be there. */
function sessionOf(found: Found, now: Moment): OpenSession | undefined {
  const { member, name, session, openedAt, standing, roles, renewedAt, until, isShared, tokenAt } = found
  const signedInAt = found.provedAt ?? openedAt
  const person = { member, name: name ?? 'Someone who left', session, signedInAt }
  const actor = actorOf(person, standing, rolesAt(roles, now))
  const needsToken =
    (found.rightsChangedAt !== null && found.rightsChangedAt > tokenAt) ||
    endsOf(roles).some(([, until]) => until > tokenAt && until <= now)
  return actor && { actor, openedAt, renewedAt, until, isShared, token: found.token, needsToken }
}

function actorOf(person: Omit<Waiting, 'is'>, standing: Found['standing'], roles: readonly Role[]) {
  if (standing === 'waiting') return { is: 'waiting' as const, ...person }
  if (standing !== 'here') return undefined
  return { is: 'member' as const, ...person, roles }
}

/** The roles that have not ended, in the order of their list. */
function rolesAt(held: string | null, now: Moment): Role[] {
  const ends = new Map(endsOf(held))
  return roleNames.filter((role) => {
    const until = ends.get(role)
    return until === '' || (until !== undefined && until > now)
  })
}

/** Each role with when it ends by itself; with nothing when it does not. */
const endsOf = (held: string | null) =>
  held?.split(',').map((one) => one.split('=') as [string, string]) ?? []

/** The sessions in which this member is signed in. */
export const openSessionsOf = (cache: Reading, member: string, now: Moment) =>
  ofMember(cache)
    .all({ member, now })
    .map(({ session }) => session)

/** The sessions of everybody. */
export const allOpenSessions = (cache: Reading, now: Moment) =>
  all(cache)
    .all({ now })
    .map(({ session }) => session)

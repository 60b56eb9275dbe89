import { eq, type SQL, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { type Actor, isMember, type Member, roles as roleNames, visitor } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'
import { members } from '../records/members.ts'
import { roles } from '../records/roles.ts'
import { sessions } from '../records/sessions.ts'
import { openLoginLinks } from './login-links.ts'
import type { SignOut } from './pages.ts'

export interface OpenSession {
  readonly actor: Member
  readonly renewedAt: Moment
  readonly until: Moment
}

const held = sql<
  string | null
>`(select group_concat(${roles.role}) from ${roles} where ${roles.member} = ${sessions.member})`

const openSession = (condition: SQL) =>
  prepared((db) =>
    db
      .select({
        session: sessions.id,
        member: sessions.member,
        name: members.name,
        roles: held,
        renewedAt: sessions.renewedAt,
        until: sessions.until,
      })
      .from(sessions)
      .innerJoin(members, eq(members.id, sessions.member))
      .where(condition)
      .prepare(),
  )

const byToken = openSession(eq(sessions.token, given('token')))
const byId = openSession(eq(sessions.id, given('session')))

/** Whoever asked lately, by the digest of their token. A session that is closed, or a role that is revoked, is a commit. */
const lately = untilChanged(() => new Map<string, OpenSession>())

/** The session whose cookie holds the token of this digest, unless it has expired. Asked at every request. */
export function sessionByToken(cache: Reading, token: string, now: Moment): OpenSession | undefined {
  const session = openSessionOf(cache, token)
  return session && session.until > now ? session : undefined
}

function openSessionOf(cache: Reading, token: string): OpenSession | undefined {
  const known = lately(cache)
  const session = known.get(token)
  if (session) return session
  const found = byToken(cache).get({ token })
  // Tokens that lead nowhere are not kept: whoever makes them up could fill the memory.
  if (!found) return undefined
  const opened = sessionOf(found)
  known.set(token, opened)
  return opened
}

/** This session, unless it was closed. */
export function sessionById(cache: Reading, session: string): OpenSession | undefined {
  const found = byId(cache).get({ session })
  return found && sessionOf(found)
}

/** Who this actor is by now: a session closed or a role revoked a moment ago is so in the same batch already. */
export const actorNow = (cache: Reading, actor: Actor): Actor =>
  isMember(actor) ? (sessionById(cache, actor.session)?.actor ?? visitor) : actor

/** What signing out means: until there are other ways in, a login link that waits is the one way back. */
export const signOutPage = (cache: Reading, reader: Member, now: Moment): SignOut => ({
  hasWayBack: openLoginLinks(cache, reader.member, now).length > 0,
})

type Found = NonNullable<ReturnType<ReturnType<typeof byId>['get']>>

const sessionOf = ({ session, member, name, roles, renewedAt, until }: Found): OpenSession => ({
  actor: {
    is: 'member',
    member,
    name: name ?? 'Someone who left',
    session,
    roles: roles === null ? [] : roleNames.filter((role) => roles.split(',').includes(role)),
  },
  renewedAt,
  until,
})

import { and, count, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { given, prepared, type Reading } from '../../cache/reading.ts'
import { type Role, roles as roleNames } from '../../kernel/actor.ts'
import { days, earlier, type Moment } from '../../kernel/moment.ts'
import { nameKey } from '../../kernel/names.ts'
import { applications } from '../../records/applications.ts'
import { members, standings } from '../../records/members.ts'
import { roles } from '../../records/roles.ts'
import { sessions } from '../../records/sessions.ts'
import { calledBy } from '../actors.ts'
import { linksMadeFor } from '../login-links.ts'
import type { AdminHub, AdminPeople, AdminPerson } from '../pages/admin.ts'
import { refusedSince } from '../strangers.ts'
import { openLinkCount } from './links.ts'

const pageSize = 50

const howMany = prepared((db) =>
  db
    .select({ standing: members.standing, people: count() })
    .from(members)
    .groupBy(members.standing)
    .prepare(),
)

const howManyApply = prepared((db) =>
  db.select({ open: count() }).from(applications).where(eq(applications.state, sql`'open'`)).prepare(),
)

/** What waits for those who look after the place. */
export function adminHub(cache: Reading, now: Moment): AdminHub {
  const people = new Map(
    howMany(cache)
      .all()
      .map(({ standing, people }) => [standing, people]),
  )
  return {
    people: people.get('here') ?? 0,
    waiting: people.get('waiting') ?? 0,
    applications: howManyApply(cache).get()?.open ?? 0,
    openLinks: openLinkCount(cache, now),
    refused: refusedSince(cache, earlier(now, days)),
  }
}

interface Asked {
  readonly q?: unknown
  readonly role?: unknown
  readonly standing?: unknown
}

/** Everybody, also who waits or is here no more; looked for by name, role and standing. */
export function adminPeople(
  cache: Reading,
  asked: Asked,
  { before, now }: { readonly before: number | undefined; readonly now: Moment },
): AdminPeople {
  const search = typeof asked.q === 'string' ? asked.q.trim().slice(0, 100) : ''
  const role = roleNames.find((one) => one === asked.role) ?? ''
  const standing = standings.find((one) => one === asked.standing) ?? ''
  const rows = cache.db
    .select({
      id: members.id,
      name: members.name,
      standing: members.standing,
      joinedAt: members.joinedAt,
      sequence: members.sequence,
    })
    .from(members)
    .where(
      and(
        before === undefined ? undefined : lt(members.sequence, before),
        standing === '' ? undefined : eq(members.standing, standing),
        role === '' ? undefined : holds(role, now),
        search === '' ? undefined : isCalled(search),
      ),
    )
    .orderBy(desc(members.sequence))
    .limit(pageSize + 1)
    .all()
  const shown = rows.slice(0, pageSize)
  const query = new URLSearchParams({ q: search, role, standing })
  const of = `/admin/people?${query}`
  return {
    ...{ search, role, standing, of },
    people: shown.map(({ sequence: _, ...one }) => ({ ...one, roles: rolesNow(cache, one.id, now) })),
    isNewest: before === undefined,
    older: rows.length > pageSize ? `${of}&before=${shown.at(-1)?.sequence}` : null,
  }
}

const holds = (role: Role, now: Moment): SQL =>
  sql`exists (select 1 from ${roles} where ${roles.member} = ${members.id} and ${roles.role} = ${role}
    and (${roles.until} is null or ${roles.until} > ${now}))`

/** As people write it, in small letters, or as what looks like it. */
const isCalled = (search: string) =>
  or(
    sql`instr(lower(${members.name}), ${search.toLowerCase()}) > 0`,
    nameKey(search) === '' ? undefined : sql`instr(${members.nameKey}, ${nameKey(search)}) > 0`,
  )

const rolesOf = prepared((db) =>
  db
    .select({ role: roles.role, until: roles.until })
    .from(roles)
    .where(eq(roles.member, given('member')))
    .prepare(),
)

const isOver = (until: Moment | null, now: Moment) => until !== null && until <= now

const rolesNow = (cache: Reading, member: string, now: Moment) =>
  rolesOf(cache)
    .all({ member })
    .filter(({ until }) => !isOver(until, now))
    .map(({ role }) => role)

const inviters = alias(members, 'inviters')

const byId = prepared((db) =>
  db
    .select({
      id: members.id,
      name: members.name,
      standing: members.standing,
      joinedAt: members.joinedAt,
      invitedBy: inviters.name,
    })
    .from(members)
    .leftJoin(inviters, eq(inviters.id, members.invitedBy))
    .where(eq(members.id, given('member')))
    .prepare(),
)

const sessionsOf = prepared((db) =>
  db
    .select({ open: count(), lastUsed: sql<string | null>`max(${sessions.renewedAt})` })
    .from(sessions)
    .where(and(eq(sessions.member, given('member')), gt(sessions.until, given('now'))))
    .prepare(),
)

/** One of them, without what a form adds; undefined when there is nobody. */
export function adminPerson(
  cache: Reading,
  member: string,
  { me, now }: { readonly me: string; readonly now: Moment },
): Omit<AdminPerson, 'mistakes' | 'problem' | 'sent'> | undefined {
  const found = byId(cache).get({ member })
  if (!found) return undefined
  const { open = 0, lastUsed = null } = sessionsOf(cache).get({ member, now }) ?? {}
  return {
    ...found,
    isMe: member === me,
    roles: rolesOf(cache)
      .all({ member })
      .map(({ role, until }) => ({ role, until, isOver: isOver(until, now) })),
    sessions: open,
    lastUsed,
    links: linksMadeFor(cache, member, now).map(({ by, isByOperator, at, state }) => ({
      by: calledBy(isByOperator ? 'operator' : '', by),
      ...{ at, state },
    })),
  }
}

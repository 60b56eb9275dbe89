import { and, asc, count, eq, gt, isNull, notExists, or, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Role } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'
import { members } from '../records/members.ts'
import { roles } from '../records/roles.ts'
import { separations } from '../records/separations.ts'

/** A role counts as long as it has not ended, and its holder is here. */
const counts = and(
  eq(roles.role, given('role')),
  or(isNull(roles.until), gt(roles.until, given('now'))),
  sql`${members.standing} = 'here'`,
)

const holders = prepared((db) =>
  db
    .select({ people: count() })
    .from(roles)
    .innerJoin(members, eq(members.id, roles.member))
    .where(counts)
    .prepare(),
)

const ofMember = prepared((db) =>
  db
    .select({ role: roles.role, until: roles.until })
    .from(roles)
    .where(eq(roles.member, given('member')))
    .prepare(),
)

const admins = prepared((db) =>
  db
    .select({ member: roles.member, until: roles.until })
    .from(roles)
    .innerJoin(members, eq(members.id, roles.member))
    .where(counts)
    .prepare(),
)

const namesOfHolders = prepared((db) =>
  db
    .select({ name: members.name })
    .from(roles)
    .innerJoin(members, eq(members.id, roles.member))
    .where(
      and(
        counts,
        notExists(
          db
            .select({ id: separations.id })
            .from(separations)
            .where(and(eq(separations.member, given('reader')), eq(separations.other, roles.member))),
        ),
      ),
    )
    .orderBy(asc(members.sequence))
    .prepare(),
)

/** The names of those who hold this role, in the order in which they joined, as far as a reader may know of them. */
export const holderNames = (cache: Reading, role: Role, now: Moment, reader = '') =>
  namesOfHolders(cache)
    .all({ role, now, reader })
    .flatMap(({ name }) => name ?? [])

/** How many people hold this role. */
export const countHolders = (cache: Reading, role: Role, now: Moment) =>
  holders(cache).get({ role, now })?.people ?? 0

/** Until somebody is an admin, each start prints the link that makes the first one. */
export const hasAdmin = (cache: Reading, now: Moment) => countHolders(cache, 'admin', now) > 0

/** Whether this member looks after anything here: any role that has not ended. */
export const holdsAnyRole = (cache: Reading, member: string, now: Moment) =>
  ofMember(cache)
    .all({ member })
    .some(({ until }) => until === null || until > now)

/** How this member holds this role; undefined when they do not. `until` is null when it does not end by itself. */
export const holding = (cache: Reading, member: string, role: Role) =>
  ofMember(cache)
    .all({ member })
    .find((held) => held.role === role)

/** Everybody besides this member who is an admin now. `until` is null of those who are it for good. */
export const otherAdmins = (cache: Reading, member: string, now: Moment) =>
  admins(cache)
    .all({ role: 'admin', now })
    .filter((admin) => admin.member !== member)

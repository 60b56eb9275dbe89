import { asc, count, eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Role } from '../kernel/actor.ts'
import { members } from '../records/members.ts'
import { roles } from '../records/roles.ts'

const holders = prepared((db) =>
  db
    .select({ people: count() })
    .from(roles)
    .where(eq(roles.role, given('role')))
    .prepare(),
)

const ofMember = prepared((db) =>
  db
    .select({ role: roles.role })
    .from(roles)
    .where(eq(roles.member, given('member')))
    .prepare(),
)

const namesOfHolders = prepared((db) =>
  db
    .select({ name: members.name })
    .from(roles)
    .innerJoin(members, eq(members.id, roles.member))
    .where(eq(roles.role, given('role')))
    .orderBy(asc(members.sequence))
    .prepare(),
)

/** The names of those who hold this role, in the order in which they joined. */
export const holderNames = (cache: Reading, role: Role) =>
  namesOfHolders(cache)
    .all({ role })
    .flatMap(({ name }) => name ?? [])

/** How many people hold this role. */
export const countHolders = (cache: Reading, role: Role) => holders(cache).get({ role })?.people ?? 0

/** Until somebody is an admin, each start prints the link that makes the first one. */
export const hasAdmin = (cache: Reading) => countHolders(cache, 'admin') > 0

export const holdsRole = (cache: Reading, member: string, role: Role) =>
  ofMember(cache)
    .all({ member })
    .some((held) => held.role === role)

import { count, eq, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { nameKey } from '../kernel/names.ts'
import { members } from '../records/members.ts'

const everyone = prepared((db) =>
  db.select({ people: count() }).from(members).where(sql`${members.standing} = 'here'`).prepare(),
)

const byNameKey = prepared((db) =>
  db
    .select({ id: members.id, name: members.name })
    .from(members)
    .where(eq(members.nameKey, given('key')))
    .prepare(),
)

const standingById = prepared((db) =>
  db
    .select({ standing: members.standing })
    .from(members)
    .where(eq(members.id, given('member')))
    .prepare(),
)

const byId = prepared((db) =>
  db
    .select({ id: members.id, name: members.name })
    .from(members)
    .where(eq(members.id, given('member')))
    .prepare(),
)

/** Whoever has this id, however they stand here. */
export const memberById = (cache: Reading, member: string) => byId(cache).get({ member })

/** How somebody stands here. */
export const standingOf = (cache: Reading, member: string) => standingById(cache).get({ member })?.standing

/** How many people are here; who waits for an admin's yes, or has left, is not. */
export const countMembers = (cache: Reading) => everyone(cache).get()?.people ?? 0

/** Whoever is called so, in any spelling that counts as the same name. */
export const memberByName = (cache: Reading, name: string) => memberByNameKey(cache, nameKey(name))

export const memberByNameKey = (cache: Reading, key: string) => byNameKey(cache).get({ key })

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

const byId = prepared((db) =>
  db
    .select({
      id: members.id,
      name: members.name,
      standing: members.standing,
      invitedBy: members.invitedBy,
      invitingPausedAt: members.invitingPausedAt,
    })
    .from(members)
    .where(eq(members.id, given('id')))
    .prepare(),
)

/** Whoever has this id, whether or not they are here. */
export const memberById = (cache: Reading, id: string) => byId(cache).get({ id })

/** Whether an admin has paused this member's inviting. */
export const isPaused = (cache: Reading, id: string) =>
  (memberById(cache, id)?.invitingPausedAt ?? null) !== null

/** How somebody stands here. */
export const standingOf = (cache: Reading, member: string) => memberById(cache, member)?.standing

/** How many people are here; who waits for an admin's yes, or has left, is not. */
export const countMembers = (cache: Reading) => everyone(cache).get()?.people ?? 0

/** Whoever is called so, in any spelling that counts as the same name. */
export const memberByName = (cache: Reading, name: string) => memberByNameKey(cache, nameKey(name))

export const memberByNameKey = (cache: Reading, key: string) => byNameKey(cache).get({ key })

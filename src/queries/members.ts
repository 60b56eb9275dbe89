import { eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { nameKey } from '../kernel/names.ts'
import { members } from '../records/members.ts'
import { separationOf } from './separations.ts'

const longest = 1_000

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
      joinedAt: members.joinedAt,
      invitedBy: members.invitedBy,
      standing: members.standing,
      about: members.about,
      praysUnseen: members.praysUnseen,
      invitingPausedAt: members.invitingPausedAt,
      welcomedAt: members.welcomedAt,
    })
    .from(members)
    .where(eq(members.id, given('member')))
    .prepare(),
)

/** Whether an admin has paused this member's inviting. */
export const isPaused = (cache: Reading, member: string) =>
  (memberById(cache, member)?.invitingPausedAt ?? null) !== null

/** Somebody who is here and of whom this reader may know; for everyone else it is as if they were not there. */
export function memberKnownTo(cache: Reading, reader: string, member: string) {
  const found = memberById(cache, member)
  // Asked of nobody, too, so that whoever is kept apart takes no longer to be missed.
  const isApart = separationOf(cache, reader, member) !== undefined
  if (isApart || found?.standing !== 'here' || found.name === null) return undefined
  return { ...found, name: found.name }
}

/** How somebody stands here. */
export const standingOf = (cache: Reading, member: string) => memberById(cache, member)?.standing

/** Whether somebody may not come in any more: they were declined, or are deactivated. */
export const isOut = (cache: Reading, member: string) =>
  ['declined', 'deactivated'].includes(standingOf(cache, member) ?? '')

/** Whoever is called so, in any spelling that counts as the same name. What is far too long for one is not even composed. */
export const memberByName = (cache: Reading, name: string) =>
  name.length > longest ? undefined : byNameKey(cache).get({ key: nameKey(name) })

/** Whether this member has not put the welcome away yet. */
export const isNew = (cache: Reading, member: string) => memberById(cache, member)?.welcomedAt === null

/** What a member says and chose about themselves. */
export const memberById = (cache: Reading, member: string) => byId(cache).get({ member })

import { and, asc, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { declines, members } from '../records/members.ts'
import { sessions } from '../records/sessions.ts'
import type { Declined, Newcomers } from './pages/joining.ts'

/** Where the reason belongs that a newcomer reads. */
export const declineOf = (member: string) => ({ kind: 'member.declined', field: 'reason', id: member })

const inviters = alias(members, 'inviters')

const waiting = prepared((db) =>
  db
    .select({
      member: members.id,
      name: members.name,
      joinedAt: members.joinedAt,
      invitedBy: inviters.name,
    })
    .from(members)
    .leftJoin(inviters, eq(inviters.id, members.invitedBy))
    .where(sql`${members.standing} = 'waiting'`)
    .orderBy(asc(members.sequence))
    .limit(atMost(100))
    .prepare(),
)

const ofSession = prepared((db) =>
  db
    .select({ member: members.id, reason: declines.reason })
    .from(sessions)
    .innerJoin(members, eq(members.id, sessions.member))
    .innerJoin(declines, eq(declines.member, members.id))
    .where(and(eq(sessions.token, given('token')), sql`${members.standing} = 'declined'`))
    .prepare(),
)

/** Who waits for an admin's yes, the longest first. */
export const newcomersPage = (cache: Reading): Omit<Newcomers, 'answered'> => ({
  newcomers: waiting(cache).all(),
})

/** What a newcomer reads to whom an admin said no: whoever holds the session of this token. */
export function declinedPage(cache: Reading, keyring: Keyring, token: string): Declined | undefined {
  const found = ofSession(cache).get({ token })
  if (!found) return undefined
  const { member, reason } = found
  return { reason: reason === null ? null : (keyring.open(declineOf(member), reason) ?? null) }
}

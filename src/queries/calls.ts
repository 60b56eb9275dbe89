import { asc, eq, gt, isNull, or } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { days, earlier, type Moment } from '../kernel/moment.ts'
import { calls } from '../records/calls.ts'
import { members } from '../records/members.ts'
import { mayMeet } from './may-see.ts'
import type { Calls } from './pages/asking.ts'
import type { Knock } from './pages/sign-ins.ts'

const takers = alias(members, 'takers')

const columns = {
  member: calls.member,
  name: members.name,
  askedAt: calls.askedAt,
  takenAt: calls.takenAt,
  takenBy: takers.name,
}

const ofMember = prepared((db) =>
  db
    .select(columns)
    .from(calls)
    .leftJoin(members, eq(members.id, calls.member))
    .leftJoin(takers, eq(takers.id, calls.takenBy))
    .where(eq(calls.member, given('member')))
    .prepare(),
)

const waiting = prepared((db) =>
  db.select({ member: calls.member }).from(calls).where(isNull(calls.takenAt)).prepare(),
)

const lately = prepared((db) =>
  db
    .select(columns)
    .from(calls)
    .leftJoin(members, eq(members.id, calls.member))
    .leftJoin(takers, eq(takers.id, calls.takenBy))
    .where(or(isNull(calls.takenAt), gt(calls.takenAt, given('weekAgo'))))
    .orderBy(asc(calls.sequence))
    .prepare(),
)

/** The call that this member asked for last. */
export const callOf = (cache: Reading, member: string) => ofMember(cache).get({ member })

/** Who asks for a call, the longest first, and which were taken on within a week; not whom this moderator may not meet. */
export function callsPage(cache: Reading, reader: string, now: Moment): Calls {
  const weekAgo = earlier(now, 7 * days)
  const rows = lately(cache)
    .all({ weekAgo })
    .filter(({ member }) => mayMeet(cache, reader, member))
  return {
    waiting: rows.filter(({ takenAt }) => takenAt === null),
    taken: rows.flatMap(({ takenAt, ...call }) => (takenAt === null ? [] : [{ ...call, takenAt }])),
  }
}

/** Asked for every page of a moderator. */
const waitingNow = untilChanged((cache) => waiting(cache).all())

/** How many wait for a call whom this moderator may meet. */
export const callsWaiting = (cache: Reading, reader: string): number =>
  waitingNow(cache).filter(({ member }) => mayMeet(cache, reader, member)).length

/** What stands above every page of a moderator while somebody asks for a call. */
export const callFor = (cache: Reading, reader: string): Knock | null =>
  callsWaiting(cache, reader) > 0 ? { words: 'Somebody asks to be called.', href: '/admin/calls' } : null

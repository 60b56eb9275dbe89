import { and, count, desc, eq, gt, lt, max } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { earlier, later, type Moment, minutes } from '../kernel/moment.ts'
import { marks } from '../records/marks.ts'
import { members } from '../records/members.ts'
import type { Prayer } from './pages.ts'

const ofMember = and(eq(marks.prayer, given('prayer')), eq(marks.member, given('member')))

const between = prepared((db) =>
  db
    .select({ sequence: marks.sequence })
    .from(marks)
    .where(and(ofMember, gt(marks.at, given('after')), lt(marks.at, given('before'))))
    .prepare(),
)

const latest = prepared((db) =>
  db
    .select({ sequence: marks.sequence, writtenAt: marks.writtenAt })
    .from(marks)
    .where(ofMember)
    .orderBy(desc(marks.sequence))
    .prepare(),
)

const byPerson = prepared((db) =>
  db
    .select({ name: members.name, times: count() })
    .from(marks)
    .leftJoin(members, eq(members.id, marks.member))
    .where(eq(marks.prayer, given('prayer')))
    .groupBy(marks.member)
    .orderBy(desc(max(marks.sequence)))
    .prepare(),
)

/** Whether this member prayed for this within less than a minute of `at`, before or after. */
export function hasMarkNear(cache: Reading, prayer: string, member: string, at: Moment) {
  const after = earlier(at, minutes)
  const last = latestMark(cache, prayer, member)
  // Nobody tells us of a prayer before they prayed, so marks that were written long before `at` need not be read.
  if (!last || last.writtenAt <= after) return false
  return between(cache).get({ prayer, member, after, before: later(at, minutes) }) !== undefined
}

/** The mark that this member made last, whenever it was that they prayed. */
export const latestMark = (cache: Reading, prayer: string, member: string) =>
  latest(cache).get({ prayer, member })

/** Who prayed and how often, latest first. */
export const whoPrayed = (cache: Reading, prayer: string): NonNullable<Prayer['prayedBy']> =>
  byPerson(cache).all({ prayer })

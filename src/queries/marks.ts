import { and, count, countDistinct, desc, eq, exists, gt, lt, max, ne, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { earlier, later, type Moment, minutes } from '../kernel/moment.ts'
import { marks } from '../records/marks.ts'
import { members } from '../records/members.ts'
import { type PrayerState, prayers } from '../records/prayers.ts'
import { separations } from '../records/separations.ts'
import type { Prayer } from './pages/prayers.ts'

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

const newestBut = prepared((db) =>
  db
    .select({ sequence: max(marks.sequence) })
    .from(marks)
    .where(and(eq(marks.prayer, given('prayer')), ne(marks.sequence, given('mark'))))
    .prepare(),
)

const ending = prepared((db) =>
  db
    .select({ at: prayers.stateAt, outcome: prayers.outcome })
    .from(prayers)
    .where(eq(prayers.id, given('prayer')))
    .prepare(),
)

const byPerson = prepared((db) =>
  db
    .select({ name: members.name, isUnseen: members.praysUnseen, times: count() })
    .from(marks)
    .leftJoin(members, eq(members.id, marks.member))
    .where(
      and(
        eq(marks.prayer, given('prayer')),
        notExists(
          db
            .select({ id: separations.id })
            .from(separations)
            .where(and(eq(separations.member, given('reader')), eq(separations.other, marks.member))),
        ),
      ),
    )
    .groupBy(marks.member)
    .orderBy(desc(max(marks.sequence)))
    .prepare(),
)

const unknown = prepared((db) =>
  db
    .select({ prayer: marks.prayer, people: countDistinct(marks.member), times: count() })
    .from(sql`json_each(${given('prayers')}) as each`)
    .innerJoin(marks, eq(marks.prayer, sql`each.value`))
    .where(
      exists(
        db
          .select({ id: separations.id })
          .from(separations)
          .where(and(eq(separations.member, given('reader')), eq(separations.other, marks.member))),
      ),
    )
    .groupBy(marks.prayer)
    .prepare(),
)

const mine = alias(marks, 'mine')

/** In the order of `Latest`. */
const latestOfEach = prepared((db) => {
  const ofEach = and(eq(mine.prayer, sql`each.value`), eq(mine.member, given('member')))
  const isLatest = db
    .select({ sequence: max(mine.sequence) })
    .from(mine)
    .where(ofEach)
  const times = db.select({ times: count() }).from(mine).where(ofEach)
  return db
    .select({
      prayer: marks.prayer,
      sequence: marks.sequence,
      at: marks.at,
      writtenAt: marks.writtenAt,
      times: sql<number>`(${times})`,
    })
    .from(sql`json_each(${given('prayers')}) as each`)
    .innerJoin(marks, eq(marks.sequence, isLatest))
    .prepare()
})

type Latest = readonly [prayer: string, sequence: number, at: Moment, writtenAt: Moment, times: number]

/** Whether this member prayed for this within less than a minute of `at`, before or after. */
export function hasMarkNear(cache: Reading, prayer: string, member: string, at: Moment) {
  const after = earlier(at, minutes)
  const last = latestMark(cache, prayer, member)
  // Nobody tells us of a prayer before they prayed, so marks that were written long before `at` need not be read.
  if (!last || last.writtenAt <= after) return false
  return between(cache).get({ prayer, member, after, before: later(at, minutes) }) !== undefined
}

/** Whether prayers for it are counted: while people are asked to pray, and while it rests and may come back. */
export const isPrayedFor = (state: PrayerState) => state === 'open' || state === 'resting'

/** When and how this came to its end, or rest; or since when it is open. */
export const endOfPraying = (cache: Reading, prayer: string) => ending(cache).get({ prayer })

/** The mark that this member made last, whenever it was that they prayed. */
export const latestMark = (cache: Reading, prayer: string, member: string) =>
  latest(cache).get({ prayer, member })

/** The newest mark of a request, whoever made it, but for this one. */
export const newestOther = (cache: Reading, prayer: string, mark: number): number | undefined =>
  newestBut(cache).get({ prayer, mark })?.sequence ?? undefined

/** Of each reader, the answer below for the newest page. */
const onNewest = untilChanged(() => new Map<string, ReturnType<typeof latestMarks>>())

/** The same as `latestMarks` for the newest page, which everybody opens: kept until something is committed. */
export function latestMarksOnNewest(cache: Reading, prayers: readonly string[], member: string) {
  const known = onNewest(cache)
  const marks = known.get(member) ?? latestMarks(cache, prayers, member)
  known.set(member, marks)
  return marks
}

/** The mark that this member made last for each of these prayers, where they made one. */
export function latestMarks(cache: Reading, prayers: readonly string[], member: string) {
  const rows = latestOfEach(cache).values({
    prayers: JSON.stringify(prayers),
    member,
  }) as unknown as readonly Latest[]
  return new Map(
    rows.map(([prayer, sequence, at, writtenAt, times]) => [prayer, { sequence, at, writtenAt, times }]),
  )
}

/** How many people prayed for each of these, and how often, from whom this reader is kept apart. */
export const marksUnknownTo = (cache: Reading, prayers: readonly string[], reader: string) =>
  new Map(
    unknown(cache)
      .all({ prayers: JSON.stringify(prayers), reader })
      .map(({ prayer, people, times }) => [prayer, { people, times }]),
  )

/** Who prayed and how often, latest first, as this reader may know it. */
export const whoPrayed = (cache: Reading, prayer: string, reader: string): NonNullable<Prayer['prayedBy']> =>
  byPerson(cache)
    .all({ prayer, reader })
    .map(({ name, isUnseen, times }) => ({
      name: isUnseen ? null : name,
      isUnseen: isUnseen === true,
      times,
    }))

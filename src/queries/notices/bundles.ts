import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../../cache/reading.ts'
import { type Day, dayOf } from '../../kernel/calendar.ts'
import type { Moment } from '../../kernel/moment.ts'
import { encouragements } from '../../records/encouragements.ts'
import { marks, prayerCounts } from '../../records/marks.ts'
import { members } from '../../records/members.ts'
import { prayers } from '../../records/prayers.ts'
import type { Bundle, Heard, PrayedFor } from '../pages/notices.ts'
import { isKnown, isSpokenOf } from './own.ts'
import type { Since } from './since.ts'

/*
 * Who prayed for what the reader asked, and who encouraged them: one notice a day, told the next morning.
 */

const prayed = prepared((db) =>
  db
    .select({
      prayer: marks.prayer,
      sequence: marks.sequence,
      by: marks.member,
      at: marks.writtenAt,
      name: members.name,
      isUnseen: members.praysUnseen,
      phrase: sql<null>`null`,
    })
    .from(prayers)
    .innerJoin(prayerCounts, and(eq(prayerCounts.prayer, prayers.id), gt(prayerCounts.last, given('from'))))
    .innerJoin(marks, eq(marks.prayer, prayers.id))
    .leftJoin(members, eq(members.id, marks.member))
    .where(
      and(
        isSpokenOf,
        ne(marks.member, given('reader')),
        gt(marks.sequence, given('from')),
        gt(marks.writtenAt, given('since')),
        isKnown(marks.member),
      ),
    )
    .orderBy(asc(marks.sequence))
    .prepare(),
)

const encouraged = prepared((db) =>
  db
    .select({
      prayer: encouragements.prayer,
      sequence: encouragements.sequence,
      by: encouragements.by,
      at: encouragements.at,
      name: members.name,
      isUnseen: members.praysUnseen,
      phrase: encouragements.phrase,
    })
    .from(prayers)
    .innerJoin(encouragements, eq(encouragements.prayer, prayers.id))
    .leftJoin(members, eq(members.id, encouragements.by))
    .where(
      and(
        isSpokenOf,
        gt(encouragements.sequence, given('from')),
        gt(encouragements.at, given('since')),
        isKnown(encouragements.by),
      ),
    )
    .orderBy(asc(encouragements.sequence))
    .prepare(),
)

interface Deed {
  readonly prayer: string
  readonly sequence: number
  readonly by: string
  readonly at: Moment
  readonly name: string | null
  readonly isUnseen: boolean | null
  readonly phrase: string | null
}

/** What is to be told today and was before, each bundle by its newest record; and the first record that waits for a morning. */
export function bundles(
  cache: Reading,
  since: Since,
  { zone, today, hushed }: { zone: string; today: Day; hushed: ReadonlySet<string> },
): { readonly told: Bundle[]; readonly firstUntold: number | undefined } {
  const all = [
    ...(hushed.has('prayed')
      ? []
      : prayed(cache)
          .all({ ...since })
          .map((deed) => ({ deed, isWord: false }))),
    ...(hushed.has('encouraged')
      ? []
      : encouraged(cache)
          .all({ ...since })
          .map((deed) => ({ deed, isWord: true }))),
  ].sort((a, b) => a.deed.sequence - b.deed.sequence)
  const dayOfDeed = daysIn(zone)
  const told = all.filter(({ deed }) => dayOfDeed(deed.at) < today)
  const days = Map.groupBy(told, ({ deed }) => dayOfDeed(deed.at))
  return {
    told: [...days.values()].map(bundleOf),
    firstUntold: all.find(({ deed }) => dayOfDeed(deed.at) >= today)?.deed.sequence,
  }
}

interface Done {
  readonly deed: Deed
  readonly isWord: boolean
}

function bundleOf(day: readonly Done[]): Bundle {
  const last = day.at(-1)?.deed
  if (!last) throw new Error('nothing makes no bundle')
  return {
    is: 'prayed',
    kind: day.some(({ isWord }) => !isWord) ? 'prayed' : 'encouraged',
    id: last.sequence,
    at: last.at,
    prayer: null,
    requests: [...Map.groupBy(day, ({ deed }) => deed.prayer)].map(prayedFor),
  }
}

function prayedFor([prayer, done]: readonly [string, readonly Done[]]): PrayedFor {
  const prayed = done.filter(({ isWord }) => !isWord).map(({ deed }) => deed)
  const words = done.filter(({ isWord }) => isWord).map(({ deed }) => deed)
  return {
    prayer,
    people: [...new Map(prayed.map((deed) => [deed.by, heard(deed)])).values()],
    words: words.map((deed) => ({ phrase: deed.phrase, by: heard(deed) })),
  }
}

const heard = ({ name, isUnseen }: Deed): Heard => ({
  name: isUnseen ? null : name,
  isUnseen: isUnseen === true,
})

/** The calendar is asked once for each quarter of an hour: clocks are set by no less. */
function daysIn(zone: string): (moment: Moment) => Day {
  const known = new Map<string, Day>()
  return (moment) => {
    const quarter = `${moment.slice(0, 14)}${Math.floor(Number(moment.slice(14, 16)) / 15)}`
    const day = known.get(quarter) ?? dayOf(moment, zone)
    known.set(quarter, day)
    return day
  }
}

import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../../cache/reading.ts'
import { type Day, dayOf } from '../../kernel/calendar.ts'
import type { Moment } from '../../kernel/moment.ts'
import { encouragements } from '../../records/encouragements.ts'
import { marks, prayerCounts } from '../../records/marks.ts'
import { members } from '../../records/members.ts'
import { prayers } from '../../records/prayers.ts'
import type { Bundle, Heard } from '../pages/notices.ts'
import { isKnown, isSpokenOf } from './own.ts'
import type { Since } from './since.ts'

/*
 * Who prayed for what the reader asked, and who encouraged them: of each request and day one notice, told the next morning.
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
  const groups = new Map<string, typeof all>()
  let firstUntold: number | undefined
  for (const one of all) {
    const day = dayOfDeed(one.deed.at)
    if (day >= today) firstUntold ??= one.deed.sequence
    else {
      const name = `${day} ${one.deed.prayer}`
      groups.set(name, [...(groups.get(name) ?? []), one])
    }
  }
  return { told: [...groups.values()].map(bundleOf), firstUntold }
}

function bundleOf(group: readonly { readonly deed: Deed; readonly isWord: boolean }[]): Bundle {
  const last = group.at(-1)?.deed
  if (!last) throw new Error('nothing makes no bundle')
  const prayed = group.filter(({ isWord }) => !isWord).map(({ deed }) => deed)
  const words = group.filter(({ isWord }) => isWord).map(({ deed }) => deed)
  return {
    is: 'prayed',
    kind: prayed.length > 0 ? 'prayed' : 'encouraged',
    id: last.sequence,
    at: last.at,
    prayer: last.prayer,
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

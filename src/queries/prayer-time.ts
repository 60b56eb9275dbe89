import { and, asc, eq, exists, gte, type SQL, sql } from 'drizzle-orm'
import { atMost, given, prepared } from '../cache/reading.ts'
import { dayOf, daysAfter } from '../kernel/calendar.ts'
import type { Moment } from '../kernel/moment.ts'
import { marks, prayerCounts } from '../records/marks.ts'
import { prayers } from '../records/prayers.ts'
import type { Reader } from './cards.ts'
import { isMine, seen, sightOf } from './may-see.ts'
import type { Card } from './pages/cards.ts'
import { prayerCard } from './prayers.ts'
import { currentWords } from './requests.ts'
import { settingsOf } from './settings.ts'

/** How many requests prayer time can have. */
export const prayerTimeLengths = [5, 10, 20] as const
const longest = 20

/** What was chosen when prayer time began, by the places of the requests in the archive: nothing is added to it later. */
export interface Round {
  readonly begun: Moment
  readonly order: readonly number[]
}

const hasWords = sql`${currentWords.request} is not null`

/** Open to this reader's prayer: what others asked of others. */
const isForMe = and(sql`${prayers.sees} <> 'me'`, sql`coalesce(${isMine}, 0) = 0`, seen, hasWords)

/** Twice as many as fit, since up to one round of them may stand before already. */
const waiting = (condition: SQL | undefined, ...order: SQL[]) =>
  prepared((db) =>
    db
      .select({ sequence: prayers.sequence })
      .from(prayerCounts)
      .innerJoin(prayers, eq(prayers.id, prayerCounts.prayer))
      .where(and(condition, isForMe))
      .orderBy(...order)
      .limit(atMost(2 * longest))
      .prepare(),
  )

const waits = sql`${prayerCounts.waits} = 1`
const longestAgo = [asc(prayerCounts.last), asc(prayerCounts.sequence)]
const myLast = sql`(select max(${marks.sequence}) from ${marks}
  where ${marks.prayer} = ${prayerCounts.prayer} and ${marks.member} = ${given('reader')})`

/** The same by the state of the request: an index leads to the few by their day, and not through all that wait. */
const soon = waiting(
  sql`${prayers.state} = 'open' and ${prayers.day} between ${given('today')} and ${given('last')}`,
  asc(prayers.day),
  ...longestAgo,
)
const byNobody = waiting(
  sql`${waits} and ${prayerCounts.last} = 0 and ${prayerCounts.people} = 0`,
  asc(prayerCounts.sequence),
)
const notByMe = waiting(sql`${waits} and ${prayerCounts.people} > 0 and ${myLast} is null`, ...longestAgo)
const longAgoByMe = waiting(sql`${waits} and ${myLast} is not null`, asc(myLast))

const stillSeen = prepared((db) =>
  db
    .select({ id: prayers.id, sequence: prayers.sequence })
    .from(sql`json_each(${given('order')}) as each`)
    .innerJoin(prayers, eq(prayers.sequence, sql`each.value`))
    .where(and(seen, hasWords))
    .prepare(),
)

/** Of what was asked without a name each counts as somebody: whether two are of one person is not to be told. */
const prayedFor = prepared((db) =>
  db
    .select({ people: sql<number>`count(distinct coalesce(${prayers.author}, ${prayers.id}))` })
    .from(sql`json_each(${given('order')}) as each`)
    .innerJoin(prayers, eq(prayers.sequence, sql`each.value`))
    .where(
      and(
        seen,
        exists(
          db
            .select({ sequence: marks.sequence })
            .from(marks)
            .where(
              and(
                eq(marks.prayer, prayers.id),
                eq(marks.member, given('reader')),
                gte(marks.writtenAt, given('begun')),
              ),
            ),
        ),
      ),
    )
    .prepare(),
)

/**
 * A fair order of at most so many requests: those that matter today or in the next two days; those that nobody has prayed
 * for; those that this reader has not; then those for which they prayed longest ago.
 */
export function roundFor({ cache, keyring, reader, now }: Reader, requests: number): Round {
  const today = dayOf(now, settingsOf(cache).timeZone)
  const values = { ...sightOf(cache, keyring, reader), today, last: daysAfter(today, 2) }
  const order = new Set<number>()
  for (const some of [soon, byNobody, notByMe, longAgoByMe]) {
    if (order.size >= requests) break
    for (const { sequence } of some(cache).all(values)) order.add(sequence)
  }
  return { begun: now, order: [...order].slice(0, requests) }
}

/**
 * The request at this place of a round, or the next one that this reader still sees: what vanished meanwhile is passed over.
 * Undefined when there is none up to the end.
 */
export function stepAt(
  reading: Reader,
  { order }: Round,
  place: number,
): { readonly card: Card; readonly place: number } | undefined {
  const { cache, keyring, reader } = reading
  const left = order.slice(place - 1)
  const rows = stillSeen(cache).all({ ...sightOf(cache, keyring, reader), order: JSON.stringify(left) })
  const ids = new Map(rows.map(({ sequence, id }) => [sequence, id]))
  const at = left.findIndex((sequence) => ids.has(sequence))
  const card = at < 0 ? undefined : prayerCard(reading, ids.get(left[at] ?? 0) ?? '')
  return card && { card, place: place + at }
}

/** For how many people this reader has prayed in this round. */
export const peoplePrayedFor = ({ cache, keyring, reader }: Reader, { order, begun }: Round): number =>
  prayedFor(cache).get({ ...sightOf(cache, keyring, reader), order: JSON.stringify(order), begun })?.people ??
  0

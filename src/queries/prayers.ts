import { and, desc, eq, gte, lt, type SQL } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import type { Member } from '../kernel/actor.ts'
import { earlier, hours, type Moment, minutes } from '../kernel/moment.ts'
import { prayerCounts } from '../records/marks.ts'
import { members } from '../records/members.ts'
import { prayers } from '../records/prayers.ts'
import { latestMarks, latestMarksOnNewest, whoPrayed } from './marks.ts'
import { seenByMembers } from './may-see.ts'
import type { Card, Feed, Prayer } from './pages.ts'

const pageSize = 20

/** In the order of `Row`. */
const columns = {
  sequence: prayers.sequence,
  id: prayers.id,
  author: prayers.author,
  name: members.name,
  postedAt: prayers.postedAt,
  forWhom: prayers.forWhom,
  request: prayers.request,
  people: prayerCounts.people,
  times: prayerCounts.times,
}

type Row = readonly [
  sequence: number,
  id: string,
  author: string,
  name: string | null,
  postedAt: Moment,
  forWhom: string | null,
  request: string | null,
  people: number | null,
  times: number | null,
]

/** Requests as every member may see them, newest first. */
const requests = (condition: SQL) =>
  prepared((db) =>
    db
      .select(columns)
      .from(prayers)
      .leftJoin(members, eq(members.id, prayers.author))
      .leftJoin(prayerCounts, eq(prayerCounts.prayer, prayers.id))
      .where(and(condition, seenByMembers))
      .orderBy(desc(prayers.sequence))
      .limit(atMost(pageSize + 1))
      .prepare(),
  )

const before = requests(lt(prayers.sequence, given('before')))
const byId = requests(eq(prayers.id, given('prayer')))

const from = prepared((db) =>
  db
    .select({ sequence: prayers.sequence })
    .from(prayers)
    .where(and(gte(prayers.sequence, given('sequence')), seenByMembers))
    .prepare(),
)

const audience = prepared((db) =>
  db
    .select({ sees: prayers.sees })
    .from(prayers)
    .where(eq(prayers.id, given('prayer')))
    .prepare(),
)

const words = prepared((db) =>
  db
    .select({ request: prayers.request, forWhom: prayers.forWhom })
    .from(prayers)
    .where(eq(prayers.id, given('prayer')))
    .prepare(),
)

/** The newest requests, or the newest of those posted before the record `before`. */
export function recentPrayers(
  cache: Reading,
  reader: Member,
  { before: end, now }: { before?: number | undefined; now: Moment },
): Feed {
  const rows = end === undefined ? newest(cache) : postedBefore(cache, end)
  const page = rows.slice(0, pageSize)
  const last = page.at(-1)
  const hasOlder = rows.length > pageSize && last !== undefined
  const latest = end === undefined ? latestMarksOnNewest : latestMarks
  const marks = latest(cache, idsOf(page), reader.member)
  return {
    cards: cardsOf(page, { marks, reader, now }),
    isNewest: end === undefined || from(cache).get({ sequence: end }) === undefined,
    older: hasOlder ? `/feed?before=${last[0]}` : null,
  }
}

/** One request as its card; undefined when there is none that this reader may see. */
export function prayerCard(cache: Reading, reader: Member, prayer: string, now: Moment): Card | undefined {
  const rows = byId(cache).values({ prayer }) as unknown as Row[]
  return cardsOf(rows, { marks: latestMarks(cache, idsOf(rows), reader.member), reader, now })[0]
}

/** One request on its own page; undefined when there is none that this reader may see. */
export function prayerPage(cache: Reading, reader: Member, prayer: string, now: Moment): Prayer | undefined {
  const card = prayerCard(cache, reader, prayer, now)
  if (!card) return undefined
  return {
    card,
    isJustShared: card.isMine && card.postedAt > earlier(now, minutes),
    prayedBy: card.isMine ? whoPrayed(cache, prayer) : null,
  }
}

/** For whom a request is; undefined when there is none. */
export const audienceOf = (cache: Reading, prayer: string) => audience(cache).get({ prayer })

/** What a request says, as far as its words were not erased. */
export const wordsOf = (cache: Reading, prayer: string) => words(cache).get({ prayer })

/** The newest rows are read again only after something was committed: they are the same for every member. */
const newest = untilChanged((cache) => postedBefore(cache, Number.MAX_SAFE_INTEGER))

/** `values` leaves out drizzle's mapping, a quarter of the cost of this query; `columns` has the order of `Row`. */
const postedBefore = (cache: Reading, end: number) =>
  before(cache).values({ before: end }) as unknown as readonly Row[]

const idsOf = (rows: readonly Row[]) => rows.map(([, id]) => id)

/** How this reader sees these rows now. */
function cardsOf(
  rows: readonly Row[],
  { marks, reader, now }: { marks: ReturnType<typeof latestMarks>; reader: Member; now: Moment },
): Card[] {
  const aMinuteAgo = earlier(now, minutes)
  const anHourAgo = earlier(now, hours)
  return rows.map(([, id, author, name, postedAt, forWhom, request, people, times]) => {
    const mark = marks.get(id)
    const markedJustNow = mark !== undefined && mark.at > aMinuteAgo
    return {
      id,
      author: name,
      isMine: author === reader.member,
      postedAt,
      forWhom,
      request,
      people: people ?? 0,
      times: times ?? 0,
      mayMark: request !== null && !markedJustNow,
      markedJustNow,
      undo: mark !== undefined && mark.writtenAt > anHourAgo ? mark.sequence : null,
    }
  })
}

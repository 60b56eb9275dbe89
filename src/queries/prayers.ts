import { and, desc, eq, gte, lt, max, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import type { Member } from '../kernel/actor.ts'
import { earlier, hours, type Moment, minutes } from '../kernel/moment.ts'
import { marks, prayerCounts } from '../records/marks.ts'
import { members } from '../records/members.ts'
import { prayers } from '../records/prayers.ts'
import { whoPrayed } from './marks.ts'
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
  mark: marks.sequence,
  markedAt: marks.at,
  markWrittenAt: marks.writtenAt,
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
  mark: number | null,
  markedAt: Moment | null,
  markWrittenAt: Moment | null,
]

const mine = alias(marks, 'mine')

/** Requests as this reader may see them, newest first, each with their own latest mark. */
const cards = (condition: SQL) =>
  prepared((db) => {
    const isMyLatest = db
      .select({ sequence: max(mine.sequence) })
      .from(mine)
      .where(and(eq(mine.prayer, prayers.id), eq(mine.member, given('reader'))))
    return db
      .select(columns)
      .from(prayers)
      .leftJoin(members, eq(members.id, prayers.author))
      .leftJoin(prayerCounts, eq(prayerCounts.prayer, prayers.id))
      .leftJoin(marks, eq(marks.sequence, isMyLatest))
      .where(and(condition, seenByMembers))
      .orderBy(desc(prayers.sequence))
      .limit(atMost(pageSize + 1))
      .prepare()
  })

const before = cards(lt(prayers.sequence, given('before')))
const byId = cards(eq(prayers.id, given('prayer')))

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
  // `values` leaves out drizzle's mapping, a quarter of the cost of this query; `columns` has the order of `Row`.
  const rows = before(cache).values({
    before: end ?? Number.MAX_SAFE_INTEGER,
    reader: reader.member,
  }) as unknown as Row[]
  const page = rows.slice(0, pageSize)
  const last = page.at(-1)
  const hasOlder = rows.length > pageSize && last !== undefined
  return {
    cards: page.map(cardFor(reader, now)),
    isNewest: end === undefined || from(cache).get({ sequence: end }) === undefined,
    older: hasOlder ? `/feed?before=${last[0]}` : null,
  }
}

/** One request as its card; undefined when there is none that this reader may see. */
export function prayerCard(cache: Reading, reader: Member, prayer: string, now: Moment): Card | undefined {
  const [row] = byId(cache).values({ prayer, reader: reader.member }) as unknown as Row[]
  return row && cardFor(reader, now)(row)
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

/** How this reader sees a row now. */
function cardFor(reader: Member, now: Moment) {
  const aMinuteAgo = earlier(now, minutes)
  const anHourAgo = earlier(now, hours)
  return (row: Row): Card => {
    const [, id, author, name, postedAt, forWhom, request, people, times, mark, markedAt, markWrittenAt] = row
    const markedJustNow = markedAt !== null && markedAt > aMinuteAgo
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
      undo: markWrittenAt !== null && markWrittenAt > anHourAgo ? mark : null,
    }
  }
}

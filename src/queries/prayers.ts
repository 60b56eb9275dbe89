import { and, count, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { untilTouched } from '../cache/untouched.ts'
import type { Member } from '../kernel/actor.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { earlier, hours, type Moment, minutes } from '../kernel/moment.ts'
import { mayTry } from '../kernel/permissions.ts'
import { prayerCounts } from '../records/marks.ts'
import { members, type Standing } from '../records/members.ts'
import { type Audience, prayers } from '../records/prayers.ts'
import { lookupsOf } from './author-lookups.ts'
import { labelsBeside, labelsIn } from './labels.ts'
import { latestMarks, latestMarksOnNewest, marksUnknownTo, whoPrayed } from './marks.ts'
import { type Seen, type Sight, seen, seesWhatAllSee, sightOf } from './may-see.ts'
import type { Card } from './pages/cards.ts'
import type { Feed, Prayer } from './pages.ts'

/** Who reads, from what, and when. */
export interface Reader {
  readonly cache: Reading
  readonly keyring: Keyring
  readonly reader: Member
  readonly now: Moment
}

const pageSize = 20

/** In the order of `Row`. */
const columns = {
  sequence: prayers.sequence,
  id: prayers.id,
  author: prayers.author,
  name: members.name,
  standing: members.standing,
  labels: labelsBeside(prayers.author),
  postedAt: prayers.postedAt,
  sees: prayers.sees,
  forWhom: prayers.forWhom,
  request: prayers.request,
  people: prayerCounts.people,
  times: prayerCounts.times,
}

type Row = readonly [
  sequence: number,
  id: string,
  author: string | null,
  name: string | null,
  standing: Standing | null,
  labels: string | null,
  postedAt: Moment,
  sees: Audience,
  forWhom: string | null,
  request: string | null,
  people: number | null,
  times: number | null,
]

/** Requests that meet the condition, newest first. */
const requests = (condition: SQL | undefined) =>
  prepared((db) =>
    db
      .select(columns)
      .from(prayers)
      .leftJoin(members, eq(members.id, prayers.author))
      .leftJoin(prayerCounts, eq(prayerCounts.prayer, prayers.id))
      .where(condition)
      .orderBy(desc(prayers.sequence))
      .limit(atMost(pageSize + 1))
      .prepare(),
  )

const newestForAll = requests(and(lt(prayers.sequence, given('before')), sql`${prayers.sees} = 'everyone'`))
const before = requests(and(lt(prayers.sequence, given('before')), seen))
const ofAuthor = requests(
  and(eq(prayers.author, given('author')), lt(prayers.sequence, given('before')), seen),
)
const byId = requests(and(eq(prayers.id, given('prayer')), seen))

const countOfAuthor = prepared((db) =>
  db
    .select({ requests: count() })
    .from(prayers)
    .where(and(eq(prayers.author, given('author')), seen))
    .prepare(),
)

const from = prepared((db) =>
  db
    .select({ sequence: prayers.sequence })
    .from(prayers)
    .where(and(gte(prayers.sequence, given('sequence')), seen))
    .prepare(),
)

const seenColumns = {
  id: prayers.id,
  sees: prayers.sees,
  author: prayers.author,
  sealedAuthor: prayers.sealedAuthor,
}

const seenOne = prepared((db) =>
  db
    .select(seenColumns)
    .from(prayers)
    .where(eq(prayers.id, given('prayer')))
    .prepare(),
)

const wholeOne = prepared((db) =>
  db
    .select({ ...seenColumns, request: prayers.request, forWhom: prayers.forWhom })
    .from(prayers)
    .where(eq(prayers.id, given('prayer')))
    .prepare(),
)

/** The newest requests, or the newest of those posted before the record `before`. */
export function recentPrayers(reading: Reader, end?: number): Feed {
  const { cache, keyring, reader } = reading
  const sight = sightOf(cache, keyring, reader)
  const isForAll = end === undefined && seesWhatAllSee(sight)
  const rows = isForAll ? newest(cache) : postedBefore(cache, sight, end)
  const { page, last } = pageOf(rows)
  const latest = isForAll ? latestMarksOnNewest : latestMarks
  const marks = latest(cache, idsOf(page), reader.member)
  return {
    cards: cardsOf(page, { ...reading, sight, marks }),
    isNewest: end === undefined || from(cache).get({ sequence: end, ...sight }) === undefined,
    older: last === undefined ? null : `/feed?before=${last}`,
  }
}

/** What somebody asked with their name, as far as this reader may see it: the newest, or those before the record `end`. */
export function prayersOf(reading: Reader, author: string, end = Number.MAX_SAFE_INTEGER) {
  const { cache, keyring, reader } = reading
  const sight = sightOf(cache, keyring, reader)
  const rows = ofAuthor(cache).values({ author, before: end, ...sight }) as unknown as readonly Row[]
  const { page, last } = pageOf(rows)
  const marks = latestMarks(cache, idsOf(page), reader.member)
  return {
    cards: cardsOf(page, { ...reading, sight, marks }),
    /** The place of the last one, when there are older ones. */
    last,
    count: countOfAuthor(cache).get({ author, ...sight })?.requests ?? 0,
  }
}

/** One request as its card; undefined when there is none that this reader may see. */
export function prayerCard(reading: Reader, prayer: string): Card | undefined {
  const { cache, keyring, reader } = reading
  const sight = sightOf(cache, keyring, reader)
  const rows = byId(cache).values({ prayer, ...sight }) as unknown as Row[]
  const marks = latestMarks(cache, idsOf(rows), reader.member)
  return cardsOf(rows, { ...reading, sight, marks })[0]
}

/** One request on its own page; undefined when there is none that this reader may see. */
export function prayerPage(reading: Reader, prayer: string): Prayer | undefined {
  const card = prayerCard(reading, prayer)
  if (!card) return undefined
  const { cache, keyring, reader, now } = reading
  return {
    card,
    isJustShared: card.isMine && card.postedAt > earlier(now, minutes),
    prayedBy: card.isMine ? whoPrayed(cache, prayer, reader.member) : null,
    lookups: card.isMine && card.isNameless ? lookupsOf(cache, keyring, prayer) : [],
    mayShowAuthor: card.isNameless && !card.isMine && mayTry(reader, 'seeAuthor'),
  }
}

/** What decides who sees a request; undefined when there is none. */
export const seenById: (cache: Reading, prayer: string) => Seen | undefined = untilTouched(
  [prayers],
  (cache, prayer) => seenOne(cache).get({ prayer }),
)

/** The same with its words as the cache has them. */
export const prayerById = (
  cache: Reading,
  prayer: string,
): (Seen & { readonly request: string | null; readonly forWhom: string | null }) | undefined =>
  wholeOne(cache).get({ prayer })

/** A word of a request that fewer than everyone may see. */
export const belonging = (prayer: string, field: 'request' | 'forWhom') => ({
  kind: 'prayer.posted',
  field,
  id: prayer,
})

/** A word of a request as it was written; null when it was erased, undefined when no key opens it. */
export const openedWord = (
  keyring: Keyring,
  { id, sees }: Pick<Seen, 'id' | 'sees'>,
  field: 'request' | 'forWhom',
  word: string | null,
): string | null | undefined =>
  word === null || sees === 'everyone' ? word : keyring.open(belonging(id, field), word)

/** The newest rows are read again only after something was committed: they are the same for most members. */
const newest = untilChanged(
  (cache) => newestForAll(cache).values({ before: Number.MAX_SAFE_INTEGER }) as unknown as readonly Row[],
)

/** `values` leaves out drizzle's mapping, a quarter of the cost of this query; `columns` has the order of `Row`. */
const postedBefore = (cache: Reading, sight: Sight, end = Number.MAX_SAFE_INTEGER) =>
  before(cache).values({ before: end, ...sight }) as unknown as readonly Row[]

/** One row more than a page was asked for. */
function pageOf(rows: readonly Row[]) {
  const page = rows.slice(0, pageSize)
  return { page, last: rows.length > pageSize ? page.at(-1)?.[0] : undefined }
}

const idsOf = (rows: readonly Row[]) => rows.map(([, id]) => id)

/** How this reader sees these rows now. */
function cardsOf(
  rows: readonly Row[],
  {
    cache,
    keyring,
    reader,
    now,
    sight,
    marks,
  }: Reader & { sight: Sight; marks: ReturnType<typeof latestMarks> },
): Card[] {
  const aMinuteAgo = earlier(now, minutes)
  const anHourAgo = earlier(now, hours)
  const own = new Set(JSON.parse(sight.mine) as string[])
  const unknown = sight.isApart === 1 ? marksUnknownTo(cache, idsOf(rows), reader.member) : undefined
  return rows.map(
    ([, id, author, name, standing, labels, postedAt, sees, sealedForWhom, sealedRequest, people, times]) => {
      const mark = marks.get(id)
      const markedJustNow = mark !== undefined && mark.at > aMinuteAgo
      const request = openedWord(keyring, { id, sees }, 'request', sealedRequest)
      const forWhom = openedWord(keyring, { id, sees }, 'forWhom', sealedForWhom)
      const hidden = unknown?.get(id)
      return {
        id,
        author: name,
        profile: standing === 'here' && name !== null ? author : null,
        labels: labelsIn(name === null ? null : labels),
        isNameless: author === null,
        isMine: author === null ? own.has(id) : author === reader.member,
        sees,
        postedAt,
        forWhom: forWhom ?? null,
        request: request ?? null,
        isShut: request === undefined,
        people: (people ?? 0) - (hidden?.people ?? 0),
        times: (times ?? 0) - (hidden?.times ?? 0),
        mayMark: sealedRequest !== null && !markedJustNow,
        markedJustNow,
        undo: mark !== undefined && mark.writtenAt > anHourAgo ? mark.sequence : null,
      }
    },
  )
}

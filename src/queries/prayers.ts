import { and, count, eq, gte, lt, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { untilTouched } from '../cache/untouched.ts'
import { earlier, minutes } from '../kernel/moment.ts'
import { mayTry } from '../kernel/permissions.ts'
import { prayers } from '../records/prayers.ts'
import { lookupsOf } from './author-lookups.ts'
import { becoming } from './becoming.ts'
import { cardsOf, idsOf, isGiven, pageOf, type Reader, type Row, requests } from './cards.ts'
import { latestMarks, latestMarksOnNewest, whoPrayed } from './marks.ts'
import { type Seen, type Sight, seen, seesWhatAllSee, sightOf } from './may-see.ts'
import type { Card } from './pages/cards.ts'
import type { Feed, Prayer } from './pages/prayers.ts'
import { settingsOf } from './settings.ts'

/** What is asked for now: the newest feed shows nothing else. */
const isOpen = sql`${prayers.state} = 'open'`

const newestForAll = requests(
  and(isOpen, lt(prayers.sequence, given('before')), sql`${prayers.sees} = 'everyone'`),
)
const before = requests(and(isOpen, lt(prayers.sequence, given('before')), seen))
const ofAuthor = requests(
  and(eq(prayers.author, given('author')), lt(prayers.sequence, given('before')), seen),
)
const byId = requests(and(isGiven, seen))

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
    .where(and(isOpen, gte(prayers.sequence, given('sequence')), seen))
    .prepare(),
)

const seenColumns = {
  id: prayers.id,
  sees: prayers.sees,
  author: prayers.author,
  sealedAuthor: prayers.sealedAuthor,
  state: prayers.state,
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
    .select({ ...seenColumns, request: prayers.request, forWhom: prayers.forWhom, state: prayers.state })
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
    isJustShared: card.isMine && card.state === 'open' && card.postedAt > earlier(now, minutes),
    prayedBy: card.isMine ? whoPrayed(cache, prayer, reader.member) : null,
    lookups: card.isMine && card.isNameless ? lookupsOf(cache, keyring, prayer) : [],
    becoming: becoming(reading, card),
    mayShowAuthor: card.isNameless && !card.isMine && mayTry(reader, 'seeAuthor'),
    mayPublish:
      card.isMine && card.state === 'open' && card.sees === 'everyone' && settingsOf(cache).publicPages,
  }
}

/** What decides who sees a request; undefined when there is none. */
export const seenById: (cache: Reading, prayer: string) => Seen | undefined = untilTouched(
  [prayers],
  (cache, prayer) => seenOne(cache).get({ prayer }),
)

/** The same with its words as the cache has them. */
export const prayerById = (cache: Reading, prayer: string) => wholeOne(cache).get({ prayer })

/** The newest rows are read again only after something was committed: they are the same for most members. */
const newest = untilChanged(
  (cache) => newestForAll(cache).values({ before: Number.MAX_SAFE_INTEGER }) as unknown as readonly Row[],
)

/** `values` leaves out drizzle's mapping, a quarter of the cost of this query; `columns` has the order of `Row`. */
const postedBefore = (cache: Reading, sight: Sight, end = Number.MAX_SAFE_INTEGER) =>
  before(cache).values({ before: end, ...sight }) as unknown as readonly Row[]

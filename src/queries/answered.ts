import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { days, earlier } from '../kernel/moment.ts'
import { marks, prayerCounts } from '../records/marks.ts'
import { prayers, type Topic, topics } from '../records/prayers.ts'
import { separations } from '../records/separations.ts'
import { cardsOf, idsOf, pageOf, type Reader, type Row, requests } from './cards.ts'
import { latestMarks } from './marks.ts'
import { type Sight, seen, seesWhatAllSee, sightOf } from './may-see.ts'
import type { Answered } from './pages/becoming.ts'
import { requestNow } from './requests.ts'

const isAnswered = eq(prayers.state, 'answered')
const isEarlier = lt(prayers.stateIn, given('before'))
const told = desc(prayers.stateIn)

const newestFirst = requests(and(isAnswered, isEarlier, seen), told)
const ofTopic = requests(and(isAnswered, eq(prayers.topic, given('topic')), isEarlier, seen), told)

const counts = (condition: SQL | undefined) =>
  prepared((db) =>
    db
      .select({
        answered: sql<number>`count(*)`,
        testimonies: sql<number>`count(${prayers.ending})`,
        lately: sql<number>`coalesce(sum(${prayers.stateAt} > ${given('since')}), 0)`,
        times: sql<number>`coalesce(sum(${prayerCounts.times}), 0)`,
      })
      .from(prayers)
      .leftJoin(prayerCounts, eq(prayerCounts.prayer, prayers.id))
      .where(and(isAnswered, condition))
      .prepare(),
  )

const countsForAll = counts(sql`${prayers.sees} = 'everyone'`)
const countsFor = counts(seen)

/** How often those prayed for these of whom the reader may know nothing. */
const timesUnknownTo = prepared((db) =>
  db
    .select({ times: sql<number>`count(*)` })
    .from(prayers)
    .innerJoin(marks, eq(marks.prayer, prayers.id))
    .innerJoin(separations, and(eq(separations.other, marks.member), eq(separations.member, given('reader'))))
    .where(and(isAnswered, seen))
    .prepare(),
)

export const topicCalled = (name: string): Topic | undefined => topics.find((topic) => topic === name)

/** A page of what was answered, as this reader may see it: newest first by when it was told. */
export function answeredPage(reading: Reader, topic?: Topic, before?: number): Answered {
  const { cache, keyring, reader } = reading
  const sight = sightOf(cache, keyring, reader)
  const end = { before: before ?? Number.MAX_SAFE_INTEGER, ...sight }
  const rows = (topic === undefined
    ? newestFirst(cache).values(end)
    : ofTopic(cache).values({ ...end, topic })) as unknown as readonly Row[]
  const { page, last } = pageOf(rows)
  const oldest = page.at(-1)?.[1]
  const place = last === undefined || oldest === undefined ? undefined : requestNow(cache, oldest)?.stateIn
  const of = topic === undefined ? '/answered?' : `/answered?topic=${topic}&`
  return {
    cards: cardsOf(page, { ...reading, sight, marks: latestMarks(cache, idsOf(page), reader.member) }),
    totals: totalsFor(reading, sight),
    topics,
    topic: topic ?? null,
    isNewest: before === undefined,
    older: place === undefined ? null : `${of}before=${place}`,
  }
}

/** To add up a long past takes a while, so the sums are kept until something is committed. */
const kept = untilChanged(() => new Map<string, Answered['totals']>())

function totalsFor({ cache, now }: Reader, sight: Sight): Answered['totals'] {
  const isForAll = seesWhatAllSee(sight)
  // By the minute: what has grown older than that falls out of the sum by itself.
  const since = `${earlier(now, 30 * days).slice(0, 16)}:00.000Z`
  const name = `${isForAll ? 'all' : JSON.stringify(sight)} ${since}`
  const known = kept(cache).get(name)
  if (known) return known
  const sums = isForAll ? countsForAll(cache).get({ since }) : countsFor(cache).get({ since, ...sight })
  const { answered = 0, testimonies = 0, lately = 0, times = 0 } = sums ?? {}
  const totals = { answered, testimonies, lately, times: times - hiddenTimes(cache, sight) }
  kept(cache).set(name, totals)
  return totals
}

const hiddenTimes = (cache: Reading, sight: Sight) =>
  sight.isApart === 0 ? 0 : (timesUnknownTo(cache).get({ ...sight })?.times ?? 0)

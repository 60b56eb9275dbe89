import { max, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { mayTry } from '../kernel/permissions.ts'
import { marks } from '../records/marks.ts'
import { prayers, topics } from '../records/prayers.ts'
import { cardsOf, pageSize, type Reader, type Row, requests } from './cards.ts'
import { type FeedAddress, feedHref } from './feeds/addresses.ts'
import { feedCounter } from './feeds/counts.ts'
import { feedNames, feedWords } from './feeds/kinds.ts'
import { placesIn } from './feeds/places.ts'
import { shapes } from './feeds/shapes.ts'
import { valuesFor } from './feeds/values.ts'
import { inFocus } from './focus.ts'
import { latestMarks } from './marks.ts'
import { sightOf } from './may-see.ts'
import type { FeedPage } from './pages/feeds.ts'
import type { Feed } from './pages/prayers.ts'
import { recentPrayers } from './prayers.ts'

const these = requests(sql`${prayers.id} in (select value from json_each(${given('ids')}))`)

const newestMark = prepared((db) =>
  db
    .select({ sequence: max(marks.sequence) })
    .from(marks)
    .prepare(),
)
const newestPrayer = prepared((db) =>
  db
    .select({ sequence: max(prayers.sequence) })
    .from(prayers)
    .prepare(),
)

/** One page of a feed, with all the feeds beside it. What is new since then stands apart on the front page. */
export function feedPage(reading: Reader, address: FeedAddress, since?: Moment): FeedPage {
  const { feed, topic } = address
  const count = feedCounter(reading)
  const page = isPlain(address) ? recentPrayers(reading, numberIn(address)) : requestsOf(reading, address)
  const isFront = page.isNewest && feed === 'new' && topic === null
  // One's own is no news, unless it stands between others that are.
  const newIn =
    since === undefined
      ? 0
      : 1 + page.cards.findLastIndex(({ postedAt, isMine }) => postedAt > since && !isMine)
  const whole = { feed, topic: null, before: undefined, asOf: undefined }
  return {
    ...page,
    ...feedWords[feed],
    fresh: page.cards.slice(0, newIn),
    cards: page.cards.slice(newIn),
    tabs: feedNames.map((name) => ({
      words: feedWords[name].tab,
      href: feedHref({ ...whole, feed: name, topic }),
      isHere: name === feed,
      count: count(name),
    })),
    topic,
    topics: [null, ...topics].map((one) => ({
      topic: one,
      href: feedHref({ ...whole, topic: one }),
      isHere: one === topic,
    })),
    first: feed === 'new' && topic === null ? '/' : feedHref({ ...whole, topic }),
    focus: isFront ? inFocus(reading) : [],
    mayFocus: mayTry(reading.reader, 'placeInFocus'),
  }
}

/** The newest page of everything that is asked for: most people open nothing else, and it is kept for them. */
const isPlain = ({ feed, topic }: FeedAddress) => feed === 'new' && topic === null

const numberIn = ({ before }: FeedAddress) => (before === undefined ? undefined : Number(before[0]))

function requestsOf(reading: Reader, address: FeedAddress): Feed {
  const { cache, keyring, reader } = reading
  const { feed, topic, before } = address
  const sight = sightOf(cache, keyring, reader)
  const asOf = shapes[feed].isAsOf && (address.asOf ?? latestRecord(cache))
  const values = valuesFor(reading, sight, asOf || undefined)
  const places = placesIn(cache, feed, { topic, after: before, values })
  const page = places.slice(0, pageSize)
  const [, ...last] = page.at(-1) ?? []
  return {
    cards: cardsIn(
      reading,
      page.map(([id]) => id),
    ),
    isNewest: before === undefined,
    older: places.length > pageSize ? feedHref({ feed, topic, before: last, asOf }) : null,
  }
}

/** The newest record that praying has anything to do with. */
const latestRecord = (cache: Reading) =>
  Math.max(newestMark(cache).get({})?.sequence ?? 0, newestPrayer(cache).get({})?.sequence ?? 0)

/** The cards of these requests, in this order. */
function cardsIn(reading: Reader, ids: readonly string[]): Feed['cards'] {
  const { cache, keyring, reader } = reading
  const rows = these(cache).values({ ids: JSON.stringify(ids) }) as unknown as readonly Row[]
  const sight = sightOf(cache, keyring, reader)
  const cards = cardsOf(rows, { ...reading, sight, marks: latestMarks(cache, ids, reader.member) })
  const byId = new Map(cards.map((card) => [card.id, card]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

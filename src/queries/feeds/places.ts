import { type SQL, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../../cache/reading.ts'
import { pageSize } from '../cards.ts'
import { type FeedName, feedNames, mostCounted } from './kinds.ts'
import { type Shape, shapes } from './shapes.ts'

/** Where a page of a feed ends: the place of its last request. */
export type Place = readonly (string | number)[]

/** One request of a feed, and its place there. */
export type Placed = readonly [prayer: string, ...place: Place]

/** Of a feed the requests after a place, one more than a page, and how many there are. */
interface Queries {
  readonly after: (cache: Reading) => { values(given: object): unknown }
  readonly ofTopicAfter: (cache: Reading) => { values(given: object): unknown }
  readonly count: (cache: Reading) => { get(given: object): { count: number } | undefined }
}

const ofTopic = sql`"prayers"."topic" = ${given('topic')}`

const queries = Object.fromEntries(
  feedNames.map((name) => {
    const shape = shapes[name]
    return [
      name,
      {
        after: pages(shape, sql`${shape.where} and ${isBeyond(shape)}`),
        ofTopicAfter: pages(shape, sql`${shape.where} and ${ofTopic} and ${isBeyond(shape)}`),
        count: counting(shape),
      },
    ]
  }),
) as unknown as Readonly<Record<FeedName, Queries>>

/** What a query about a feed is given: who reads, when, and from where on. */
export interface From {
  readonly topic: string | null
  readonly after: Place | undefined
  readonly values: object
}

/** The requests of a feed after a place. */
export function placesIn(cache: Reading, feed: FeedName, { topic, after, values }: From): readonly Placed[] {
  const [first, second] = after ?? beginning(shapes[feed])
  const query = topic === null ? queries[feed].after : queries[feed].ofTopicAfter
  return query(cache).values({ ...values, topic, first, second }) as readonly Placed[]
}

/** How many requests are in a feed: at most `mostCounted`. */
export const countIn = (cache: Reading, feed: FeedName, values: object): number =>
  queries[feed].count(cache).get(values)?.count ?? 0

/** Above or below everything there is: a place begins with a number, or with a day. */
const beginning = ({ isDescending }: Shape): Place => (isDescending ? [Number.MAX_SAFE_INTEGER, 0] : [-1, -1])

function isBeyond({ place: [first, second], isDescending }: Shape): SQL {
  if (second === undefined) return sql`${first} < ${given('first')}`
  const beyond = sql.raw(isDescending ? '<' : '>')
  return sql`(${first}, ${second}) ${beyond} (${given('first')}, ${given('second')})`
}

function pages({ from, place, isDescending }: Shape, where: SQL) {
  const [first, second] = place
  const order = sql.raw(isDescending ? 'desc' : 'asc')
  return prepared((db) =>
    db
      .select({ prayer: sql<string>`"prayers"."id"`, ...fields(first, second) })
      .from(from)
      .where(where)
      .orderBy(...place.map((one) => sql`${one} ${order}`))
      .limit(atMost(pageSize + 1))
      .prepare(),
  )
}

/** Nested, or drizzle would leave out which table a column is of. */
function fields(first: SQL | undefined, second: SQL | undefined) {
  return {
    first: sql<string | number>`${first}`,
    ...(second && { second: sql<string | number>`${second}` }),
  }
}

function counting({ from, where }: Shape) {
  return prepared((db) => {
    const some = db
      .select({ one: sql`1`.as('one') })
      .from(from)
      .where(where)
      .limit(atMost(mostCounted))
    return db.select({ count: sql<number>`count(*)` }).from(some.as('some')).prepare()
  })
}

import { isMoment } from '../../kernel/moment.ts'
import { type Topic, topics } from '../../records/prayers.ts'
import { type FeedName, isFeedName } from './kinds.ts'
import type { Place } from './places.ts'

/** Which page of which feed: what an address says. */
export interface FeedAddress {
  readonly feed: FeedName
  readonly topic: Topic | null
  /** Where the page before ended; undefined is the beginning. */
  readonly before: Place | undefined
  /** The record up to which praying counts; undefined is now. */
  readonly asOf: number | undefined
}

/** The newest of everything that is asked for. */
export const front: FeedAddress = { feed: 'new', topic: null, before: undefined, asOf: undefined }

/** The address of a page; what is as usual is left out. */
export function feedHref({ feed, topic, before, asOf }: FeedAddress): string {
  const parts = [
    feed === 'new' ? [] : [`tab=${feed}`],
    topic === null ? [] : [`topic=${topic}`],
    before === undefined ? [] : [`before=${before.join('.')}`],
    asOf === undefined ? [] : [`asOf=${asOf}`],
  ].flat()
  return parts.length === 0 ? '/feed' : `/feed?${parts.join('&')}`
}

/** What an address says; undefined when it leads nowhere. */
export function feedAddressed(query: Readonly<Record<string, unknown>>): FeedAddress | undefined {
  const { tab = 'new', topic = null, before, asOf } = query
  if (!isFeedName(tab)) return undefined
  if (topic !== null && !isTopic(topic)) return undefined
  const place = before === undefined ? undefined : placeIn(tab, before)
  if (before !== undefined && place === undefined) return undefined
  if (asOf !== undefined && !isNumber(asOf)) return undefined
  return { feed: tab, topic, before: place, asOf: asOf === undefined ? undefined : Number(asOf) }
}

const isTopic = (given: unknown): given is Topic => topics.some((topic) => topic === given)
const isNumber = (given: unknown): given is string => typeof given === 'string' && /^\d{1,15}$/.test(given)

/** Two feeds have two things that say where a request stands. */
function placeIn(feed: FeedName, given: unknown): Place | undefined {
  if (typeof given !== 'string') return undefined
  if (feed !== 'waiting' && feed !== 'week' && feed !== 'focus')
    return isNumber(given) ? [Number(given)] : undefined
  const [first = '', second, ...more] = given.split('.')
  if (!isNumber(second) || more.length > 0) return undefined
  if (feed === 'week') return isDay(first) ? [first, Number(second)] : undefined
  return isNumber(first) ? [Number(first), Number(second)] : undefined
}

const isDay = (given: string) => isMoment(`${given}T00:00:00.000Z`)

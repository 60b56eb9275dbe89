import type { FastifyReply, FastifyRequest } from 'fastify'
import { days, type Moment, millisecondsOf, minutes, momentOf } from '../kernel/moment.ts'
import { type FeedAddress, front } from '../queries/feeds/addresses.ts'
import { feedPage } from '../queries/feeds.ts'
import type { FeedPage } from '../queries/pages/feeds.ts'
import { attributes, cookieNames, readerOf } from './session.ts'
import type { Site } from './site.ts'

/*
 * What is new since somebody last looked is known by a cookie of their browser: no record says when anybody was here. A look
 * lasts until half an hour has passed without one, so what is new stays so while they read and pray.
 */

interface Looks {
  /** The newest request of the look before this one. */
  readonly since: Moment
  /** The newest that they have seen now. */
  readonly newest: Moment
  readonly lookedAt: Moment
}

const lookEnds = 30 * minutes
const noted = 5 * minutes

/** A page of a feed; on the front page, what is new stands apart, and is old the next time. */
export function feedFor(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  address: FeedAddress,
): FeedPage {
  const reading = readerOf(site, request)
  if (address.feed !== front.feed || address.topic !== null || address.before)
    return feedPage(reading, address)
  const before = looksIn(request.cookies[cookieNames(site).looked])
  const isOver = before && millisecondsOf(reading.now) - millisecondsOf(before.lookedAt) > lookEnds
  const since = isOver ? before.newest : before?.since
  const page = feedPage(reading, address, since)
  const newest = [...page.fresh, ...page.cards][0]?.postedAt ?? before?.newest ?? reading.now
  const looks = { since: since ?? newest, newest: later(newest, before?.newest), lookedAt: reading.now }
  if (!before || isToBeNoted(before, looks)) {
    const value = [looks.since, looks.newest, looks.lookedAt].map(millisecondsOf).join('.')
    reply.setCookie(cookieNames(site).looked, value, { ...attributes(site), maxAge: (400 * days) / 1000 })
  }
  return page
}

const later = (one: Moment, other: Moment = one) => (one > other ? one : other)

/** Most pages would only say once more what the cookie says already. */
const isToBeNoted = (before: Looks, looks: Looks) =>
  before.since !== looks.since ||
  before.newest !== looks.newest ||
  millisecondsOf(looks.lookedAt) - millisecondsOf(before.lookedAt) > noted

/** What is not like a cookie of ours says nothing. */
function looksIn(cookie: string | undefined): Looks | undefined {
  const [, since, newest, lookedAt] = /^(\d{13})\.(\d{13})\.(\d{13})$/.exec(cookie ?? '') ?? []
  if (!since || !newest || !lookedAt) return undefined
  const moment = (milliseconds: string) => momentOf(Number(milliseconds))
  return { since: moment(since), newest: moment(newest), lookedAt: moment(lookedAt) }
}

import { eq, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { earlier, hours, type Moment } from '../kernel/moment.ts'
import { outcomes, prayers, topics } from '../records/prayers.ts'
import { openedWord } from './sealed-words.ts'

/*
 * A request as it stands, for whoever decides about it or shows what became of it. Whether somebody may see it is asked of
 * may-see.ts.
 */

export type RequestNow = typeof prayers.$inferSelect

/** What forms offer. */
export const choices = { topics, outcomes }

const isUnchanged = sql`${prayers.changedIn} is null`

/** The words of a request since their last change, for queries: as the cache has them. */
export const currentWords = {
  request: sql<
    string | null
  >`case when ${isUnchanged} then ${prayers.request} else ${prayers.changedRequest} end`,
  forWhom: sql<
    string | null
  >`case when ${isUnchanged} then ${prayers.forWhom} else ${prayers.changedForWhom} end`,
}

const byId = prepared((db) =>
  db
    .select()
    .from(prayers)
    .where(eq(prayers.id, given('prayer')))
    .prepare(),
)

/** The whole row of a request; undefined when there is none. */
export const requestNow = (cache: Reading, prayer: string): RequestNow | undefined =>
  byId(cache).get({ prayer })

/** The words of a request since their last change: null when erased or not there, undefined when no key opens them. */
export function wordsNow(keyring: Keyring, row: RequestNow) {
  const isChanged = row.changedIn !== null
  const kind = isChanged ? 'prayer.changed' : 'prayer.posted'
  const request = isChanged ? row.changedRequest : row.request
  const forWhom = isChanged ? row.changedForWhom : row.forWhom
  return {
    request: openedWord(keyring, row, 'request', request, kind),
    forWhom: openedWord(keyring, row, 'forWhom', forWhom, kind),
  }
}

/** The testimony, or the words at the end, in the same way. */
export const endingNow = (keyring: Keyring, row: RequestNow) =>
  row.state === 'answered'
    ? openedWord(keyring, row, 'testimony', row.ending, 'prayer.answered')
    : openedWord(keyring, row, 'words', row.ending, 'prayer.closed')

/** Whether it was asked so lately that its words may change without anybody being told. */
export const isFresh = ({ postedAt }: Pick<RequestNow, 'postedAt'>, now: Moment) =>
  postedAt > earlier(now, hours)

import { and, desc, eq, isNull } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { members } from '../records/members.ts'
import { prayers } from '../records/prayers.ts'
import { publications } from '../records/publications.ts'
import type { OpenPage } from './pages/publications.ts'
import { settingsOf } from './settings.ts'

/*
 * Pages on the open internet. One is there while its request is open and everyone here sees it, and it was made since the
 * request was opened last: what comes back after it was out of the way is published anew or not at all. Whoever was shut out
 * cannot take theirs back any more, so it is gone; but not what they asked without their name, which would say whose it was.
 */

const columns = {
  id: publications.id,
  isNamed: publications.isNamed,
  at: publications.at,
  endedAt: publications.endedAt,
  sees: prayers.sees,
  state: prayers.state,
  stateAt: prayers.stateAt,
  author: prayers.author,
  name: members.name,
  standing: members.standing,
  changedIn: prayers.changedIn,
  request: prayers.request,
  changedRequest: prayers.changedRequest,
  forWhom: prayers.forWhom,
  changedForWhom: prayers.changedForWhom,
}

const byId = prepared((db) =>
  db
    .select(columns)
    .from(publications)
    .innerJoin(prayers, eq(prayers.id, publications.prayer))
    .leftJoin(members, eq(members.id, prayers.author))
    .where(eq(publications.id, given('publication')))
    .prepare(),
)

const ofPrayer = prepared((db) =>
  db
    .select(columns)
    .from(publications)
    .innerJoin(prayers, eq(prayers.id, publications.prayer))
    .leftJoin(members, eq(members.id, prayers.author))
    .where(and(eq(publications.prayer, given('prayer')), isNull(publications.endedAt)))
    .orderBy(desc(publications.at))
    .prepare(),
)

type Row = NonNullable<ReturnType<ReturnType<typeof byId>['get']>>

const isThere = ({ endedAt, sees, state, stateAt, at, author, standing }: Row) =>
  endedAt === null &&
  sees === 'everyone' &&
  state === 'open' &&
  at >= stateAt &&
  (author === null || standing === 'here')

/** What anybody reads at this address: null when it is there no more, undefined when it never was. */
export function openPage(cache: Reading, publication: string): OpenPage | null | undefined {
  const row = byId(cache).get({ publication })
  if (!row) return undefined
  const request = row.changedIn === null ? row.request : row.changedRequest
  if (!settingsOf(cache).publicPages || !isThere(row) || request === null) return null
  const forWhom = row.changedIn === null ? row.forWhom : row.changedForWhom
  return { request, ...(row.isNamed ? { author: row.name, forWhom } : { author: null, forWhom: null }) }
}

/** The page that a request has now. */
export const publicationOf = (cache: Reading, prayer: string) => ofPrayer(cache).all({ prayer }).find(isThere)

/** Ids of all that were never taken back, also of those that nobody can open any more. */
export const publicationsOf = (cache: Reading, prayer: string) =>
  ofPrayer(cache)
    .all({ prayer })
    .map(({ id }) => id)

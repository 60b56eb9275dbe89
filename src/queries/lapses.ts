import { and, asc, eq, isNotNull, ne, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { days, later, type Moment } from '../kernel/moment.ts'
import { prayers } from '../records/prayers.ts'
import { nameless } from './nameless.ts'

/*
 * Requests are open for a while, and then rest. Those that only their author sees never do: nobody has grown tired of them.
 */

/** So long before it lapses the author of a request is asked what shall become of it. */
const askedBefore = 7 * days

const perBatch = 50

/** It lapses by the moment that is given, unless somebody does something: looked for among what is open. */
const lapses = and(
  eq(prayers.state, 'open'),
  ne(prayers.sees, 'me'),
  isNotNull(prayers.lapsesAt),
  sql`${prayers.lapsesAt} <= ${given('upTo')}`,
)

const due = prepared((db) =>
  db
    .select({ id: prayers.id })
    .from(prayers)
    .where(lapses)
    .orderBy(asc(prayers.sequence))
    .limit(atMost(perBatch))
    .prepare(),
)

const named = { prayer: prayers.id, sequence: prayers.sequence, lapsesAt: sql<Moment>`${prayers.lapsesAt}` }

const ofAuthor = prepared((db) =>
  db
    .select(named)
    .from(prayers)
    .where(and(eq(prayers.author, given('member')), lapses))
    .prepare(),
)

const ofThese = prepared((db) =>
  db
    .select(named)
    .from(prayers)
    .where(and(sql`${prayers.id} in (select value from json_each(${given('ids')}))`, lapses))
    .prepare(),
)

/** Those that are to rest by this moment, as many as are put to rest at once: what was asked first comes first. */
export const dueToRest = (cache: Reading, upTo: Moment) => due(cache).all({ upTo })

/** Whether a request, of its author's, is close enough to its end that they are asked. */
export const isLapsing = (
  { state, sees, lapsesAt }: Pick<typeof prayers.$inferSelect, 'state' | 'sees' | 'lapsesAt'>,
  now: Moment,
) => state === 'open' && sees !== 'me' && lapsesAt !== null && lapsesAt <= later(now, askedBefore)

/** What of this member's own lapses within a week, soonest first; what they asked without their name, too. */
export function lapsingSoon(cache: Reading, keyring: Keyring, member: string, now: Moment) {
  const upTo = later(now, askedBefore)
  const ids = nameless(cache, keyring).get(member) ?? []
  const found = [
    ...ofAuthor(cache).all({ member, upTo }),
    ...(ids.length > 0 ? ofThese(cache).all({ ids: JSON.stringify(ids), upTo }) : []),
  ]
  return found.sort((a, b) =>
    a.lapsesAt < b.lapsesAt ? -1 : a.lapsesAt > b.lapsesAt ? 1 : a.sequence - b.sequence,
  )
}

import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { days, earlier, later, type Moment } from '../kernel/moment.ts'
import { names } from '../records/names.ts'
import type { FormerName } from './pages/people.ts'

/** So long a name that somebody gave up is theirs alone. */
const kept = 90 * days

/** When the name was given up; null while its member has it. In words, because drizzle leaves out the table in a select from one. */
const givenUpAt = sql<Moment | null>`(
  select following.at from names as following
  where following.member = names.member and following.sequence > names.sequence
  order by following.sequence limit 1
)`

const holders = prepared((db) =>
  db
    .select({ member: names.member })
    .from(names)
    .where(
      and(
        eq(names.nameKey, given('key')),
        ne(names.member, given('member')),
        sql`coalesce(${givenUpAt} > ${given('since')}, 1)`,
      ),
    )
    .limit(atMost(1))
    .prepare(),
)

/** In words, too. */
const isToBeErased = sql`exists (
  select 1 from erasures where erasures.record = names.sequence and erasures.hash = names.hash and erasures.field = 'name'
)`

const ofMember = prepared((db) =>
  db
    .select({ sequence: names.sequence, hash: names.hash, name: names.name, givenUpAt })
    .from(names)
    // What was asked to be erased is gone at once, though a cache without it takes a moment to be made.
    .where(and(eq(names.member, given('member')), sql`not ${isToBeErased}`))
    .orderBy(asc(names.sequence))
    .prepare(),
)

const lately = prepared((db) =>
  db
    .select({ at: names.at })
    .from(names)
    .where(and(eq(names.member, given('member')), gt(names.at, given('since'))))
    .prepare(),
)

/** Whether anybody but this member has a name with this key, or had it within the last 90 days. */
export const isNameTaken = (cache: Reading, key: string, now: Moment, member = '') =>
  holders(cache).get({ key, member, since: earlier(now, kept) }) !== undefined

/** The names that this member had before, the first one first; what was erased is not among them. */
export const formerNames = (cache: Reading, member: string, now: Moment): FormerName[] =>
  ofMember(cache)
    .all({ member })
    .flatMap(({ sequence, name, givenUpAt: end }) =>
      name === null || end === null ? [] : [{ record: sequence, name, end }],
    )
    .map(({ record, name, end }) => ({
      record,
      name,
      keptUntil: later(end, kept) > now ? later(end, kept) : null,
    }))

/** The closing hash of the record that gave this member a name which they have no more; undefined when there is none. */
export const formerNameIn = (cache: Reading, member: string, record: number) =>
  ofMember(cache)
    .all({ member })
    .find(({ sequence, name, givenUpAt: end }) => sequence === record && name !== null && end !== null)?.hash

/** How often this member took a name within the last 90 days, the one they came with included. */
export const namesTakenLately = (cache: Reading, member: string, now: Moment) =>
  lately(cache).all({ member, since: earlier(now, kept) }).length

import { type AnyColumn, and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { labels } from '../records/labels.ts'
import type { Label } from './pages/cards.ts'

const byId = prepared((db) =>
  db
    .select({ member: labels.member })
    .from(labels)
    .where(eq(labels.id, given('label')))
    .prepare(),
)

const ofMember = prepared((db) =>
  db
    .select({ id: labels.id, words: labels.words, symbol: labels.symbol })
    .from(labels)
    .where(and(eq(labels.member, given('member')), isNotNull(labels.words)))
    .orderBy(asc(labels.givenAt), asc(labels.id))
    .prepare(),
)

export const labelById = (cache: Reading, label: string) => byId(cache).get({ label })

/** What stands beside this member's name, the oldest first; what was erased is not among it. */
export const labelsOf = (cache: Reading, member: string) =>
  ofMember(cache)
    .all({ member })
    .map(({ id, words, symbol }) => ({ id, words: words ?? '', symbol }))

/** The same beside many names at once, as text for `labelsIn`; null for most. */
export const labelsBeside = (member: AnyColumn) => sql<string | null>`(
  select json_group_array(json_array(${labels.words}, ${labels.symbol}, ${labels.givenAt}, ${labels.id}))
  from ${labels}
  where ${labels.member} = ${member} and ${labels.words} is not null
  having count(*) > 0
)`

type Found = readonly [words: string, symbol: string | null, givenAt: string, id: string]

const none: readonly Label[] = []

/** The labels that `labelsBeside` has found. They are few: an order in SQL would cost each row of a feed more. */
export function labelsIn(found: string | null): readonly Label[] {
  if (found === null) return none
  // That is what `labelsBeside` writes.
  const all = JSON.parse(found) as Found[]
  all.sort(([, , at, id], [, , otherAt, otherId]) => (at + id < otherAt + otherId ? -1 : 1))
  return all.map(([words, symbol]) => ({ words, symbol }))
}

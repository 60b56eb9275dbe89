import { and, eq, inArray, max, sql } from 'drizzle-orm'
import { prepared, type Reading } from '../cache/reading.ts'
import { nameKey } from '../kernel/names.ts'
import { audit } from '../records/audit.ts'
import { members } from '../records/members.ts'
import { names } from '../records/names.ts'
import type { Reader } from './cards.ts'
import type { Directory, Person } from './pages/people.ts'
import { keptApartFrom } from './separations.ts'

const pageSize = 50

/** What is far longer than a name is found nowhere, and folding it would take long. */
const longest = 100

/** Somebody who is here, with their name as it is looked for. */
interface Listed {
  readonly id: string
  readonly name: string
  /** In small letters and without accents. */
  readonly plain: string
  readonly key: string
}

const everybody = prepared((db) =>
  db
    .select({ id: members.id, name: members.name, key: members.nameKey })
    .from(members)
    .where(and(eq(members.standing, sql`'here'`), sql`${members.name} is not null`))
    .prepare(),
)

const lastName = prepared((db) =>
  db
    .select({ sequence: max(names.sequence) })
    .from(names)
    .prepare(),
)

/** The kinds of record by which somebody who has a name comes to be here, or is here no more. */
const comings = ['member.admitted', 'member.declined', 'member.deactivated', 'member.reactivated']

const lastComing = prepared((db) =>
  db
    .select({ sequence: max(audit.sequence) })
    .from(audit)
    .where(inArray(audit.act, comings))
    .prepare(),
)

/** A page of the people whom this reader may know of; `after` is the last one on the page before. */
export function directory(
  { cache, reader }: Reader,
  { q, after }: { readonly q: unknown; readonly after: unknown },
): Directory {
  const search = typeof q === 'string' ? q.trim().slice(0, longest) : ''
  const hidden = new Set(keptApartFrom(cache, reader.member))
  const known = listed(cache).filter(({ id }) => !hidden.has(id))
  const found = search === '' ? known : matching(known, search)
  // Whoever is not there, or is not there for this reader, is nowhere in the order: the list begins anew.
  const start = found.findIndex(({ id }) => id === after) + 1
  const people = found.slice(start, start + pageSize)
  const last = people.at(-1)
  return {
    people: people.map(({ id, name }): Person => ({ id, name, isMe: id === reader.member })),
    count: found.length,
    search,
    isFirst: start === 0,
    next: last && start + pageSize < found.length ? pageAfter(last.id, search) : null,
  }
}

/** How many people this reader may know of, themselves among them. */
export function countKnown(cache: Reading, member: string): number {
  const hidden = new Set(keptApartFrom(cache, member))
  return listed(cache).filter(({ id }) => !hidden.has(id)).length
}

/** As people write names; if nobody is called so, whatever looks like it. */
function matching(people: readonly Listed[], search: string): readonly Listed[] {
  const plain = plainly(search)
  const found = people.filter((one) => one.plain.includes(plain))
  if (found.length > 0) return found
  const key = nameKey(search)
  return key === '' ? [] : people.filter((one) => one.key.includes(key))
}

const plainly = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()

const pageAfter = (id: string, search: string) =>
  search === '' ? `/people?after=${id}` : `/people?q=${encodeURIComponent(search)}&after=${id}`

const kept = new WeakMap<Reading, { readonly version: string; readonly people: readonly Listed[] }>()

/**
 * Everybody who is here, in the order of their names. SQLite knows no alphabet but ASCII's, so they are put in order here,
 * and kept until somebody comes, goes or is renamed; a connection that writes sees what may be undone, and keeps nothing.
 */
function listed(cache: Reading): readonly Listed[] {
  const version = `${lastName(cache).get()?.sequence} ${lastComing(cache).get()?.sequence}`
  const known = kept.get(cache)
  if (known?.version === version) return known.people
  const people = inOrder(everybody(cache).all(), known?.people ?? [])
  if (cache.sqlite.readonly) kept.set(cache, { version, people })
  return people
}

/** Whoever was listed before stays where they were: to compare all names anew takes three times as long. */
function inOrder(rows: ReturnType<ReturnType<typeof everybody>['all']>, before: readonly Listed[]) {
  const news = new Map(rows.map((row) => [row.id, row]))
  const still = before.filter((one) => news.get(one.id)?.name === one.name && news.delete(one.id))
  const fresh = [...news.values()].map(({ id, name, key }) => ({
    ...{ id, name: name ?? '', key: key ?? '' },
    plain: plainly(name ?? ''),
  }))
  return [...still, ...fresh].sort(
    (one, other) => alphabet.compare(one.name, other.name) || (one.id < other.id ? -1 : 1),
  )
}

const alphabet = new Intl.Collator('en', { numeric: true })

import { desc, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import type { Member } from '../kernel/actor.ts'
import { members } from '../records/members.ts'
import { isPaused } from './members.ts'
import type { Branch, Tree, TreePerson } from './pages/joining.ts'
import { keptApartFrom } from './separations.ts'

/*
 * Who came through whom. Whoever left, waits, or is kept apart from the reader is not there at all: whom they brought hang
 * where they themselves would, so that nothing tells that somebody is missing. Hence "through", and not "invited by".
 */

const pageSize = 50
/** Of each branch so many are shown below its name. */
const firstOnes = 3
/** Of a long way from the top only its ends are shown. */
const [waysBegin, waysEnd] = [2, 5]

const isSeen = sql`(m.standing = 'here' and m.name is not null
  and m.id not in (select value from json_each(${given('apart')})))`

/** Those right below a place, in the order in which they came: below whoever is not to be seen, too. */
const below = prepared((db) =>
  db
    .select({
      id: sql<string>`found.id`,
      name: sql<string>`found.name`,
      sequence: sql<number>`found.sequence`,
    })
    .from(
      sql`(
        with recursive down (id, name, sequence, isSeen) as (
          select m.id, m.name, m.sequence, ${isSeen} from members m where m."invitedBy" is ${given('at')}
          union
          select m.id, m.name, m.sequence, ${isSeen}
          from down join members m on m."invitedBy" = down.id where not down.isSeen
        )
        select * from down where isSeen and sequence > ${given('after')}
        order by sequence limit ${given('most')}
      ) as found`,
    )
    .prepare(),
)

/** Everybody, the last who came first. */
const everybody = prepared((db) =>
  db
    .select({
      id: members.id,
      through: members.invitedBy,
      counts: sql<number>`(${members.standing} = 'here' and ${members.name} is not null)`,
    })
    .from(members)
    .orderBy(desc(members.sequence))
    .prepare(),
)

type EverybodyRow = readonly [id: string, through: string | null, counts: number]

/**
 * How many came through each, at any distance, as somebody sees it who is kept apart from nobody. Whoever brought somebody
 * was there before, so one pass from the last to the first counts all.
 */
const countsForAll = untilChanged((cache) => {
  const counted = new Map<string, number>()
  for (const [id, through, counts] of everybody(cache).values() as unknown as readonly EverybodyRow[]) {
    if (through !== null) counted.set(through, (counted.get(through) ?? 0) + (counted.get(id) ?? 0) + counts)
  }
  return counted
})

/** The way from somebody up to the top, themselves first. An archive that was edited by hand may lead in a circle. */
const upwards = prepared((db) =>
  db
    .select({
      id: sql<string>`found.id`,
      name: sql<string | null>`found.name`,
      isSeen: sql<number>`found.isSeen`,
    })
    .from(
      sql`(
        with recursive up (id, name, isSeen, next, depth) as (
          select m.id, m.name, ${isSeen}, m."invitedBy", 0 from members m where m.id = ${given('from')}
          union
          select m.id, m.name, ${isSeen}, m."invitedBy", up.depth + 1
          from up join members m on m.id = up.next where up.depth < 5000
        )
        select * from up order by depth
      ) as found`,
    )
    .prepare(),
)

interface Place {
  /** Whose branch; undefined is the top. */
  readonly at?: string | undefined
  /** How many of it were on the pages before, by the record of the last one. */
  readonly after?: number | undefined
}

/** A branch as this reader sees it; undefined when there is none to see. */
export function treePage(cache: Reading, reader: Member, { at, after = 0 }: Place): Tree | undefined {
  const others = keptApartFrom(cache, reader.member)
  const apart = JSON.stringify(others)
  const way = at === undefined ? [] : upwards(cache).all({ from: at, apart })
  if (at !== undefined && !way[0]?.isSeen) return undefined

  const mine = new Set(
    upwards(cache)
      .all({ from: reader.member, apart })
      .map(({ id }) => id),
  )
  const children = (of: string | null, from: number, most: number) =>
    below(cache).all({ at: of, apart, after: from, most })
  const rows = children(at ?? null, after, pageSize + 1)
  const shown = rows.slice(0, pageSize)
  const last = rows.length > pageSize ? shown.at(-1)?.sequence : undefined
  const firsts = shown.map(({ id }) => children(id, 0, firstOnes + 1))
  const through = countsSeen(cache, others)

  const person = ({ id, name }: { id: string; name: string }): TreePerson => ({
    ...{ id, name },
    isMe: id === reader.member,
    leadsToMe: mine.has(id),
    through: through(id),
  })
  const branches = shown.map((row, index): Branch => {
    const first = firsts[index] ?? []
    return { ...person(row), first: first.slice(0, firstOnes).map(person), isMore: first.length > firstOnes }
  })
  const [here, ...above] = way.flatMap(({ id, name, isSeen }) =>
    isSeen && name !== null ? [{ id, name }] : [],
  )
  return {
    me: reader.member,
    at: here ? { ...person(here), isPaused: isPaused(cache, here.id) } : null,
    way: waySeen(above.reverse().map(person)),
    branches,
    isBeginning: after === 0,
    next: last === undefined ? null : `/people/tree?${at === undefined ? '' : `at=${at}&`}after=${last}`,
  }
}

/** The same for this reader: whom they do not see is not counted for anybody above. */
function countsSeen(cache: Reading, others: readonly string[]): (id: string) => number {
  const unseen = new Map<string, number>()
  for (const other of others) {
    const [self, ...above] = upwards(cache).all({ from: other, apart: '[]' })
    if (self?.isSeen) for (const { id } of above) unseen.set(id, (unseen.get(id) ?? 0) + 1)
  }
  const counted = countsForAll(cache)
  return (id) => (counted.get(id) ?? 0) - (unseen.get(id) ?? 0)
}

function waySeen(way: readonly TreePerson[]): Tree['way'] {
  if (way.length <= waysBegin + waysEnd) return { begins: way, between: 0, ends: [] }
  return {
    begins: way.slice(0, waysBegin),
    between: way.length - waysBegin - waysEnd,
    ends: way.slice(-waysEnd),
  }
}

import { type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { given } from '../../cache/reading.ts'
import { focus } from '../../records/focus.ts'
import { follows } from '../../records/follows.ts'
import { marks, prayerCounts } from '../../records/marks.ts'
import { prayers } from '../../records/prayers.ts'
import { isMine, seen } from '../may-see.ts'
import type { FeedName } from './kinds.ts'

/*
 * What is in each feed, and in which order. A feed walks along one index, from where the page before it ended, and stops when
 * it has a page: `cross join` keeps SQLite from beginning at the other table.
 *
 * Where an order comes from praying, which goes on while somebody reads, it stands still: what happened after the record
 * `asOf` does not count.
 */

export interface Shape {
  readonly from: SQL
  readonly where: SQL
  /** What puts each in its place, and finds the next page again. */
  readonly place: readonly SQL[]
  readonly isDescending: boolean
  /** It goes by praying. */
  readonly isAsOf?: true
}

const newer = alias(marks, 'newer')

const isOpen = sql`${prayers.state} = 'open'`
const all = sql`${prayers}`
const upToNow = (sequence: SQL) => sql`${sequence} <= ${given('asOf')}`

const isMarkedByMe = sql`exists (
  select 1 from ${marks} where ${marks.prayer} = ${prayers.id} and ${marks.member} = ${given('reader')}
  and ${upToNow(sql`${marks.sequence}`)}
)`

const isMyNewest = sql`not exists (
  select 1 from ${marks} as ${sql.identifier('newer')}
  where ${newer.prayer} = ${marks.prayer} and ${newer.member} = ${marks.member}
  and ${newer.sequence} > ${marks.sequence} and ${upToNow(sql`${newer.sequence}`)}
)`

/** What I asked with my name, and what without: two walks that SQLite merges, so that neither is gone through to its end. */
const askedByMe = sql`(
  select * from ${prayers} where ${prayers.author} = ${given('reader')}
  union all
  select ${prayers}.* from json_each(${given('mine')}) as mine cross join ${prayers} where ${prayers.id} = mine.value
) as ${prayers}`

export const shapes: Readonly<Record<FeedName, Shape>> = {
  new: {
    from: all,
    where: sql`${isOpen} and ${seen}`,
    place: [sql`${prayers.sequence}`],
    isDescending: true,
  },
  waiting: {
    from: sql`${prayerCounts} cross join ${prayers}`,
    where: sql`${prayerCounts.waits} = 1 and ${prayers.id} = ${prayerCounts.prayer} and ${prayers.sees} <> 'me' and ${seen}
      and ${upToNow(sql`${prayerCounts.last}`)} and ${upToNow(sql`${prayerCounts.sequence}`)}`,
    place: [sql`${prayerCounts.last}`, sql`${prayerCounts.sequence}`],
    isDescending: false,
    isAsOf: true,
  },
  unprayed: {
    from: all,
    where: sql`${isOpen} and ${seen} and (${isMine}) is not true and not ${isMarkedByMe}`,
    place: [sql`${prayers.sequence}`],
    isDescending: true,
    isAsOf: true,
  },
  week: {
    from: all,
    where: sql`${isOpen} and ${prayers.day} >= ${given('today')} and ${prayers.day} <= ${given('lastDay')} and ${seen}`,
    place: [sql`${prayers.day}`, sql`${prayers.sequence}`],
    isDescending: false,
  },
  followed: {
    from: sql`${follows} cross join ${prayers}`,
    where: sql`${follows.member} = ${given('reader')} and ${prayers.id} = ${follows.prayer} and ${seen}`,
    place: [sql`${follows.sequence}`],
    isDescending: true,
  },
  prayed: {
    from: sql`${marks} cross join ${prayers}`,
    where: sql`${marks.member} = ${given('reader')} and ${upToNow(sql`${marks.sequence}`)} and ${isMyNewest}
      and ${prayers.id} = ${marks.prayer} and ${seen}`,
    place: [sql`${marks.sequence}`],
    isDescending: true,
    isAsOf: true,
  },
  answered: {
    from: all,
    where: sql`${prayers.state} = 'answered' and ${seen}`,
    place: [sql`${prayers.stateIn}`],
    isDescending: true,
  },
  mine: {
    from: askedByMe,
    where: seen,
    place: [sql`${prayers.sequence}`],
    isDescending: true,
  },
  focus: {
    from: sql`${focus} cross join ${prayers}`,
    where: sql`${focus.until} > ${given('now')} and ${prayers.id} = ${focus.prayer}
      and ${isOpen} and ${prayers.sees} = 'everyone' and ${seen}`,
    place: [sql`${focus.place}`, sql`${prayers.sequence}`],
    isDescending: false,
  },
}

import fc from 'fast-check'
import type { Member } from '../../src/kernel/actor.ts'
import { daysAfter } from '../../src/kernel/calendar.ts'
import type { Draft } from '../../src/kernel/event.ts'
import type { Stamp } from '../../src/kernel/stamp.ts'
import { sealAuthor } from '../../src/queries/nameless.ts'
import { belonging } from '../../src/queries/sealed-words.ts'
import { focusPlaced } from '../../src/records/focus.ts'
import { prayerFollowed, prayerUnfollowed } from '../../src/records/follows.ts'
import { prayerMarked, prayerUnmarked } from '../../src/records/marks.ts'
import {
  prayerAnswered,
  prayerClosed,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
} from '../../src/records/prayer-states.ts'
import { type Audience, audiences, prayerPosted, type Topic, topics } from '../../src/records/prayers.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import type { Community } from '../tools/community.ts'

/*
 * A made-up community for the feeds: what happens there, and what each feed should have, found the slow and obvious way.
 */

export const names = ['Ruth', 'Boaz', 'Naomi', 'Orpah', 'Tamar'] as const

/** Boaz is of the prayer team. */
export async function people(here: Community): Promise<Member[]> {
  await here.namesKey()
  const all: Member[] = []
  for (const name of names) all.push(await here.joins(name))
  return all.map((one) => (one.name === 'Boaz' ? { ...one, roles: ['team'] } : one))
}

const who = fc.nat(names.length - 1)
const which = fc.nat(200)

const asked = fc.record({
  by: who,
  sees: fc.oneof({ weight: 5, arbitrary: fc.constant<Audience>('everyone') }, fc.constantFrom(...audiences)),
  isNameless: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  topic: fc.constantFrom(undefined, ...topics),
  inDays: fc.option(fc.integer({ min: -2, max: 9 }), { nil: undefined }),
})

const ends = [prayerRested, prayerWithdrawn, prayerAnswered, 'closed', prayerReturned] as const

/** What happens in a community, in this order. */
export const stories = fc.record({
  asked: fc.array(asked, { minLength: 30, maxLength: 90 }),
  marks: fc.array(fc.tuple(who, which), { maxLength: 200 }),
  undone: fc.array(fc.tuple(who, which), { maxLength: 60 }),
  follows: fc.array(fc.tuple(who, which, fc.boolean()), { maxLength: 90 }),
  becomes: fc.array(fc.tuple(which, fc.constantFrom(...ends)), { maxLength: 50 }),
  apart: fc.uniqueArray(fc.tuple(who, who), { maxLength: 2, selector: ([one, other]) => `${one} ${other}` }),
  focus: fc.array(fc.tuple(which, fc.nat(9), fc.integer({ min: -2, max: 2 })), { maxLength: 9 }),
})

type Story = typeof stories extends fc.Arbitrary<infer One> ? One : never

/** Request → who really asked, whatever their records say. */
export type Authors = Map<string, string>

/** Has all of it happen. */
export async function happens(here: Community, all: readonly Member[], story: Story): Promise<Authors> {
  const authors: Authors = new Map()
  const id = (place: number) => all[place % all.length]?.member ?? ''
  const writes = (drafts: readonly Draft[]) => here.ledger.record(() => ({ drafts, result: undefined }))
  await here.ledger.record((_cache, stamp) => ({
    drafts: story.asked.map((one) => asks(stamp, here, authors, { ...one, by: id(one.by) })),
    result: undefined,
  }))
  const prayers = [...authors.keys()]
  const prayer = (place: number) => prayers[place % prayers.length] ?? ''
  await writes(story.marks.map(([by, what]) => prayerMarked.of({ by: id(by), prayer: prayer(what) })))
  for (const [by, what] of story.undone) {
    const mine = marksIn(here).filter((mark) => mark.member === id(by) && mark.prayer === prayer(what))
    const mark = mine.at(-1)?.sequence
    if (mark === undefined) continue
    const last = marksIn(here).findLast(
      (one) => one.prayer === prayer(what) && one.sequence !== mark,
    )?.sequence
    await writes([prayerUnmarked.of({ by: id(by), prayer: prayer(what), mark, last })])
  }
  await writes(
    story.follows.map(([by, what, isOn]) =>
      (isOn ? prayerFollowed : prayerUnfollowed).of({ by: id(by), prayer: prayer(what) }),
    ),
  )
  await writes(
    story.becomes.map(([what, end]) => {
      const which = { by: id(0), prayer: prayer(what) }
      return end === 'closed' ? prayerClosed.of({ ...which, outcome: 'died' }) : end.of(which)
    }),
  )
  await writes(
    story.apart
      .filter(([one, other]) => one !== other)
      .map(([one, other]) => pairSeparated.of({ by: id(one), one: id(one), other: id(other) })),
  )
  await writes(
    story.focus.map(([what, place, inDays]) => {
      const until = `${daysAfter(here.now().slice(0, 10), inDays)}T09:00:00.000Z`
      return focusPlaced.of({ by: id(2), prayer: prayer(what), place, until })
    }),
  )
  return authors
}

interface Asked {
  readonly by: string
  readonly sees: Audience
  readonly isNameless: boolean
  readonly topic: Topic | undefined
  readonly inDays: number | undefined
}

export function asks(stamp: Stamp, here: Community, authors: Authors, one: Asked): Draft {
  const { by, sees, topic, inDays } = one
  const isNameless = one.isNameless && sees !== 'me'
  const prayer = stamp.id('prayer')
  authors.set(prayer, by)
  const words = `Request ${authors.size}`
  return prayerPosted.of({
    ...{ prayer, sees, topic },
    by: isNameless ? 'someone' : by,
    day: inDays === undefined ? undefined : daysAfter(here.now().slice(0, 10), inDays),
    request: sees === 'everyone' ? words : stamp.seal(belonging(prayer, 'request'), words),
    author: isNameless ? sealAuthor(stamp, prayer, by) : undefined,
  })
}

interface Row {
  readonly id: string
  readonly sequence: number
  readonly sees: Audience
  readonly state: string
  readonly stateIn: number
  readonly topic: Topic
  readonly day: string | null
}

interface Mark {
  readonly sequence: number
  readonly prayer: string
  readonly member: string
}

const rowsIn = <One>(here: Community, table: string, order: string) =>
  here.ledger.cache().sqlite.prepare(`select * from ${table} order by ${order}`).all() as One[]

export const marksIn = (here: Community) => rowsIn<Mark>(here, 'marks', 'sequence')

/** Every request that this reader may see, oldest first. */
export function visible(here: Community, authors: Authors, reader: Member): readonly Row[] {
  const pairs = rowsIn<{ member: string; other: string }>(here, 'separations', 'id')
  const apart = new Set(pairs.filter(({ member }) => member === reader.member).map(({ other }) => other))
  return rowsIn<Row>(here, 'prayers', 'sequence').filter(({ id, sees, state }) => {
    const author = authors.get(id) ?? ''
    if (author === reader.member) return true
    if (apart.has(author) || state === 'withdrawn') return false
    return sees === 'everyone' || (sees === 'team' && reader.roles.includes('team'))
  })
}

/** What each feed has for this reader, as docs/feeds.md says it. */
export function expected(here: Community, authors: Authors, reader: Member) {
  const all = visible(here, authors, reader)
  const open = all.filter(({ state }) => state === 'open')
  const marks = marksIn(here)
  const last = (prayer: string) => marks.findLast((mark) => mark.prayer === prayer)?.sequence ?? 0
  const mine = (prayer: string) =>
    marks.findLast((mark) => mark.prayer === prayer && mark.member === reader.member)?.sequence ?? 0
  const followed = new Map(
    rowsIn<{ member: string; prayer: string; sequence: number }>(here, 'follows', 'sequence')
      .filter(({ member }) => member === reader.member)
      .map(({ prayer, sequence }) => [prayer, sequence]),
  )
  const focus = new Map(
    rowsIn<{ prayer: string; place: number; until: string }>(here, 'focus', 'place')
      .filter(({ until }) => until > here.now())
      .map(({ prayer, place }) => [prayer, place]),
  )
  const today = here.now().slice(0, 10)
  const isSoon = ({ day }: Row) => day !== null && day >= today && day <= daysAfter(today, 7)
  const newestFirst = (rows: readonly Row[], place: (row: Row) => number = ({ sequence }) => sequence) =>
    [...rows].sort((one, other) => place(other) - place(one))
  const oldestFirst = (rows: readonly Row[], place: (row: Row) => number) =>
    [...rows].sort((one, other) => place(one) - place(other) || one.sequence - other.sequence)
  return {
    new: newestFirst(open),
    waiting: oldestFirst(
      open.filter(({ sees }) => sees !== 'me'),
      ({ id }) => last(id),
    ),
    unprayed: newestFirst(open.filter(({ id }) => authors.get(id) !== reader.member && mine(id) === 0)),
    week: oldestFirst(open.filter(isSoon), ({ day }) => Date.parse(day ?? '')),
    followed: newestFirst(
      all.filter(({ id }) => followed.has(id)),
      ({ id }) => followed.get(id) ?? 0,
    ),
    prayed: newestFirst(
      all.filter(({ id }) => mine(id) > 0),
      ({ id }) => mine(id),
    ),
    answered: newestFirst(
      all.filter(({ state }) => state === 'answered'),
      ({ stateIn }) => stateIn,
    ),
    mine: newestFirst(all.filter(({ id }) => authors.get(id) === reader.member)),
    focus: oldestFirst(
      open.filter(({ id, sees }) => sees === 'everyone' && focus.has(id)),
      ({ id }) => focus.get(id) ?? 0,
    ),
  } as const
}

import { and, eq, ne, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { type Actor, holds, isMember, type Member } from '../kernel/actor.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { mayTry } from '../kernel/permissions.ts'
import { type Audience, type PrayerState, prayers } from '../records/prayers.ts'
import { separations } from '../records/separations.ts'
import { authorIn, nameless } from './nameless.ts'
import { keptApartFrom, separationOf } from './separations.ts'

/*
 * Who may see what. Nothing else decides it: a query adds `seen` to its condition and the values of `sightOf`, a command asks
 * `maySee`. What somebody may not see is answered exactly like what does not exist.
 *
 * Everyone's: every member. The team's: its author and the prayer team. Mine: its author alone. An admin or a moderator sees
 * no more than that. What was withdrawn only its author sees. Two people who are kept apart see nothing of each other, what they asked without their names neither.
 */

/** A request, as far as it decides who sees it. */
export interface Seen {
  readonly id: string
  readonly sees: Audience
  /** Null when it was asked without a name. */
  readonly author: string | null
  readonly sealedAuthor: string | null
  readonly state: PrayerState
}

/** What `seen` needs to know of a reader. */
export interface Sight {
  readonly reader: string
  readonly isOfTeam: 0 | 1
  /** Whether they are kept apart from anybody. */
  readonly isApart: 0 | 1
  /** Whether they asked, with their name, anything that fewer than everyone may see. */
  readonly hasNarrower: 0 | 1
  /** JSON lists of ids: what they asked without their name, and what somebody did from whom they are kept apart. */
  readonly mine: string
  readonly hidden: string
}

const narrower = prepared((db) =>
  db
    .select({ id: prayers.id })
    .from(prayers)
    .where(and(eq(prayers.author, given('member')), ne(prayers.sees, 'everyone')))
    .limit(atMost(1))
    .prepare(),
)

const isIn = (list: string) => sql`${prayers.id} in (select value from json_each(${given(list)}))`

/** Whether the reader of `sightOf` wrote it. */
export const isMine = sql`(${prayers.author} = ${given('reader')} or (${prayers.author} is null and ${isIn('mine')}))`

/** The condition of every query that shows, counts or finds requests. */
export const seen = sql`(
  (${prayers.sees} = 'everyone'
    or (${prayers.sees} = 'team' and (${given('isOfTeam')} = 1 or ${isMine}))
    or (${prayers.sees} = 'me' and ${isMine}))
  and (${prayers.state} <> 'withdrawn' or ${isMine})
  and case when ${prayers.author} is null then not ${isIn('hidden')} else not exists (
    select 1 from ${separations}
    where ${separations.member} = ${given('reader')} and ${separations.other} = ${prayers.author}
  ) end
)`

/** Kept until something is committed: it is asked for with every page. */
const kept = untilChanged(() => new Map<string, Omit<Sight, 'isOfTeam'>>())

/** The values that a query with `seen` is given for this reader. */
export function sightOf(cache: Reading, keyring: Keyring, reader: Member): Sight {
  const known = kept(cache)
  const name = `${reader.member} ${keyring.isWhole}`
  const sight = known.get(name) ?? sightAnew(cache, keyring, reader.member)
  known.set(name, sight)
  return { ...sight, isOfTeam: holds(reader, 'team') ? 1 : 0 }
}

function sightAnew(cache: Reading, keyring: Keyring, member: string): Omit<Sight, 'isOfTeam'> {
  const others = keptApartFrom(cache, member)
  const byAuthor = nameless(cache, keyring)
  const theirs = others.flatMap((other) => byAuthor.get(other) ?? [])
  // Perhaps those were asked by somebody from whom they are kept apart: without the key nobody can tell.
  const unknown = others.length > 0 ? (byAuthor.get(undefined) ?? []) : []
  return {
    reader: member,
    isApart: others.length > 0 ? 1 : 0,
    hasNarrower: narrower(cache).get({ member }) === undefined ? 0 : 1,
    mine: JSON.stringify(byAuthor.get(member) ?? []),
    hidden: JSON.stringify([...theirs, ...unknown]),
  }
}

/** Whether this reader sees what is for everyone, all of it and nothing else: most people do. */
export const seesWhatAllSee = ({ isOfTeam, isApart, hasNarrower, mine }: Sight) =>
  isOfTeam + isApart + hasNarrower === 0 && mine === '[]'

/** The same for one request. */
export function maySee(cache: Reading, keyring: Keyring, actor: Actor, prayer: Seen): boolean {
  if (!isMember(actor)) return false
  const author = authorIn(keyring, prayer)
  const others = keptApartFrom(cache, actor.member)
  // Whoever asked without their name, and whom no key names, may be any of them.
  if (author === undefined ? others.length > 0 : others.includes(author)) return false
  if (author === actor.member) return true
  if (prayer.state === 'withdrawn') return false
  if (prayer.sees === 'everyone') return true
  return prayer.sees === 'team' && holds(actor, 'team')
}

/**
 * Whether a moderator may look at what somebody who sees it asked them to look at: on its flag alone, and never at what they
 * asked themselves.
 */
export function mayJudge(cache: Reading, keyring: Keyring, actor: Actor, prayer: Seen): boolean {
  if (!isMember(actor) || !mayTry(actor, 'settleFlag')) return false
  const author = authorIn(keyring, prayer)
  const others = keptApartFrom(cache, actor.member)
  return author === undefined ? others.length === 0 : author !== actor.member && !others.includes(author)
}

/** Whether these two may see anything of each other. */
export const mayMeet = (cache: Reading, one: string, other: string) =>
  separationOf(cache, one, other) === undefined

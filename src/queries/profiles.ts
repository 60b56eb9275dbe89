import type { Reading } from '../cache/reading.ts'
import { mayTry } from '../kernel/permissions.ts'
import { hasLookedUp } from './author-lookups.ts'
import type { Reader } from './cards.ts'
import { labelsOf } from './labels.ts'
import { mayMeet, maySee } from './may-see.ts'
import { memberById, memberKnownTo } from './members.ts'
import { authorIn } from './nameless.ts'
import { formerNames } from './names.ts'
import type { Mistakes } from './pages/mistakes.ts'
import type { MyApart, MyName, OthersApart, Profile, ShownAuthor } from './pages/people.ts'
import { prayerById, prayersOf } from './prayers.ts'
import { apartByModerators, apartByWish } from './separations.ts'

/** What an admin typed for a label, and what is wrong with it. */
interface Typed {
  readonly label: { readonly words: string; readonly symbol: string }
  readonly mistakes: Mistakes<'words' | 'symbol'>
}

/** Somebody as this reader may know them; undefined when there is nobody, or nobody for this reader. */
export function profile(
  reading: Reader,
  id: string,
  end?: number,
  typed: Typed = untyped,
): Profile | undefined {
  const { cache, reader, now } = reading
  const member = memberKnownTo(cache, reader.member, id)
  if (!member) return undefined
  const { cards, last, count } = prayersOf(reading, id, end)
  const labels = labelsOf(cache, id)
  return {
    id,
    name: member.name,
    isMe: id === reader.member,
    joinedAt: member.joinedAt,
    labels,
    about: member.about,
    invitedBy: inviterKnownTo(cache, reader.member, member.invitedBy),
    count,
    cards,
    isNewest: end === undefined,
    older: last === undefined ? null : `/people/${id}?before=${last}`,
    forAdmins: mayTry(reader, 'giveLabel')
      ? { formerNames: formerNames(cache, id, now), labels, ...typed }
      : null,
  }
}

/** Those from whom a member wishes to be kept apart. */
export const myApart = (cache: Reading, member: string): MyApart['people'] => apartByWish(cache, member)

/** The pairs that moderators keep apart, without those of whom this reader may not know. */
export const othersApart = (cache: Reading, reader: string): OthersApart['pairs'] =>
  apartByModerators(cache).filter(({ one, other }) =>
    [one, other].every((member) => member !== reader && mayMeet(cache, reader, member)),
  )

/** The name that somebody has, and those that they had. */
export const myName = ({ cache, reader, now }: Reader): Omit<MyName, 'mistakes'> => ({
  name: reader.name,
  formerNames: formerNames(cache, reader.member, now),
})

/**
 * Who asked without a name, for a moderator who has said why within the last hour; undefined when there is no such request
 * for them, or when it has a name.
 */
export function shownAuthor(reading: Reader, prayer: string): Pick<ShownAuthor, 'author'> | undefined {
  const { cache, keyring, reader, now } = reading
  const found = prayerById(cache, prayer)
  if (!found || found.author !== null || !maySee(cache, keyring, reader, found)) return undefined
  if (!hasLookedUp(cache, prayer, reader.member, now)) return { author: null }
  const author = authorIn(keyring, found)
  const member = author === undefined ? undefined : memberById(cache, author)
  return {
    author: { name: member?.name ?? null, profile: member?.standing === 'here' ? member.id : null },
  }
}

/** Whoever invited them, where this reader may know of that one, too; who has left keeps their name and has no profile. */
function inviterKnownTo(cache: Reading, reader: string, inviter: string | null): Profile['invitedBy'] {
  const found = inviter === null ? undefined : memberById(cache, inviter)
  if (!found || found.name === null || !mayMeet(cache, reader, found.id)) return null
  return { name: found.name, profile: found.standing === 'here' ? found.id : null }
}

const untyped: Typed = { label: { words: '', symbol: '' }, mistakes: { words: null, symbol: null } }

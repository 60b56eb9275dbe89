import { eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { follows } from '../records/follows.ts'

const ofMember = prepared((db) =>
  db
    .select({ prayer: follows.prayer })
    .from(follows)
    .where(eq(follows.member, given('member')))
    .prepare(),
)

/** Kept until something is committed: it is asked for with every card. */
const kept = untilChanged(() => new Map<string, ReadonlySet<string>>())

/** Which requests somebody follows, whether they may still see them or not. */
export function followedBy(cache: Reading, member: string): ReadonlySet<string> {
  const known = kept(cache)
  const followed = known.get(member) ?? followedAnew(cache, member)
  known.set(member, followed)
  return followed
}

const followedAnew = (cache: Reading, member: string) =>
  new Set(
    ofMember(cache)
      .all({ member })
      .map(({ prayer }) => prayer),
  )

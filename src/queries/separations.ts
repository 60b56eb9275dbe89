import { and, asc, eq, lt, ne } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilTouched } from '../cache/untouched.ts'
import { members } from '../records/members.ts'
import { separations } from '../records/separations.ts'

const othersOf = prepared((db) =>
  db
    .selectDistinct({ other: separations.other })
    .from(separations)
    .where(eq(separations.member, given('member')))
    .prepare(),
)

const pair = prepared((db) =>
  db
    .select({ by: separations.by, at: separations.at })
    .from(separations)
    .where(and(eq(separations.member, given('member')), eq(separations.other, given('other'))))
    .prepare(),
)

const wishedBy = prepared((db) =>
  db
    .select({ id: separations.other, name: members.name })
    .from(separations)
    .leftJoin(members, eq(members.id, separations.other))
    .where(and(eq(separations.member, given('member')), eq(separations.by, given('member'))))
    .orderBy(asc(separations.at))
    .prepare(),
)

const oneOf = alias(members, 'one_of')
const otherOf = alias(members, 'other_of')

const byModerators = prepared((db) =>
  db
    .select({
      one: separations.member,
      oneName: oneOf.name,
      other: separations.other,
      otherName: otherOf.name,
      at: separations.at,
    })
    .from(separations)
    .leftJoin(oneOf, eq(oneOf.id, separations.member))
    .leftJoin(otherOf, eq(otherOf.id, separations.other))
    .where(
      and(
        ne(separations.by, separations.member),
        ne(separations.by, separations.other),
        // Each pair stands there from both sides.
        lt(separations.member, separations.other),
      ),
    )
    .orderBy(asc(separations.at), asc(separations.id))
    .prepare(),
)

const others = untilTouched([separations], (cache, member): readonly string[] =>
  othersOf(cache)
    .all({ member })
    .map(({ other }) => other),
)

/** Everybody from whom this member is kept apart. */
export const keptApartFrom = (cache: Reading, member: string): readonly string[] =>
  others(cache, member) ?? []

/** How these two are kept apart; undefined when they are not. */
export const separationOf = (cache: Reading, member: string, other: string) =>
  pair(cache).get({ member, other })

/** Who wishes that these two are kept apart: their ids, and `moderator`. */
export const wishes = (cache: Reading, one: string, other: string): string[] =>
  pair(cache)
    .all({ member: one, other })
    .map(({ by }) => (by === one || by === other ? by : 'moderator'))

/** Those whom this member wishes to be kept apart from. */
export const apartByWish = (cache: Reading, member: string) => wishedBy(cache).all({ member })

/** The pairs that moderators keep apart; what people wish for themselves is nobody else's. */
export const apartByModerators = (cache: Reading) => byModerators(cache).all()

import { and, eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilTouched } from '../cache/untouched.ts'
import { separations } from '../records/separations.ts'

const othersOf = prepared((db) =>
  db
    .select({ other: separations.other })
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

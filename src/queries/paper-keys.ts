import { eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { paperKeys } from '../records/paper-keys.ts'

const byHash = prepared((db) =>
  db
    .select({ member: paperKeys.member })
    .from(paperKeys)
    .where(eq(paperKeys.hash, given('hash')))
    .prepare(),
)

const ofMember = prepared((db) =>
  db
    .select({ madeAt: paperKeys.madeAt })
    .from(paperKeys)
    .where(eq(paperKeys.member, given('member')))
    .prepare(),
)

/** Whose paper key has this hash. */
export const ownerOfPaperKey = (cache: Reading, hash: string) => byHash(cache).get({ hash })?.member

/** The paper key of this member, if they made one. */
export const paperKeyOfMember = (cache: Reading, member: string) => ofMember(cache).get({ member })

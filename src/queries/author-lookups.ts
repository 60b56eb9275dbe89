import { and, desc, eq, gt } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { earlier, hours, type Moment } from '../kernel/moment.ts'
import { authorLookups } from '../records/author-lookups.ts'
import type { AuthorLookup } from './pages/people.ts'

const ofPrayer = prepared((db) =>
  db
    .select({ at: authorLookups.at, reason: authorLookups.reason })
    .from(authorLookups)
    .where(eq(authorLookups.prayer, given('prayer')))
    .orderBy(desc(authorLookups.sequence))
    .prepare(),
)

const lately = prepared((db) =>
  db
    .select({ at: authorLookups.at })
    .from(authorLookups)
    .where(
      and(
        eq(authorLookups.prayer, given('prayer')),
        eq(authorLookups.by, given('moderator')),
        gt(authorLookups.at, given('since')),
      ),
    )
    .prepare(),
)

/** Where the reason of looking up who asked belongs. */
export const reasonOf = (prayer: string) => ({ kind: 'author.shown', field: 'reason', id: prayer })

/** When and why somebody looked up who asked this, newest first: for whoever asked it. */
export const lookupsOf = (cache: Reading, keyring: Keyring, prayer: string): AuthorLookup[] =>
  ofPrayer(cache)
    .all({ prayer })
    .map(({ at, reason }) => ({
      at,
      reason: reason === null ? null : (keyring.open(reasonOf(prayer), reason) ?? null),
    }))

/** Whether this moderator looked it up within the last hour; afterwards there has to be a reason again. */
export const hasLookedUp = (cache: Reading, prayer: string, moderator: string, now: Moment) =>
  lately(cache).get({ prayer, moderator, since: earlier(now, hours) }) !== undefined

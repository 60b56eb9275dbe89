import { desc, eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Moment } from '../kernel/moment.ts'
import { prayerUpdates } from '../records/prayer-words.ts'
import type { Audience } from '../records/prayers.ts'
import { openedWord } from './sealed-words.ts'

const ofPrayer = prepared((db) =>
  db
    .select({ at: prayerUpdates.at, update: prayerUpdates.update })
    .from(prayerUpdates)
    .where(eq(prayerUpdates.prayer, given('prayer')))
    .orderBy(desc(prayerUpdates.sequence))
    .prepare(),
)

interface Update {
  readonly at: Moment
  /** Null when they were erased, or no key opens them. */
  readonly words: string | null
}

/** All that its author told of a request, newest first. Whether somebody may read it is asked of may-see.ts. */
export const updatesOf = (
  cache: Reading,
  keyring: Keyring,
  { id, sees }: { readonly id: string; readonly sees: Audience },
): Update[] =>
  ofPrayer(cache)
    .all({ prayer: id })
    .map(({ at, update }) => ({
      at,
      words: openedWord(keyring, { id, sees }, 'update', update, 'prayer.updated') ?? null,
    }))

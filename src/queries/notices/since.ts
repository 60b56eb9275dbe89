import { desc, lte } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../../cache/reading.ts'
import { days, earlier, type Moment } from '../../kernel/moment.ts'
import { prayers } from '../../records/prayers.ts'
import type { Reader } from '../cards.ts'
import { type Sight, sightOf } from '../may-see.ts'

/** So long something is a notice. */
export const keptFor = 30 * days

/** What every query for notices is given: who reads, and where the records begin that they may still hear of. */
export interface Since extends Sight {
  /** After this record, */
  readonly from: number
  /** and after this moment. */
  readonly since: Moment
}

const newestBefore = prepared((db) =>
  db
    .select({ sequence: prayers.sequence })
    .from(prayers)
    .where(lte(prayers.postedAt, given('since')))
    .orderBy(desc(prayers.sequence))
    .limit(atMost(1))
    .prepare(),
)

/** Of what came after the record `from`, as long as it is kept. */
export function sinceFor({ cache, keyring, reader, now }: Reader, from: number): Since {
  const since = earlier(now, keptFor)
  return { ...sightOf(cache, keyring, reader), since, from: Math.max(from, placeOf(cache, since)) }
}

/** A place in the archive that nothing after this moment is before. */
export const placeOf = (cache: Reading, since: Moment) => newestBefore(cache).get({ since })?.sequence ?? 0

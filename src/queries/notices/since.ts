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
  return { ...sightOf(cache, keyring, reader), since, from: Math.max(from, placeBefore(cache, now, keptFor)) }
}

/** By how long ago it is, for the hour that it is: what is long past changes no more, and every page asks. */
const places = new WeakMap<Reading, Map<number, { readonly hour: string; readonly place: number }>>()

/** A place in the archive so long ago: nothing that came later is before it. */
export function placeBefore(cache: Reading, now: Moment, ago: number): number {
  const hour = now.slice(0, 13)
  const kept = places.get(cache) ?? new Map()
  places.set(cache, kept)
  const known = kept.get(ago)
  if (known?.hour === hour) return known.place
  const place = newestBefore(cache).get({ since: earlier(`${hour}:00:00.000Z`, ago) })?.sequence ?? 0
  kept.set(ago, { hour, place })
  return place
}

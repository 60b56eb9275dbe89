import { gt, sum } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { refusedStrangers } from '../records/strangers.ts'

const since = prepared((db) =>
  db
    .select({ times: sum(refusedStrangers.times).mapWith(Number) })
    .from(refusedStrangers)
    .where(gt(refusedStrangers.at, given('since')))
    .prepare(),
)

/** How often strangers were refused since then, as far as it was told. */
export const refusedSince = (cache: Reading, moment: Moment): number =>
  since(cache).get({ since: moment })?.times ?? 0

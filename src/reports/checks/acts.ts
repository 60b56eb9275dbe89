import type { Reading } from '../../cache/reading.ts'
import { millisecondsOf } from '../../kernel/moment.ts'
import { lastAct, lastComparison } from '../../queries/recovery.ts'
import { type LastVerification, lastVerification } from '../verify.ts'
import { type Finding, watch, well, wrong } from './finding.ts'

/*
 * Both happen once a day by themselves. A machine that is off for a weekend is no reason to call anybody.
 */
const dayOfMilliseconds = 86_400_000
const patience = 3 * dayOfMilliseconds

type Verified = Pick<LastVerification, 'at' | 'ok' | 'records'>

/** The last time that every byte was read: as the archive remembers it, or a command that only left a note in the cache. */
export function newestVerification(cacheFolder: string, cache: Reading | undefined): Verified | undefined {
  const noted = lastVerification(cacheFolder) ?? undefined
  const kept = cache && lastAct(cache, 'verified')
  const told = kept && { at: kept.at, ok: kept.isWell, records: kept.records ?? 0 }
  return told && (!noted || noted.at < told.at) ? told : noted
}

/** The last comparison with a fresh rebuild, as the archive remembers it: which tables differed is not kept. */
export function comparisonTold(
  cache: Reading,
): { readonly at: string; readonly isWell: boolean } | undefined {
  const told = lastComparison(cache)
  return told && { at: told.at, isWell: told.isWell }
}

export function checkVerification(last: Omit<Verified, 'records'> | undefined, now: number): Finding {
  if (!last) return watch('verified', 'The archive was never read from end to end.', './thywill verify')
  if (!last.ok)
    return wrong('verified', `When the archive was read on ${last.at}, not all was well.`, './thywill verify')
  const age = now - millisecondsOf(last.at)
  return age > patience
    ? watch('verified', `The archive was last read ${days(age)} ago.`, './thywill verify')
    : well('verified', `Every byte was read on ${last.at}, and all was well.`)
}

export function checkBackup(cache: Reading | undefined, now: number): Finding {
  const remedy = './thywill backup DIR, to another disk if you can.'
  const last = cache && lastAct(cache, 'backed-up')
  if (!last) return watch('backup', 'No backup is known of. (A copy by hand is one, too.)', remedy)
  const age = now - millisecondsOf(last.at)
  return age > patience
    ? watch('backup', `The last backup was made ${days(age)} ago.`, remedy)
    : well('backup', `Made on ${last.at}, of ${last.records} records.`)
}

const days = (milliseconds: number) => `${Math.floor(milliseconds / dayOfMilliseconds)} days`

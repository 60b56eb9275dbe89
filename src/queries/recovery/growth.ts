import type { Reading } from '../../cache/reading.ts'
import { counted, lasting, roughly } from '../../kernel/numbers.ts'
import type { Segment } from '../operations.ts'
import { lastAct, latestActs } from '../recovery.ts'
import type { RecoveryGrowth } from './pages.ts'

interface Rebuilt {
  readonly records: number | null
  readonly milliseconds: number | null
}

/** How many seconds a rebuild of so many records takes at the speed of this one; null when that is not known. */
export function rebuildEstimate(last: Rebuilt | undefined, records: number): number | null {
  if (!last?.records || last.milliseconds === null) return null
  return (last.milliseconds / 1000 / last.records) * records
}

const mostMonths = 36

/** How many records came each month, and how long rebuilds took. */
export function recoveryGrowth(cache: Reading, segments: readonly Segment[]): RecoveryGrowth {
  const records = segments.reduce((sum, segment) => sum + segment.records, 0)
  const seconds = rebuildEstimate(lastAct(cache, 'rebuilt'), records)
  return {
    months: segments.slice(-mostMonths).map((segment) => ({
      ...{ name: segment.month, at: null, value: segment.records },
      words: counted(segment.records, 'record'),
    })),
    rebuilds: latestActs(cache, 'rebuilt')
      .toReversed()
      .map((act) => ({
        ...{ name: act.at.slice(0, 10), at: act.at, records: act.records ?? 0 },
        value: (act.milliseconds ?? 0) / 1000,
        words: took((act.milliseconds ?? 0) / 1000),
      })),
    estimate: seconds === null ? null : roughly(seconds),
  }
}

/** Short times with their tenths: here they are compared. */
const took = (seconds: number) => (seconds < 60 ? `${seconds.toFixed(1)} seconds` : lasting(seconds))

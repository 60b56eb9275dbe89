import type { Reading } from '../cache/reading.ts'
import type { Source, Stamp } from '../kernel/stamp.ts'
import { runBatch } from './batch.ts'
import { requireWords } from './erasures.ts'
import { type Health, troubleOf } from './health.ts'
import type { Judgement } from './judgement.ts'
import type { StartOptions } from './options.ts'
import type { Attempt, Decided } from './rehearse.ts'
import type { Renewal } from './renewal.ts'
import type { Serving } from './serving.ts'
import { refused, trouble } from './standing.ts'
import { clockTrouble } from './start.ts'
import type { Turns } from './turns.ts'
import type { Upkeep } from './upkeep.ts'

/** Commands that wait to be saved, and the batches in which they leave. */
export interface Saving {
  /** As `Ledger.record`. */
  record<Result>(rehearse: (cache: Reading, stamp: Stamp) => Decided<Result>): Promise<Result>
  isDue(): boolean
  /** Saves what waits, as much as shares one sync. */
  batch(): Promise<void>
}

interface Savings {
  readonly options: Pick<StartOptions, 'disk' | 'archive'> & { readonly source: Source }
  /** How many commands share one sync at the most. */
  readonly most: number
  readonly health: Health
  readonly serving: Serving
  readonly renewal: Renewal
  readonly upkeep: Upkeep
  readonly judgement: Judgement
  readonly turns: Turns
}

export function savingOf(given: Savings): Saving {
  const { options, most, health, serving, renewal, upkeep, judgement, turns } = given
  const { disk, archive, source } = options
  const queue: Attempt[] = []

  return {
    isDue: () => queue.length > 0,

    record: (rehearse) =>
      new Promise((resolve, reject) => {
        // What a rehearsal decides is what its caller gets; the queue only carries it.
        queue.push({
          rehearse: (cache, stamp) => requireWords(disk, archive, rehearse(cache, stamp)),
          resolve: resolve as (result: unknown) => void,
          reject: (error) => reject(renewal.notice(error) ? refused('not-saved') : error),
        })
        turns.wake()
      }),

    async batch() {
      const bench = serving.bench()
      const mayTry = health.mayTry() && !upkeep.owesErasures()
      if (!bench || !mayTry || clockTrouble(source, bench.writer.head)) {
        for (const attempt of queue.splice(0)) attempt.reject(refused('not-saved'))
        return
      }
      const { writer } = bench
      const month = writer.head.month
      const { taken, failed, isBehind, erasures = [] } = await runBatch(bench, queue.slice(0, most))
      queue.splice(0, taken)
      judgement.isAt(writer.head.sequence)
      if (failed && !renewal.notice(failed)) health.stop(troubleOf(failed))
      else if (isBehind)
        health.stop(trouble('cache', 'The cache cannot follow the archive; it is tried again.'))
      else health.goOn()
      // Before anything that was asked for meanwhile: whoever waits for `settled` waits for these too.
      if (writer.head.month !== month) {
        upkeep.oweSeals()
        turns.next(async () => void (await upkeep.seal()))
      }
      upkeep.oweErasures(erasures)
      if (erasures.length > 0) turns.next(upkeep.erase)
    },
  }
}

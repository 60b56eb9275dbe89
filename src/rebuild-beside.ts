import { Worker } from 'node:worker_threads'
import { buildingFile, removeCache } from './cache/generations.ts'
import type { Rebuild, RebuildOrder, RebuildProgress, Rebuilt } from './ledger/rebuild.ts'

/** What the thread is given; `hand` is shared memory for the sequence of the record it has in hand, below zero when it is done with it. */
export interface ThreadOrder {
  readonly order: RebuildOrder
  readonly hand: SharedArrayBuffer
}

/** What the thread says. */
export type Answer =
  | { readonly progress: RebuildProgress }
  | { readonly made: Rebuilt }
  | { readonly failed: string }

interface Thread {
  readonly entry: URL
  /** So long it may stay with one record, in milliseconds. */
  readonly patience: number
}

const thread: Thread = { entry: new URL('./rebuild-thread.ts', import.meta.url), patience: 60_000 }

/**
 * Makes a cache in a thread of its own, so that whoever serves and writes here does not notice. A thread that stays with
 * one record for a minute is ended, and the error names the record; so is one whose signal aborts. Throws what the rebuild
 * throws; nothing is left of it then.
 */
export const rebuildBeside =
  ({ entry, patience }: Thread = thread): Rebuild =>
  async (order, { onProgress = () => {}, signal }) => {
    const hand = new SharedArrayBuffer(8)
    let worker: Worker | undefined
    let made: Rebuilt | undefined
    try {
      signal?.throwIfAborted()
      const started = new Worker(entry, { workerData: { order, hand } satisfies ThreadOrder })
      worker = started
      made = await new Promise<Rebuilt>((resolve, reject) => {
        const watch = watchdog(new Float64Array(hand), patience, reject)
        started.once('online', watch.begin)
        started.on('message', (answer: Answer) => {
          if ('progress' in answer) {
            watch.isReading = ['reading', 'catching up'].includes(answer.progress.phase)
            onProgress(answer.progress)
          } else if ('made' in answer) resolve(answer.made)
          else reject(new Error(answer.failed))
        })
        started.on('error', reject)
        started.on('exit', () => {
          watch.end()
          reject(new Error('The thread that made the cache ended before it was done.'))
        })
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
      return made
    } finally {
      await worker?.terminate()
      if (!made) removeCache(buildingFile(order.path))
    }
  }

/**
 * Once the thread runs, however long that took: complains when it stays with one record for too long, or waits for the next one while it
 * reads: an index takes its time.
 */
function watchdog(hand: Float64Array, patience: number, complain: (error: Error) => void) {
  let seen = -1
  let since = 0
  const step = Math.min(1000, patience)
  let timer: NodeJS.Timeout | undefined
  const watch = {
    isReading: true,
    begin() {
      timer = setInterval(look, step).unref()
    },
    end: () => clearInterval(timer),
  }
  function look() {
    const now = hand[0] ?? 0
    since = now === seen && (watch.isReading || now > 0) ? since + step : 0
    seen = now
    if (since >= patience) complain(new Error(`The rebuild does not get past record ${Math.abs(now)}.`))
  }
  return watch
}

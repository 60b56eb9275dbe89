import type { SealKey } from '../archive/seal.ts'
import { Refusal } from '../kernel/refusal.ts'
import { judgeAfresh, mayBeMended } from './afresh.ts'
import type { Fitted } from './fit.ts'
import type { Health } from './health.ts'
import type { StartOptions } from './options.ts'
import type { Serving } from './serving.ts'
import { trouble } from './standing.ts'
import type { Started } from './start.ts'
import type { Upkeep } from './upkeep.ts'
import type { Watchman } from './watchman.ts'

/** What is known of the text as a whole: as the start found it, or as it was judged since. */
export interface Judgement {
  /** The start could not bring the cache to the end of the text, so what stands there is still to be judged. */
  isDue(): boolean
  /** Does what the start had to leave undone, as soon as there is room for it. */
  make(key: SealKey): Promise<void>
  /** The last record that this process knows to be on the disk. */
  end(): number | undefined
  /** The writer has come to this record. */
  isAt(sequence: number): void
  /** What the start, or the last judgement, put away from the end of the text. */
  quarantined(): Started['quarantined']
  /** Has the text mended with nobody writing, and judges everything afresh. */
  standAside<Result>(work: () => Promise<Result>): Promise<Result>
}

interface Judging {
  readonly options: StartOptions
  readonly started: Started
  readonly health: Health
  readonly serving: Serving
  readonly upkeep: Upkeep
  readonly watch: Watchman
  /** For the writer: the way into the archive behind the cache. */
  readonly openBench: () => void
  /** What was found is added. */
  readonly reports: string[]
}

export function judgementOf({
  options,
  started,
  health,
  serving,
  upkeep,
  watch,
  openBench,
  reports,
}: Judging): Judgement {
  let isDue = started.trouble?.why === 'cache'
  let { quarantined } = started
  let end = isDue ? undefined : started.lock && started.head.sequence
  const judge = (key: SealKey, found: string[]) =>
    judgeAfresh({ ...options, onProgress: undefined }, key, watch, found)

  function goOnFrom(judged: Fitted) {
    isDue = judged.trouble?.why === 'cache'
    quarantined = judged.quarantined
    health.judged(judged.trouble)
    end = isDue ? undefined : judged.head.sequence
    serving.connect(judged.path)
    upkeep.beginAfresh()
    if (!isDue) openBench()
  }

  async function judgeMended(key: SealKey) {
    try {
      goOnFrom(await judge(key, reports))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      health.stop(
        trouble('disturbed', `The text was mended, and cannot be judged: ${why}. Restart to go on.`),
      )
      throw error
    }
  }

  return {
    isDue: () => isDue,
    async make(key) {
      const found: string[] = []
      const judged = await judge(key, found)
      if (judged.trouble?.why === 'cache') return
      reports.push(...found)
      goOnFrom(judged)
    },
    end: () => end,
    isAt(sequence) {
      end = sequence
    },
    quarantined: () => quarantined,
    async standAside(work) {
      const { lock, cacheLock, sealKey } = started
      if (!lock || !cacheLock || !sealKey)
        throw new Refusal('read-only', 'Only the process that writes this archive may mend it.')
      const standing = health.trouble()
      if (!mayBeMended(standing)) throw new Refusal('read-only', `${standing?.sentence} Restart first.`)
      health.stop(trouble('disturbed', 'The text is being mended.'))
      try {
        return await work()
      } finally {
        await judgeMended(sealKey)
      }
    },
  }
}

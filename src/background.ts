import { Worker } from 'node:worker_threads'
import type { Config } from './config.ts'
import type { BackupReport } from './reports/backup.ts'
import type { VerifyReport } from './reports/verify.ts'

/** Work that takes as long as there is text, in a thread of its own so that people are served meanwhile. */
export interface Background {
  /** Into BACKUP_DIR; one after the other. */
  backUp(watch?: TaskWatch): Promise<BackupReport>
  /** `isDeep` also compares the live cache with a fresh one. */
  verify(isDeep?: boolean, watch?: TaskWatch): Promise<VerifyReport>
  /** What SQLite finds wrong with the pages of this cache; null when it finds them in order, or the file is gone. */
  checkCache(path: string): Promise<string | null>
  /** Stops what is under way, which then rejects. A backup that is stopped leaves the one before. */
  close(): Promise<void>
}

export interface TaskWatch {
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined
  /** Ends it at its next look; it throws the signal's reason then. */
  readonly signal?: AbortSignal | undefined
}

export interface TaskProgress {
  readonly phase: 'reading' | 'comparing' | 'copying'
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

export type Task =
  | { readonly name: 'backUp' }
  | { readonly name: 'verify'; readonly isDeep: boolean }
  | { readonly name: 'checkCache'; readonly path: string }

/** What the thread is given; `stop` is shared memory that becomes 1 when nobody wants to know any more. */
export interface TaskOrder {
  readonly config: Config
  readonly task: Task
  readonly stop: SharedArrayBuffer
}

/** What the thread says. */
export type TaskAnswer = { readonly progress: TaskProgress } | { readonly report: unknown }

/** So long a thread that is told to stop may tidy up, in milliseconds. */
const patience = 3000

/** Only this file and the tests start threads of this configuration. */
export function background(config: Config): Background {
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  let backups: Promise<unknown> = Promise.resolve()

  const begin = <Report>(task: Task, { onProgress, signal }: TaskWatch = {}): Promise<Report> => {
    const signals = signal ? [signal, closing.signal] : [closing.signal]
    const run = inThread<Report>({ config, task }, onProgress, AbortSignal.any(signals))
    running.add(run)
    return run.finally(() => running.delete(run))
  }

  return {
    backUp(watch) {
      const turn = backups.then(() => begin<BackupReport>({ name: 'backUp' }, watch))
      backups = turn.catch(() => {})
      return turn
    },
    verify: (isDeep = false, watch = {}) => begin<VerifyReport>({ name: 'verify', isDeep }, watch),
    checkCache: (path) => begin<string | null>({ name: 'checkCache', path }),
    async close() {
      closing.abort(new Error('It was stopped before its end.'))
      await Promise.allSettled(running)
    },
  }
}

async function inThread<Report>(
  order: Omit<TaskOrder, 'stop'>,
  onProgress: TaskWatch['onProgress'],
  signal: AbortSignal,
): Promise<Report> {
  signal.throwIfAborted()
  const stop = new SharedArrayBuffer(4)
  const thread = new Worker(new URL('background-thread.ts', import.meta.url), {
    workerData: { ...order, stop } satisfies TaskOrder,
  })
  let impatience: NodeJS.Timeout | undefined
  const end = () => {
    Atomics.store(new Int32Array(stop), 0, 1)
    impatience = setTimeout(() => void thread.terminate(), patience)
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<Report>((resolve, reject) => {
      thread.on('message', (answer: TaskAnswer) => {
        if ('progress' in answer) onProgress?.(answer.progress)
        // The thread was asked for this report.
        else resolve(answer.report as Report)
      })
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('The thread ended before it was done.')))
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    clearTimeout(impatience)
    await thread.terminate()
  }
}

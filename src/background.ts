import { Worker } from 'node:worker_threads'
import type { Config } from './config.ts'
import type { BackupReport } from './reports/backup.ts'
import type { VerifyReport } from './reports/verify.ts'

/** Work that takes as long as there is text, in a thread of its own so that people are served meanwhile. */
export interface Background {
  /** Into BACKUP_DIR. */
  backUp(): Promise<BackupReport>
  verify(): Promise<VerifyReport>
  /** Stops what is under way, which then rejects. A backup that is stopped leaves the one before. */
  close(): Promise<void>
}

export function background(config: Config): Background {
  const threads = new Set<Worker>()
  const run = <Report>(task: 'backUp' | 'verify'): Promise<Report> =>
    new Promise((resolve, reject) => {
      const thread = new Worker(new URL('background-thread.ts', import.meta.url), {
        workerData: { config, task },
      })
      threads.add(thread)
      thread.once('message', resolve).once('error', reject)
      thread.once('exit', () => {
        threads.delete(thread)
        reject(new Error('It was stopped before its end.'))
      })
    })
  return {
    backUp: () => run('backUp'),
    verify: () => run('verify'),
    async close() {
      await Promise.all([...threads].map((thread) => thread.terminate()))
    },
  }
}

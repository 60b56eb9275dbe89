import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from './config.ts'
import { backupReport } from './reports/backup.ts'
import { verifyReport } from './reports/verify.ts'
import { ledgerOptions } from './wiring.ts'

/* What runs in the thread that `background` starts: one task, then it ends. */

// Only background.ts starts this file, with these.
const { config, task } = workerData as { config: Config; task: 'backUp' | 'verify' }
const options = ledgerOptions(config)
const report =
  task === 'backUp'
    ? await backupReport(options, { dir: config.backupDir })
    : await verifyReport(options, false)
parentPort?.postMessage(report)

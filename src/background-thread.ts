import { parentPort, workerData } from 'node:worker_threads'
import type { TaskAnswer, TaskOrder, TaskProgress } from './background.ts'
import { backupReport } from './reports/backup.ts'
import { damageIn } from './reports/pages.ts'
import { verifyReport } from './reports/verify.ts'
import { ledgerOptions } from './wiring.ts'

/* What runs in the thread that `background` starts: one task, then it ends. */

// Only background.ts starts this file, with these.
const { config, task, stop } = workerData as TaskOrder
const options = ledgerOptions(config)
const stopped = new Int32Array(stop)
const say = (answer: TaskAnswer) => parentPort?.postMessage(answer)

say({ report: await done() })

function done() {
  if (task.name === 'backUp') return backUp()
  return task.name === 'verify' ? verify(task.isDeep) : damageIn(task.path)
}

function backUp() {
  return backupReport(options, { dir: config.backupDir }, (bytes, totalBytes) =>
    show({ phase: 'copying', records: 0, bytes, totalBytes }),
  )
}

function verify(isDeep: boolean) {
  return verifyReport(options, isDeep, ({ isComparing, ...progress }) =>
    show({ ...progress, phase: isComparing ? 'comparing' : 'reading' }),
  )
}

/** What is thrown here leaves by the ways that tidy up. */
function show(progress: TaskProgress) {
  if (Atomics.load(stopped, 0) === 1) throw new Error('Nobody wants to know any more.')
  say({ progress })
}

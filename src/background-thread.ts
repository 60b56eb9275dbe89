import { parentPort, workerData } from 'node:worker_threads'
import type { TaskAnswer, TaskOrder, TaskProgress } from './background.ts'
import { backupReport } from './reports/backup.ts'
import { editsReport } from './reports/edits.ts'
import { damageIn } from './reports/pages.ts'
import { verifyReport } from './reports/verify.ts'
import { ledgerOptions } from './wiring.ts'

/* What runs in the thread that `background` starts: one task, then it ends. */

// Only background.ts starts this file, with these.
const { config, task, stop } = workerData as TaskOrder
const options = ledgerOptions(config)
const stopped = new Int32Array(stop)
const say = (answer: TaskAnswer) => parentPort?.postMessage(answer)

const enough = new Error('Nobody wants to know any more.')

try {
  say({ report: await done() })
} catch (error) {
  // What fails otherwise is a failure also when it was to be stopped.
  if (error !== enough) throw error
  say({ isStopped: true })
}

function done() {
  if (task.name === 'backUp') return backUp()
  if (task.name === 'edits') return editsReport({ ...options, copies: [config.backupDir] }, requireWanted)
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
  requireWanted()
  say({ progress })
}

function requireWanted() {
  if (Atomics.load(stopped, 0) === 1) throw enough
}

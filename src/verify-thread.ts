import { parentPort, workerData } from 'node:worker_threads'
import { realDisk } from './archive/disk.ts'
import { catalogue } from './catalogue.ts'
import { world } from './kernel/stamp.ts'
import { verifyReport } from './reports/verify.ts'
import type { VerifyAnswer, VerifyOrder } from './verify-beside.ts'

/* What runs in the thread of `verifyBeside`. */

const { archive, cache, isDeep, stop } = workerData as VerifyOrder
const stopped = new Int32Array(stop)
const say = (answer: VerifyAnswer) => parentPort?.postMessage(answer)

try {
  const folders = { disk: realDisk, source: world, archive, cache, catalogue }
  const report = await verifyReport(folders, isDeep, (progress) => {
    // Thrown here, it leaves by the ways that tidy up.
    if (Atomics.load(stopped, 0) === 1) throw new Error('Nobody wants to know any more.')
    say({ progress })
  })
  say({ report })
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) })
}

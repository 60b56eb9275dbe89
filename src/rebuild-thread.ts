import './give-way.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { realDisk } from './archive/disk.ts'
import { rebuildWith } from './ledger/rebuild.ts'
import type { Answer, ThreadOrder } from './rebuild-beside.ts'
import { kinds } from './records/kinds.ts'

/* What runs in the thread of `rebuildBeside`. */

const { order, hand } = workerData as ThreadOrder
const inHand = new Float64Array(hand)
const say = (answer: Answer) => parentPort?.postMessage(answer)

try {
  const made = await rebuildWith(realDisk, kinds)(order, {
    onProgress: (progress) => say({ progress }),
    onRecord: (sequence) => {
      inHand[0] = sequence
    },
  })
  say({ made })
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) })
}

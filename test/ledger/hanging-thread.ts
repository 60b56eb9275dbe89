import { parentPort, workerData } from 'node:worker_threads'
import type { RebuildProgress } from '../../src/ledger/rebuild.ts'
import type { Answer, ThreadOrder } from '../../src/rebuild-beside.ts'

/*
 * In the place of the thread that makes a cache: takes a record in hand in the phase that stands for the archive, and never
 * lets go of it; or, in the phase of indexes, has let go of it and is merely slow.
 */

const { order, hand } = workerData as ThreadOrder
// The test names a phase there.
const phase = order.archive as RebuildProgress['phase']
const say = (answer: Answer) => parentPort?.postMessage(answer)
const inHand = new Float64Array(hand)
say({ progress: { phase, records: 0, bytes: 0, totalBytes: 0 } })
inHand[0] = phase === 'indexing' ? -4711 : 4711
if (phase === 'indexing') setTimeout(() => say({ failed: 'It was slow, and not told to end.' }), 4500)
else for (;;);

import { workerData } from 'node:worker_threads'
import type { ThreadOrder } from '../../src/rebuild-beside.ts'

/* In the place of the thread that makes a cache: takes a record in hand, and never lets go of it. */

const { hand } = workerData as ThreadOrder
new Float64Array(hand)[0] = 4711
for (;;);

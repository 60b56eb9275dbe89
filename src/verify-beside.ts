import { Worker } from 'node:worker_threads'
import type { Folders, VerifyProgress, VerifyReport } from './reports/verify.ts'

/** What the thread is given; `stop` is shared memory that becomes 1 when nobody wants to know any more. */
export interface VerifyOrder {
  readonly archive: string
  readonly cache: string
  readonly isDeep: boolean
  readonly stop: SharedArrayBuffer
}

/** What the thread says. */
export type VerifyAnswer =
  | { readonly progress: VerifyProgress }
  | { readonly report: VerifyReport }
  | { readonly failed: string }

export interface VerifyWatch {
  /** Also compares the live cache with a fresh rebuild. */
  readonly isDeep?: boolean
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
  /** Ends it at its next look; it throws the signal's reason then. */
  readonly signal?: AbortSignal | undefined
}

/** So long a thread that is told to stop may tidy up, in milliseconds. */
const patience = 5000

/**
 * Reads the whole archive in a thread of its own, on the real disk, so that whoever serves and writes here does not
 * notice; works beside writes. Throws what the reading throws, and the signal's reason when that aborts.
 */
export async function verifyBeside(
  { archive, cache }: Pick<Folders, 'archive' | 'cache'>,
  { isDeep = false, onProgress = () => {}, signal }: VerifyWatch = {},
): Promise<VerifyReport> {
  signal?.throwIfAborted()
  const stop = new SharedArrayBuffer(4)
  const order: VerifyOrder = { archive, cache, isDeep, stop }
  const worker = new Worker(new URL('./verify-thread.ts', import.meta.url), { workerData: order })
  let impatience: NodeJS.Timeout | undefined
  const end = () => {
    Atomics.store(new Int32Array(stop), 0, 1)
    impatience = setTimeout(() => void worker.terminate(), patience)
  }
  signal?.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<VerifyReport>((resolve, reject) => {
      worker.on('message', (answer: VerifyAnswer) => {
        if ('progress' in answer) onProgress(answer.progress)
        else if ('report' in answer) resolve(answer.report)
        else reject(new Error(answer.failed))
      })
      worker.on('error', reject)
      worker.on('exit', () => reject(new Error('The thread that read the archive ended before it was done.')))
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', end)
    clearTimeout(impatience)
    await worker.terminate()
  }
}

import { watch } from 'chokidar'
import { lockName } from '../archive/files.ts'
import type { Ledger } from './ledger.ts'

/** How soon a change is looked at, and how often when the watcher says nothing, in milliseconds. */
const soon = 100
const often = 5000

/**
 * Has the ledger look at the archive whenever something there changed, and every few seconds anyway: the watcher is only
 * a hint. Own writes are looked at, too, and found to be as they were left.
 */
export function followArchive(ledger: Ledger, onError: (error: unknown) => void): { close(): Promise<void> } {
  let waiting: NodeJS.Timeout | undefined
  let isClosed = false
  const look = () => {
    waiting = undefined
    if (!isClosed) ledger.reconcile().catch(onError)
  }
  const hint = () => {
    waiting ??= setTimeout(look, soon)
  }
  const watcher = watch(ledger.archive, {
    ignoreInitial: true,
    ignored: (path) => path.endsWith(lockName) || path.endsWith('.tmp'),
  })
  // What changes while the watcher looks around for the first time is told by nobody.
  watcher.on('all', hint).on('ready', hint).on('error', onError)
  const slowly = setInterval(hint, often)
  return {
    async close() {
      isClosed = true
      clearTimeout(waiting)
      clearInterval(slowly)
      await watcher.close()
    },
  }
}

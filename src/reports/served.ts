import { basename, join } from 'node:path'
import type { Problem } from '../archive/verify.ts'
import { cursorOf } from '../cache/cursor.ts'
import type { Reading } from '../cache/reading.ts'
import { cursorIn } from '../ledger/caches.ts'

/** The cache that a running site serves from, as the site itself sees it. */
export interface Served {
  readonly file: string
  /** The last record that it shows. */
  readonly sequence: number
}

export const servedBy = (cache: Reading): Served => ({
  file: basename(cache.sqlite.name),
  sequence: cursorOf(cache)?.sequence ?? 0,
})

/**
 * What lies in the folder must be what the site was asked about a moment ago: a process goes on with a file that somebody
 * took away or replaced, and whoever looks into the folder would judge another.
 */
export function unlikeServed(folder: string, served: Served | undefined): Problem | undefined {
  if (!served) return undefined
  const there = cursorIn(join(folder, served.file))?.sequence
  if (there !== undefined && there >= served.sequence) return undefined
  const ends =
    there === undefined ? 'what lies there is no cache' : `what lies there ends with record ${there}`
  return {
    file: served.file,
    what:
      `the site serves record ${served.sequence} from it, and ${ends}: its files were taken away or replaced while the ` +
      'site ran. Restart the site',
  }
}

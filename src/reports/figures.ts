import { statSync } from 'node:fs'
import { join } from 'node:path'
import { archiveFiles } from '../archive/files.ts'
import { cursorOf } from '../cache/cursor.ts'
import { millisecondsOf } from '../kernel/moment.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { missingSealingKeys } from '../ledger/missing-keys.ts'
import type { Trouble } from '../ledger/standing.ts'
import { lastAct } from '../queries/recovery.ts'
import type { Figures } from '../web/figures.ts'
import { newestVerification } from './checks/acts.ts'
import { freeBytes } from './checks/disk.ts'
import type { Folders } from './folders.ts'
import { rowCounts } from './rebuild.ts'

/** What a running site knows of itself, asked as often as somebody wants to know: a few system calls. */
export function figuresOf(folders: Folders & { readonly secrets: string }, ledger: Ledger): () => Figures {
  const { disk, source, archive, cache: folder } = folders
  let counted: { readonly at: number; readonly rows: Readonly<Record<string, number>> } | undefined
  const rowsAt = (now: number) => {
    if (!counted || now - counted.at > minute) counted = { at: now, rows: rowCounts(ledger.cache()) }
    return counted.rows
  }
  return () => {
    const cache = ledger.cache()
    const cursor = cursorOf(cache)
    const { segments } = archiveFiles(disk, archive)
    const reason = ledger.trouble()
    const verified = newestVerification(folder, cache)
    const backedUp = lastAct(cache, 'backed-up')
    return {
      archive: {
        records: ledger.head().sequence,
        bytes: segments.reduce((sum, { name }) => sum + (disk.measure(join(archive, name))?.size ?? 0), 0),
        segments: segments.length,
        lastSequence: ledger.head().sequence,
        isHealthy: reason === undefined || !ofTheText.has(reason.why),
        isWritable: reason === undefined,
      },
      cache: {
        bytes: statSync(cache.sqlite.name).size,
        sequence: cursor?.sequence ?? 0,
        builtAt: cursor ? millisecondsOf(cursor.builtAt) : 0,
        buildSeconds: (cursor?.buildMilliseconds ?? 0) / 1000,
        rows: rowsAt(source.now()),
      },
      missingKeys: missingSealingKeys(cache, folders).length,
      verifiedAt: verified && millisecondsOf(verified.at),
      backedUpAt: backedUp && millisecondsOf(backedUp.at),
      free: { archive: freeBytes(archive), cache: freeBytes(folder) },
    }
  }
}

/** Counting 335,000 rows takes 2 ms, in which the site does nothing else. */
const minute = 60_000

/** Reasons not to write that say something about the archive itself. */
const ofTheText: ReadonlySet<Trouble['why']> = new Set([
  'corrupt',
  'unreadable',
  'ahead',
  'disturbed',
  'unknown',
])

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getTableName } from 'drizzle-orm'
import type { Disk } from '../archive/disk.ts'
import { type Problem, type Progress, type Verification, verifyArchive } from '../archive/verify.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache } from '../cache/generations.ts'
import { openReader } from '../cache/open.ts'
import { digestTable } from '../cache/schema.ts'
import { momentOf } from '../kernel/moment.ts'
import { type Source, stopwatch } from '../kernel/stamp.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { usableCache } from '../ledger/caches.ts'
import type { Catalogue } from '../ledger/catalogue.ts'
import { rebuildWith } from '../ledger/rebuild.ts'
import { tables } from '../records/kinds.ts'

export interface VerifyReport {
  readonly ok: boolean
  readonly records: number
  readonly segments: number
  readonly bytes: number
  readonly seconds: number
  readonly problems: readonly Problem[]
  readonly deep?: DeepReport
}

/** Whether the live cache is what a rebuild from the text gives, table by table. */
export interface DeepReport {
  readonly ok: boolean
  readonly tables: readonly {
    readonly table: string
    readonly rowsLive: number
    readonly rowsRebuilt: number
    readonly equal: boolean
  }[]
}

export interface Folders {
  readonly disk: Disk
  readonly source: Source
  readonly archive: string
  readonly cache: string
  readonly catalogue: Catalogue
}

/** Every byte is read first; then, when it is deep, once more for a fresh cache to compare with. */
export interface VerifyProgress extends Progress {
  readonly isComparing: boolean
}

/**
 * Reads the whole archive and says everything that is wrong with it; `isDeep` also compares the live cache with a fresh
 * one. Works beside a running server. Takes as long as there is text.
 */
export async function verifyReport(
  folders: Folders,
  isDeep: boolean,
  onProgress: (progress: VerifyProgress) => void = () => {},
): Promise<VerifyReport> {
  const elapsed = stopwatch()
  const seen = (progress: Progress) => onProgress({ ...progress, isComparing: false })
  const { records, segments, bytes, problems } = verifySettled(folders, seen)
  const made = (progress: Progress) => onProgress({ ...progress, isComparing: true })
  const deep = isDeep ? await compare(folders, made) : undefined
  const ok = problems.length === 0 && deep?.ok !== false
  const report = { ok, records, segments, bytes, seconds: elapsed(), problems, ...(deep && { deep }) }
  remember(folders, report)
  return report
}

const tries = 20
const pause = new Int32Array(new SharedArrayBuffer(4))

/** A server may be in the middle of a write: a torn end only counts when it stays. */
function verifySettled({ disk, archive }: Folders, onProgress?: (progress: Progress) => void): Verification {
  let seen = verifyArchive(disk, archive, onProgress)
  for (let attempt = 1; attempt < tries && isTornOnly(seen); attempt++) {
    Atomics.wait(pause, 0, 0, 50)
    const again = verifyArchive(disk, archive, onProgress)
    if (again.head.sequence === seen.head.sequence && again.bytes === seen.bytes && attempt > 3) return again
    seen = again
  }
  return seen
}

const isTornOnly = ({ problems, head }: Verification) =>
  problems.length === 1 && problems[0]?.sequence === head.sequence + 1

/** The live cache stands still meanwhile: one read transaction, and a rebuild that stops at its cursor. */
async function compare(folders: Folders, onProgress: (progress: Progress) => void): Promise<DeepReport> {
  const { disk, archive, catalogue, source } = folders
  const schemaHash = schemaHashOf(disk, catalogue.golden, catalogue.kinds)
  const path = currentCache(folders.cache, schemaHash)
  const live = usableCache(path, 'read')
  if (!live) return { ok: false, tables: [] }
  const scratch = mkdtempSync(join(folders.cache, 'compare-'))
  try {
    live.sqlite.exec('begin')
    const until = cursorOf(live)?.sequence ?? 0
    const now = momentOf(source.now())
    const made = await rebuildWith(disk, catalogue.kinds)(
      { archive, cache: scratch, schemaHash, now, until },
      { onProgress },
    )
    const fresh = openReader(made.path)
    try {
      const compared = tables.map((table) => {
        const is = digestTable(live, table)
        const should = digestTable(fresh, table)
        return {
          table: getTableName(table),
          rowsLive: is.rows,
          rowsRebuilt: should.rows,
          equal: is.digest === should.digest,
        }
      })
      return { ok: made.safe.sequence === until && compared.every(({ equal }) => equal), tables: compared }
    } finally {
      fresh.close()
    }
  } finally {
    live.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

const fileName = 'last-verification.json'

/** When the archive was last read from end to end, and how that went. It may be lost with the cache folder. */
export interface LastVerification {
  readonly at: string
  readonly ok: boolean
  readonly records: number
  readonly seconds: number
}

function remember({ cache, source }: Folders, { ok, records, seconds }: VerifyReport) {
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  const last: LastVerification = { at: momentOf(source.now()), ok, records, seconds }
  writeFileSync(join(cache, fileName), `${JSON.stringify(last)}\n`, { mode: 0o600 })
}

export function lastVerification(cache: string): LastVerification | null {
  try {
    return JSON.parse(readFileSync(join(cache, fileName), 'utf8')) as LastVerification
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return null
    throw error
  }
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { getTableName } from 'drizzle-orm'
import type { Disk } from '../archive/disk.ts'
import { type Problem, type Progress, type Verification, verifyArchive } from '../archive/verify.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache, reserveCache } from '../cache/generations.ts'
import { openReader } from '../cache/open.ts'
import type { Reading } from '../cache/reading.ts'
import { digestTable } from '../cache/schema.ts'
import { momentOf } from '../kernel/moment.ts'
import { type Source, stopwatch } from '../kernel/stamp.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { usableCache } from '../ledger/caches.ts'
import type { Catalogue } from '../ledger/catalogue.ts'
import { rebuildWith } from '../ledger/rebuild.ts'
import { makeScratch } from '../ledger/scratch.ts'
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

/**
 * Reads the whole archive and says everything that is wrong with it; `isDeep` also compares the live cache with a fresh
 * one. Works beside a running server. Takes as long as there is text.
 */
export async function verifyReport(
  folders: Folders,
  isDeep: boolean,
  onProgress?: (progress: Progress) => void,
): Promise<VerifyReport> {
  const elapsed = stopwatch()
  const { records, segments, bytes, problems: inArchive } = verifySettled(folders, onProgress)
  const { deep, inCache = [] } = isDeep ? await compareIfSound(folders) : {}
  const problems = [...inArchive, ...inCache]
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

interface Compared {
  readonly deep?: DeepReport
  readonly inCache?: readonly Problem[]
}

/** A cache that cannot be read is a finding like any other. */
async function compareIfSound(folders: Folders): Promise<Compared> {
  const { disk, cache, catalogue } = folders
  const schemaHash = schemaHashOf(disk, catalogue.golden, catalogue.kinds)
  const path = currentCache(cache, schemaHash)
  const live = usableCache(path, 'read')
  try {
    const unsound = live ? unsoundness(live) : 'there is no cache of this code that can be read'
    if (live && unsound === undefined) return { deep: await compare(folders, live, schemaHash) }
    const what = `${unsound}: ./thywill rebuild makes a new one`
    return { deep: { ok: false, tables: [] }, inCache: [{ file: basename(path ?? cache), what }] }
  } finally {
    live?.close()
  }
}

/** What SQLite says of pages that are damaged. */
function unsoundness({ sqlite }: Reading): string | undefined {
  try {
    const found = sqlite.pragma('quick_check(1)', { simple: true })
    return found === 'ok' ? undefined : `pages of the cache are damaged, ${found}`
  } catch (error) {
    if (!isDamage(error)) throw error
    return `pages of the cache are damaged, ${error.message}`
  }
}

/** The live cache stands still meanwhile: one read transaction, and a rebuild that stops at its cursor. */
async function compare(folders: Folders, live: Reading, schemaHash: string): Promise<DeepReport> {
  const { disk, archive, catalogue, source } = folders
  const { path: scratch, remove } = makeScratch(disk, folders.cache)
  try {
    live.sqlite.exec('begin')
    const until = cursorOf(live)?.sequence ?? 0
    const now = momentOf(source.now())
    const made = await rebuildWith(disk, catalogue.kinds)(
      { archive, path: reserveCache(scratch, schemaHash), now, until },
      {},
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
    remove()
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

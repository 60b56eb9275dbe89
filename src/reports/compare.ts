import { mkdirSync } from 'node:fs'
import { SqliteError } from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import { findPosition } from '../archive/find.ts'
import type { KindCounts } from '../archive/kinds.ts'
import { Unreadable } from '../archive/unreadable.ts'
import type { Progress } from '../archive/verify.ts'
import { compareTable, type TableDifference } from '../cache/compare.ts'
import { cursorOf, cursors } from '../cache/cursor.ts'
import { currentCache, reserveCache } from '../cache/generations.ts'
import { type Connection, openReader } from '../cache/open.ts'
import type { Reading } from '../cache/reading.ts'
import type { Table } from '../kernel/event.ts'
import { momentOf } from '../kernel/moment.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { usableCache } from '../ledger/caches.ts'
import { UnknownKind } from '../ledger/project.ts'
import { rebuildWith } from '../ledger/rebuild.ts'
import { makeScratch } from '../ledger/scratch.ts'
import { tables } from '../records/kinds.ts'
import type { Folders } from './folders.ts'

/** Whether the live cache is what a rebuild from the text gives, table by table. */
export interface Comparison {
  readonly ok: boolean
  /** The record that both stood at. */
  readonly sequence: number
  readonly tables: readonly ComparedTable[]
  /** Whether the archive holds every record that the live cache has seen: else no rebuild makes what it was. */
  readonly isHeld: boolean
  /** What else stands in the way of their being equal, in sentences. */
  readonly problems: readonly string[]
}

export interface ComparedTable extends Omit<TableDifference, 'rowsLive'> {
  readonly table: string
  /** Null when the live cache has no such table, or it cannot be read. */
  readonly rowsLive: number | null
  readonly equal: boolean
  /** What SQLite says of a live table that cannot be read. */
  readonly unreadable?: string
}

export interface Compared {
  readonly comparison: Comparison
  /** How many records of each kind were read, when all could be. */
  readonly kinds?: KindCounts
  /** The live cache, when there is one. */
  readonly path?: string | undefined
}

export interface CompareOptions {
  /** How many rows of a table are named when it differs. */
  readonly most?: number
  /** Also checks every page of the live file, and its indexes. */
  readonly isDeep?: boolean
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** How many rows of each table are named, when nobody asks for more. */
export const fewRows = 5

/**
 * Rebuilds into a scratch file and compares it with the live cache, which stands still meanwhile: one read transaction,
 * and a rebuild that stops at its cursor. Works beside a running server.
 */
export async function compare(folders: Folders, options: CompareOptions = {}): Promise<Compared> {
  const { disk, archive, catalogue, source, cache: folder } = folders
  const schemaHash = schemaHashOf(disk, catalogue)
  const path = currentCache(folder, schemaHash)
  const live = usableCache(path, 'read')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const scratch = makeScratch(disk, folder)
  try {
    live?.sqlite.exec('begin')
    const cursor = live && cursorOf(live)
    const until = live ? (cursor?.sequence ?? 0) : Number.POSITIVE_INFINITY
    const isHeld = !cursor || findPosition(disk, archive, cursor) !== undefined
    const { kinds } = catalogue
    const now = momentOf(source.now())
    const { onProgress } = options
    const order = { archive, path: reserveCache(scratch.path, schemaHash), now, until }
    const made = await rebuildWith(disk, kinds)(order, { onProgress })
    const compared = await compareFiles(live, made.path, options)
    const problems = [
      ...(live ? [] : ['There is no cache that fits this code: the next start makes one.']),
      ...(live && made.safe.sequence < until
        ? [`The archive can be read up to record ${made.safe.sequence}.`]
        : []),
      ...(isHeld ? [] : [`The cache has seen record ${until}, which the archive does not hold.`]),
      ...compared.flatMap(({ table, unreadable }) =>
        unreadable === undefined ? [] : [`The table ${table} cannot be read: ${unreadable}.`],
      ),
      ...(live && options.isDeep ? damageIn(live) : []),
    ]
    const ok = problems.length === 0 && isHeld && compared.every(({ equal }) => equal)
    // A rebuild took its place meanwhile, perhaps because words were erased: that is the one to look at.
    if (!ok && live && currentCache(folder, schemaHash) !== path) return await compare(folders, options)
    const comparison = { ok, sequence: made.safe.sequence, tables: compared, isHeld, problems }
    return { comparison, kinds: made.kinds, path: live?.path }
  } catch (error) {
    if (!(error instanceof UnknownKind || error instanceof Unreadable)) throw error
    return { comparison: { ok: false, sequence: 0, tables: [], isHeld: true, problems: [error.message] } }
  } finally {
    live?.close()
    scratch.remove()
  }
}

async function compareFiles(
  live: Connection | undefined,
  path: string,
  { most = fewRows }: CompareOptions,
): Promise<ComparedTable[]> {
  const fresh = openReader(path)
  try {
    const compared: ComparedTable[] = []
    for (const name of tableNames(live, fresh)) {
      const table = tables.find((one) => getTableName(one) === name)
      compared.push(await compareOne(live, fresh, name, table, most))
    }
    return compared
  } finally {
    fresh.close()
  }
}

/** Every table that kinds name and every other one that either file has, so that none is there unseen. */
function tableNames(...caches: (Reading | undefined)[]): string[] {
  const found = caches.flatMap((cache) =>
    cache ? (cache.sqlite.prepare(listing).pluck().all() as string[]).sort() : [],
  )
  const names = new Set([...tables.map(getTableName), ...found])
  names.delete(getTableName(cursors))
  return [...names]
}

/** What only serves searching is made of the others, and is no table of its own. */
const listing =
  "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'"

async function compareOne(
  live: Reading | undefined,
  fresh: Reading,
  name: string,
  table: Table | undefined,
  most: number,
): Promise<ComparedTable> {
  const rowsRebuilt = rowsIn(fresh, name) ?? 0
  const unseen = { table: name, rowsLive: null, rowsRebuilt, differing: 0, rows: [], equal: false }
  if (!live) return unseen
  try {
    const rowsLive = rowsIn(live, name)
    // A table that no kind fills stays empty, so there are no rows to compare.
    if (!table || rowsLive === null) return { ...unseen, rowsLive, equal: rowsLive === rowsIn(fresh, name) }
    const found = await compareTable(live, fresh, table, most)
    return { table: name, ...found, equal: found.differing === 0 }
  } catch (error) {
    // A damaged page is a finding: whoever asks wants to know of the other tables, too.
    if (error instanceof SqliteError) return { ...unseen, unreadable: error.message }
    throw error
  }
}

/** Null when there is no such table. */
function rowsIn({ sqlite }: Reading, name: string): number | null {
  const isThere = sqlite.prepare(`${listing} and name = ?`).get(name)
  return isThere ? (sqlite.prepare(`select count(*) from "${name}"`).pluck().get() as number) : null
}

/** What SQLite finds wrong with pages and indexes; a walk through the tables does not look at an index. */
function damageIn({ sqlite }: Reading): string[] {
  try {
    const said = sqlite.prepare('pragma integrity_check(5)').pluck().all() as string[]
    return said.filter((line) => line !== 'ok').map((line) => `The file of the cache is damaged: ${line}.`)
  } catch (error) {
    if (error instanceof SqliteError) return [`The file of the cache is damaged: ${error.message}.`]
    throw error
  }
}

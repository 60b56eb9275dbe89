import { hash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { pointedCaches } from '../../src/cache/generations.ts'
import { type Connection, openForBuilding, openReader } from '../../src/cache/open.ts'
import { createIndexes, createTables } from '../../src/cache/schema.ts'
import { environment, readConfig } from '../../src/config.ts'

/*
 * The least that a rebuild could do: read the same bytes in pieces of 4 MiB, find their lines, hash every record, insert
 * the same rows with prepared statements into the same tables, make the indexes afterwards. It does not parse, compare or
 * project anything: the rows lie in memory before the clock starts.
 */

export interface BareRebuild {
  readonly records: number
  readonly seconds: number
}

const { archiveDir, cacheDir } = readConfig(environment())
const tables = rowsToInsert(cacheDir)
const folder = mkdtempSync(join(tmpdir(), 'thywill-bench-'))

const started = performance.now()
const cache = openForBuilding(join(folder, 'bare.sqlite'))
createTables(cache)
cache.sqlite.exec('begin')
let records = 0
for (const { name } of archiveFiles(realDisk, archiveDir).segments)
  records += hashRecords(join(archiveDir, name))
for (const table of tables) insertAll(cache, table)
createIndexes(cache)
cache.sqlite.exec('commit')
cache.close()
const seconds = (performance.now() - started) / 1000

rmSync(folder, { recursive: true })
process.send?.({ records, seconds } satisfies BareRebuild)

interface Rows {
  readonly table: string
  readonly rows: readonly (readonly unknown[])[]
}

/** Every row of the finished cache, in the order in which it came there. */
function rowsToInsert(folder: string): Rows[] {
  const [path] = pointedCaches(folder)
  if (path === undefined) throw new Error('the community has no cache')
  const { sqlite, close } = openReader(path)
  const names = sqlite
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[]
  const found = names.map((table) => ({
    table,
    rows: sqlite.prepare(`select * from ${table} order by rowid`).raw().all() as unknown[][],
  }))
  close()
  return found
}

function insertAll({ sqlite }: Connection, { table, rows }: Rows) {
  const [first] = rows
  if (!first) return
  const insert = sqlite.prepare(`insert into ${table} values (${first.map(() => '?').join()})`)
  for (const row of rows) insert.run(row)
}

/** Hashes each record from the closing line in front of it up to its own; answers how many there are. */
function hashRecords(path: string): number {
  const [lineFeed, equals] = [10, 61]
  const buffer = Buffer.allocUnsafe(4 * 1024 * 1024)
  const file = openSync(path, 'r')
  let [start, at, end, records] = [-1, 0, 0, 0]
  for (;;) {
    const read = readSync(file, buffer, end, buffer.length - end, null)
    if (read === 0) break
    end += read
    for (
      let stop = buffer.indexOf(lineFeed, at);
      stop >= 0 && stop < end;
      stop = buffer.indexOf(lineFeed, at)
    ) {
      if (buffer[at] === equals) {
        if (start >= 0) {
          hash('sha256', buffer.subarray(start, at))
          records++
        }
        start = at
      }
      at = stop + 1
    }
    buffer.copyWithin(0, start, end)
    at -= start
    end -= start
    start = 0
  }
  closeSync(file)
  return records
}

import { hash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { type Connection, openForBuilding } from '../../src/cache/open.ts'
import { createIndexes, createTables } from '../../src/cache/schema.ts'
import { environment, readConfig } from '../../src/config.ts'
import { type BareRebuild, finishedRows, insertAll, requireAsMany } from './bare-rows.ts'

/*
 * The floor, the least that a rebuild could do: read the same bytes in pieces of 4 MiB, find their lines, hash every record, insert
 * the same rows with prepared statements into the same tables of a file with the same settings, make the indexes
 * afterwards. It compares nothing with grammar, chain or schema, and counts nothing: it splits the header of a mark at its
 * blanks, and all other rows lie in memory before the clock starts. With the argument `ready` those of the marks do too.
 */

const [, , how, schemaHash = ''] = process.argv
const isReady = how === 'ready'
const { archiveDir, cacheDir } = readConfig(environment())
const finished = finishedRows(cacheDir, schemaHash)
const folder = mkdtempSync(join(tmpdir(), 'thywill-bench-'))

const started = performance.now()
const cache = openForBuilding(join(folder, 'bare.sqlite'))
createTables(cache)
cache.sqlite.exec('begin')
const onHeader = isReady ? undefined : marksInto(cache)
let records = 0
for (const { name } of archiveFiles(realDisk, archiveDir).segments)
  records += hashRecords(join(archiveDir, name), onHeader)
for (const { table, rows } of finished) if (isReady || table !== 'marks') insertAll(cache, table, rows)
createIndexes(cache)
cache.sqlite.exec('commit')
const seconds = (performance.now() - started) / 1000

for (const { table, rows } of finished) requireAsMany(cache, table, rows)
cache.close()
rmSync(folder, { recursive: true })
process.send?.({ records, seconds } satisfies BareRebuild)

/** A seeded mark has neither key nor time of its own, so its header always has the same five parts. */
function marksInto({ sqlite }: Connection) {
  const insert = sqlite.prepare('insert into marks values (?, ?, ?, ?, ?)')
  const remove = sqlite.prepare('delete from marks where sequence = ?')
  return (header: string) => {
    const [place = '', time, kind, by = '', prayer = '', mark = ''] = header.split(' ')
    if (kind === 'prayer.marked/1')
      insert.run(Number(place.slice(1)), prayer.slice('prayer='.length), by.slice('by='.length), time, time)
    else if (kind === 'prayer.unmarked/2') remove.run(Number(mark.slice('mark='.length)))
  }
}

/** Hashes each record from the closing line in front of it up to its own; answers how many there are. */
function hashRecords(path: string, onHeader: ((header: string) => void) | undefined): number {
  const [lineFeed, equals, closingLength] = [10, 61, 68]
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
          const header = start + closingLength
          onHeader?.(buffer.toString('latin1', header, buffer.indexOf(lineFeed, header)))
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

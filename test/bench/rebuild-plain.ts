import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { openForBuilding } from '../../src/cache/open.ts'
import { createIndexes, createTables } from '../../src/cache/schema.ts'
import { environment, readConfig } from '../../src/config.ts'
import { type BareRebuild, finishedRows, insertAll, requireAsMany } from './bare-rows.ts'

/*
 * A bare loop as one would write it down: the schema, then each month read at once, split into records, each record
 * hashed, its row inserted, and the count of its prayer moved by an upsert. It has our settings of SQLite, compares
 * nothing with grammar, chain or schema, knows the form of a seeded mark, does not ask whether somebody prayed for the
 * first time, and finds the rows of all other tables in memory, where they lay before its clock started.
 */

const [, , schemaHash = ''] = process.argv
const { archiveDir, cacheDir } = readConfig(environment())
const finished = finishedRows(cacheDir, schemaHash)
const folder = mkdtempSync(join(tmpdir(), 'thywill-bench-'))

const started = performance.now()
const cache = openForBuilding(join(folder, 'plain.sqlite'))
createTables(cache)
createIndexes(cache)
const { sqlite } = cache
const insert = sqlite.prepare('insert into marks values (?, ?, ?, ?, ?)')
const remove = sqlite.prepare('delete from marks where sequence = ?')
const count = sqlite.prepare(
  'insert into prayer_counts values (?, ?, 0, ?, ?, 1) on conflict (prayer) do update set times = times + excluded.times, last = excluded.last',
)
sqlite.exec('begin')
let records = 0
for (const { name } of archiveFiles(realDisk, archiveDir).segments) {
  const [, ...texts] = readFileSync(join(archiveDir, name), 'utf8').split('\n\n')
  let closing = ''
  for (const text of texts) {
    if (text === '') continue
    const end = text.lastIndexOf('\n= ') + 1
    hash('sha256', closing + text.slice(0, end))
    closing = text.slice(end)
    const [place = '', time, kind, by = '', prayer = '', mark = ''] = text
      .slice(0, text.indexOf('\n'))
      .split(' ')
    const id = prayer.slice('prayer='.length)
    if (kind === 'prayer.marked/1') {
      insert.run(Number(place.slice(1)), id, by.slice('by='.length), time, time)
      count.run(id, 0, 1, Number(place.slice(1)))
    } else if (kind === 'prayer.unmarked/2') {
      remove.run(Number(mark.slice('mark='.length)))
      count.run(id, 0, -1, 0)
    } else if (kind === 'prayer.posted/3') {
      count.run(id, Number.parseInt(place.slice(1), 10), 0, 0)
    }
    records++
  }
}
const counted = ['marks', 'prayer_counts']
for (const { table, rows } of finished) if (!counted.includes(table)) insertAll(cache, table, rows)
sqlite.exec('commit')
const seconds = (performance.now() - started) / 1000

for (const { table, rows } of finished) requireAsMany(cache, table, rows)
cache.close()
rmSync(folder, { recursive: true })
process.send?.({ records, seconds } satisfies BareRebuild)

import assert from 'node:assert/strict'
import { appendFileSync, closeSync, openSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { pointedCaches } from '../../src/cache/generations.ts'
import { seeded } from '../tools/backup.ts'
import { command, type Home, serve, undoing } from '../tools/site.ts'

/** Writes noise over every page of this table, and answers the path of the cache. */
function damages({ cache }: Home, table: string): string {
  const [path = ''] = pointedCaches(cache)
  const open = new Database(path)
  open.pragma('wal_checkpoint(truncate)')
  const size = Number(open.pragma('page_size', { simple: true }))
  const pages = open.prepare('select pageno from dbstat where name = ?').pluck().all(table)
  open.close()
  assert.ok(pages.length > 0, `${table} has pages`)
  const file = openSync(path, 'r+')
  for (const page of pages) writeSync(file, Buffer.alloc(size, 0xa5), 0, size, (Number(page) - 1) * size)
  closeSync(file)
  return path
}

async function until(claim: () => boolean, what: () => string) {
  const end = performance.now() + 60_000
  while (!claim()) {
    assert.ok(performance.now() < end, what())
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const told = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => String(JSON.parse(line).msg))
    .filter((line) => !line.startsWith('RATE_LIMITS'))

test('a damaged page where no start comes is found after it: another cache is made, the old one is kept, and the log says so', async (t) => {
  const atEnd = undoing(t)
  const here = await seeded(t)
  const path = damages(here, 'marks')
  const site = await serve({ ...here, env: { ...here.env, LOG_LEVEL: 'warn' } })
  atEnd(() => site.stop())
  await until(() => told(site.output()).length >= 2, site.output)
  const [first = '', second] = told(site.output())
  assert.match(
    first,
    /^Nothing can be saved: Pages of the cache are damaged \(.+\); a new one is being made from the archive\.$/,
  )
  assert.equal(second, 'Writing goes on.')
  assert.ok(readdirSync(here.cache).includes(`${path.split('/').at(-1)}.damaged`))
  const verified = await command(here, 'verify', '--deep', '--json')
  assert.equal(verified.code, 0, verified.output)
})

test('a backup is made whole while pages of the cache are damaged, and says what it lacks', async (t) => {
  const here = await seeded(t)
  damages(here, 'marks')
  const made = await command(here, 'backup', join(here.folder, 'x'))
  assert.equal(made.code, 0, made.output)
  assert.match(
    made.output,
    /^Pages of the cache are damaged, so the backup does not say what the site showed/m,
  )
  const tried = await command(here, 'restore', join(here.folder, 'x'), '--dry-run')
  assert.equal(tried.code, 0, tried.output)
  assert.match(tried.output, /there was none of this version to compare it with/)
})

test('when writing stops while the site runs, the log says why, once, at any level that warns', async (t) => {
  const atEnd = undoing(t)
  const here = await seeded(t)
  const site = await serve({ ...here, env: { ...here.env, LOG_LEVEL: 'warn' } })
  atEnd(() => site.stop())
  assert.deepEqual(told(site.output()), [])
  const open = archiveFiles(realDisk, here.archive).segments.at(-1)?.name ?? ''
  appendFileSync(join(here.archive, open), 'x')
  await until(() => told(site.output()).length > 0, site.output)
  await command(here, 'invite')
  await new Promise((resolve) => setTimeout(resolve, 1500))
  assert.equal(told(site.output()).length, 1, site.output())
  assert.match(told(site.output())[0] ?? '', /^Nothing can be saved: .*\d{4}-\d\d\.txt/)
})

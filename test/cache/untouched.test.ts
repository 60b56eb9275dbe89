import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type Connection, openForBuilding, openForWriting, openReader } from '../../src/cache/open.ts'
import type { Reading } from '../../src/cache/reading.ts'
import { untilTouched } from '../../src/cache/untouched.ts'
import { cacheWriter } from '../../src/cache/writer.ts'

const tunes = sqliteTable('tunes', { song: text().primaryKey(), tune: text().notNull() })
const singers = sqliteTable('singers', { song: text().primaryKey(), singer: text().notNull() })

test('an answer is kept while its tables are not written to, whoever writes with this connection', (t) => {
  const { path, cache } = songbook(t)
  const { tuneOf, asked } = counted()
  const [one, other] = [cacheWriter(cache), cacheWriter(cache)]
  one.put(tunes, { song: 'abide', tune: 'old' })

  assert.deepEqual([tuneOf(cache, 'abide'), tuneOf(cache, 'abide'), asked()], ['old', 'old', 1])
  one.put(singers, { song: 'abide', singer: 'Ruth' })
  assert.equal(one.has(tunes, { song: 'abide' }), true)
  assert.deepEqual([tuneOf(cache, 'abide'), asked()], ['old', 1], 'nothing has touched it')
  other.patch(tunes, 'abide', { tune: 'new' })
  assert.deepEqual([tuneOf(cache, 'abide'), asked()], ['new', 2])

  const second = openForWriting(path)
  t.after(() => second.close())
  assert.deepEqual([tuneOf(second, 'abide'), asked()], ['new', 3], 'each connection keeps its own')
})

test('an answer of rows that were undone is forgotten', (t) => {
  const { cache } = songbook(t)
  const { tuneOf } = counted()
  const writer = cacheWriter(cache)
  cache.sqlite.exec('begin')
  writer.put(tunes, { song: 'abide', tune: 'old' })
  assert.equal(tuneOf(cache, 'abide'), 'old')
  cache.sqlite.exec('rollback')
  writer.forget()
  assert.equal(tuneOf(cache, 'abide'), undefined)
})

test('that there is nothing is not kept, and a connection that only reads keeps nothing', (t) => {
  const { path, cache } = songbook(t)
  const { tuneOf, asked } = counted()
  assert.deepEqual([tuneOf(cache, 'be'), tuneOf(cache, 'be'), asked()], [undefined, undefined, 2])
  cacheWriter(cache).put(tunes, { song: 'be', tune: 'old' })
  const reader = openReader(path)
  t.after(() => reader.close())
  assert.deepEqual([tuneOf(reader, 'be'), tuneOf(reader, 'be'), asked()], ['old', 'old', 4])
})

test('whoever asks for ever more answers does not fill the memory', (t) => {
  const { cache } = songbook(t)
  let asked = 0
  const same = untilTouched([tunes], (_, song) => {
    asked++
    return song
  })
  for (let song = 0; song < 10_001; song++) same(cache, String(song))
  assert.equal(asked, 10_001)
  assert.equal(same(cache, '10000'), '10000')
  assert.equal(asked, 10_001, 'the last one is kept')
  assert.equal(same(cache, '0'), '0')
  assert.equal(asked, 10_002, 'the first one was forgotten')
})

/** How often the rows were asked. */
function counted() {
  let times = 0
  const tuneOf = untilTouched([tunes], ({ sqlite }: Reading, song) => {
    times++
    return sqlite.prepare<[string], string>('select tune from tunes where song = ?').pluck().get(song)
  })
  return { tuneOf, asked: () => times }
}

function songbook(t: TestContext): { path: string; cache: Connection } {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  const path = join(folder, 'cache.sqlite')
  const building = openForBuilding(path)
  building.sqlite.exec('create table tunes (song text primary key, tune text not null)')
  building.sqlite.exec('create table singers (song text primary key, singer text not null)')
  building.close()
  const cache = openForWriting(path)
  t.after(() => {
    cache.close()
    rmSync(folder, { recursive: true })
  })
  return { path, cache }
}

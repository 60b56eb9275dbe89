import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Database from 'better-sqlite3'
import { openForWriting, openReader } from '../../src/cache/open.ts'
import type { Reading } from '../../src/cache/reading.ts'
import { untilChanged } from '../../src/cache/unchanged.ts'

test('an answer is kept until somebody commits, for each connection on its own', (t) => {
  const { writer, reader, other } = connections(t)
  let asked = 0
  const names = untilChanged((cache) => {
    asked++
    return namesIn(cache)
  })

  assert.deepEqual([names(reader), names(reader), asked], [[], [], 1])
  writer.sqlite.exec(`begin; insert into names values ('Ruth')`)
  assert.deepEqual([names(reader), asked], [[], 1], 'nobody sees what is not committed')
  writer.sqlite.exec('commit')
  assert.deepEqual([names(reader), names(reader), asked], [['Ruth'], ['Ruth'], 2])
  assert.deepEqual([names(other), asked], [['Ruth'], 3])
})

test('who writes is told what is so now, also of what will be undone', (t) => {
  const { writer } = connections(t)
  const names = untilChanged(namesIn)
  writer.sqlite.exec(`begin; insert into names values ('Ruth')`)
  assert.deepEqual(names(writer), ['Ruth'])
  writer.sqlite.exec('rollback')
  assert.deepEqual(names(writer), [])
})

const namesIn = ({ sqlite }: Reading) => sqlite.prepare('select name from names').pluck().all()

function connections(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  const path = join(folder, 'cache.sqlite')
  new Database(path).exec('create table names (name text)').close()
  const writer = openForWriting(path)
  const [reader, other] = [openReader(path), openReader(path)]
  t.after(() => {
    for (const connection of [writer, reader, other]) connection.close()
    rmSync(folder, { recursive: true })
  })
  return { writer, reader, other }
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Database from 'better-sqlite3'
import { openForWriting, openReader } from '../../src/cache/open.ts'
import type { Reading } from '../../src/cache/reading.ts'
import { countCommit, readsBehind, untilChanged } from '../../src/cache/unchanged.ts'

test('an answer is kept until somebody commits, for each connection on its own', async (t) => {
  const { writer, reader, other } = connections(t)
  let asked = 0
  const names = untilChanged((cache) => {
    asked++
    return namesIn(cache)
  })

  assert.deepEqual([names(reader), names(reader), asked], [[], [], 1])
  await undefined
  writer.sqlite.exec(`begin; insert into names values ('Ruth')`)
  assert.deepEqual([names(reader), asked], [[], 1], 'nobody sees what is not committed')
  await undefined
  writer.sqlite.exec('commit')
  await undefined
  assert.deepEqual([names(reader), names(reader), asked], [['Ruth'], ['Ruth'], 2])
  assert.deepEqual([names(other), asked], [['Ruth'], 3])
})

test('who reads behind the only writer is told of its commits by it', (t) => {
  const { writer, reader } = connections(t)
  readsBehind(reader, writer)
  const names = untilChanged(namesIn)
  assert.deepEqual(names(reader), [])
  writer.sqlite.exec(`begin; insert into names values ('Ruth'); commit`)
  assert.deepEqual(names(reader), [], 'nobody has said it yet')
  countCommit(writer)
  assert.deepEqual(names(reader), ['Ruth'])
})

test('what is asked for in one go asks once whether anything was committed', async (t) => {
  const { writer, reader } = connections(t)
  const names = untilChanged(namesIn)
  assert.deepEqual(names(reader), [])
  writer.sqlite.exec(`begin; insert into names values ('Ruth'); commit`)
  assert.deepEqual(names(reader), [], 'the pieces of one page are of one moment')
  await undefined
  assert.deepEqual(names(reader), ['Ruth'])
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

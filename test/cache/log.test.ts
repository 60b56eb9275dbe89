import assert from 'node:assert/strict'
import fs, { mkdtempSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { sendLogAhead } from '../../src/cache/log.ts'
import { openForWriting } from '../../src/cache/open.ts'

test('the log goes to the disk after every sixteenth commit, and no file of it stays open', async (t) => {
  const { path, calls } = watched(t)
  const send = sendLogAhead(path)
  for (let commits = 0; commits < 15; commits++) send()
  await setTimeout(20)
  assert.deepEqual(calls(), { opened: 0, synced: 0, closed: 0 })
  send()
  await until(() => calls().closed === 1)
  assert.deepEqual(calls(), { opened: 1, synced: 1, closed: 1 })
})

test('a slow disk is not asked again before it has answered', async (t) => {
  const { path, calls } = watched(t)
  const send = sendLogAhead(path)
  for (let commits = 0; commits < 160; commits++) send()
  await until(() => calls().closed === 1)
  assert.deepEqual(calls(), { opened: 1, synced: 1, closed: 1 })
  await until(() => {
    send()
    return calls().opened === 2
  })
  await until(() => calls().closed === 2)
  assert.deepEqual(calls(), { opened: 2, synced: 2, closed: 2 })
})

test('when the log is gone, nothing happens but another try', async (t) => {
  const { path, writer, calls } = watched(t)
  const send = sendLogAhead(path)
  writer.close()
  await until(() => {
    send()
    return calls().opened === 2
  })
  assert.deepEqual(calls(), { opened: 2, synced: 0, closed: 0 })
})

/** A cache with a log, and how often the disk was asked for what. */
function watched(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  const path = join(folder, 'cache.sqlite')
  new Database(path).exec('create table names (name text)').close()
  const writer = openForWriting(path)
  writer.sqlite.exec(`insert into names values ('Ruth')`)
  const [open, sync, close] = (['open', 'fdatasync', 'close'] as const).map((name) => t.mock.method(fs, name))
  syncBuiltinESMExports()
  t.after(() => {
    t.mock.restoreAll()
    syncBuiltinESMExports()
    writer.close()
    rmSync(folder, { recursive: true })
  })
  const calls = () => ({
    opened: open?.mock.callCount(),
    synced: sync?.mock.callCount(),
    closed: close?.mock.callCount(),
  })
  return { path, writer, calls }
}

/** Or until nobody would wait any longer: what was waited for is asserted. */
async function until(isSo: () => boolean) {
  for (let tries = 0; !isSo() && tries < 20_000; tries++) await setTimeout(1)
}

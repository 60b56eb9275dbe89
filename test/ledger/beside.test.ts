import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { buildingFile, reserveCache } from '../../src/cache/generations.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import type { RebuildOrder } from '../../src/ledger/rebuild.ts'
import { rebuildBeside } from '../../src/rebuild-beside.ts'
import { seeded } from '../tools/backup.ts'

const hanging = new URL('./hanging-thread.ts', import.meta.url)

function order(t: TestContext, archive = 'nowhere'): RebuildOrder {
  const cache = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(cache, { recursive: true }))
  return { archive, path: reserveCache(cache, '0123456789abcdef'), now: momentOf(world.now()) }
}

test('a thread that stays with one record is ended, and the error names the record', async (t) => {
  const wanted = order(t)
  const rebuild = rebuildBeside({ entry: hanging, patience: 300 })
  await assert.rejects(rebuild(wanted, {}), { message: 'The rebuild does not get past record 4711.' })
  assert.equal(existsSync(buildingFile(wanted.path)), false)
})

test('a rebuild that is called off leaves no file', async (t) => {
  const { archive } = await seeded(t, 20_000)
  const wanted = order(t, archive)
  const calling = new AbortController()
  const reason = new Error('called off')
  let isUnderWay = false
  const rebuilding = rebuildBeside()(wanted, {
    signal: calling.signal,
    onProgress() {
      isUnderWay ||= existsSync(buildingFile(wanted.path))
      calling.abort(reason)
    },
  })
  await assert.rejects(rebuilding, (error) => error === reason)
  assert.ok(isUnderWay, 'it was making the file')
  assert.deepEqual(readdirSync(join(wanted.path, '..')), [])

  const late = order(t, archive)
  await assert.rejects(rebuildBeside()(late, { signal: calling.signal }), (error) => error === reason)
  assert.deepEqual(readdirSync(join(late.path, '..')), [], 'nor what was reserved')
})

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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

test('where threads have a priority, the one that makes a cache goes behind whoever serves', {
  skip: process.platform === 'linux' ? false : 'only Linux has a priority for each thread',
}, async (t) => {
  const { archive } = await seeded(t, 20_000)
  const seen = new Set<number>()
  assert.deepEqual([...new Set(niceness())], [0], 'before')
  await rebuildBeside()(order(t, archive), {
    onProgress: () => {
      for (const nice of niceness()) seen.add(nice)
    },
  })
  assert.deepEqual([...seen].sort(), [0, 10])
  assert.equal(niceness().at(0), 0, 'this thread is as it was')
})

/** Of each thread of this process, this one first: the 19th field, the 17th behind the name, which may hold blanks. */
const niceness = () =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  })

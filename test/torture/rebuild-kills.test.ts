import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { seedArchive } from '../../src/cli/seed.ts'
import { usualEnd } from '../../src/seed/community.ts'
import { atRandomMoments, configOf, empty, tree, withLedger } from '../tools/backup.ts'
import { randomFrom } from '../tools/memory-disk.ts'
import { type Home, serve } from '../tools/site.ts'
import { isThorough } from '../tools/thorough.ts'

const kills = isThorough ? 50 : 12
const seed = Date.now() % 1e9

/** So many records that a new cache takes its time. */
async function large(t: TestContext, marks: number): Promise<Home> {
  const here = await empty(t)
  await seedArchive(configOf(here), { members: 60, prayers: 1500, marks }, '1', usualEnd)
  return here
}

test(`a rebuild that is killed leaves the archive as it was, and the next start tidies up (seed ${seed})`, async (t) => {
  const random = randomFrom(seed)
  const here = await large(t, 12_000)
  const killsIt = await atRandomMoments(here, random, 'rebuild')
  let [killedTimes, tries, unfinished] = [0, 0, 0]
  while (killedTimes < kills) {
    assert.ok(++tries < 4 * kills)
    // Some are killed while a start makes the first cache, which is another way to the same.
    if (tries % 8 === 0) rmSync(here.cache, { recursive: true })
    const before = tree(here.archive)
    if (!(await killsIt())) continue
    killedTimes++
    if (building(here).length > 0) {
      unfinished++
      assert.deepEqual(tree(here.archive), before, 'not a byte')
    }
    await startsAsItWas(here, before)
  }
  assert.ok(unfinished > 0, 'some were killed while they made a cache')
  t.diagnostic(`${killedTimes} killed of ${tries}, ${unfinished} while the cache was made`)
  await serves(here)
})

/** What can be seen from outside once the command is in a step. */
const signs: Readonly<Record<string, (here: Home) => boolean>> = {
  'back up': ({ env }) => filesIn(env.BACKUP_DIR).length > 0,
  'verify the archive': ({ env }) => filesIn(env.BACKUP_DIR).some((name) => /manifest[^/]*$/i.test(name)),
  'make the cache': (here) => building(here).length > 0,
  'verify the cache': ({ cache }) => filesIn(cache).some((name) => name.startsWith('CURRENT-')),
  switch: ({ folder }) => existsSync(join(folder, 'restarting')),
}

test('an upgrade that is killed in any of its steps leaves the archive as it was', async (t) => {
  const here = await large(t, 8000)
  for (const [step, isThere] of Object.entries(signs)) {
    rmSync(here.cache, { recursive: true })
    rmSync(here.env.BACKUP_DIR ?? '', { recursive: true, force: true })
    const before = tree(here.archive)
    await killedWhen(here, isThere)
    assert.deepEqual(tree(here.archive), before, step)
    await startsAsItWas(here, before)
  }
  await serves(here)
})

/** Kills an upgrade as soon as this is so. */
async function killedWhen(here: Home, isThere: (here: Home) => boolean) {
  const restart = `touch ${join(here.folder, 'restarting')}; sleep 1`
  const child = spawn(program, ['upgrade', '--restart', restart], {
    env: { ...process.env, ...here.env },
    stdio: 'ignore',
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!isThere(here) && child.exitCode === null) await pause(1)
  child.kill('SIGKILL')
  await gone
  assert.equal(child.signalCode, 'SIGKILL', 'it was killed before its end')
}

const program = join(import.meta.dirname, '../../thywill')

/** What was killed may have been about to record itself: then the text goes on, and what stood there still stands. */
async function startsAsItWas(here: Home, before: Record<string, string>) {
  const reports = await withLedger(here, (ledger) => {
    assert.equal(ledger.trouble(), undefined)
    return ledger.reports
  })
  const after = tree(here.archive)
  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name])
  assert.ok(changed.length <= 1, `${changed}: ${reports}`)
  for (const name of changed) assert.equal(name, lastMonth(after), 'only the open month grows')
  assert.deepEqual(building(here), [])
}

const lastMonth = (files: Record<string, string>) =>
  Object.keys(files)
    .filter((name) => /^\d{4}\/\d{4}-\d\d\.txt$/.test(name))
    .at(-1)

async function serves(here: Home) {
  const site = await serve(here)
  const { status } = await fetch(`${here.url}/readyz`)
  await site.stop()
  assert.equal(status, 200)
}

const filesIn = (folder = '') =>
  existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : []

const building = ({ cache }: Home) => filesIn(cache).filter((name) => name.includes('.building'))

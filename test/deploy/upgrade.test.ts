import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import Database from 'better-sqlite3'
import { realDisk } from '../../src/archive/disk.ts'
import { readGroups } from '../../src/archive/read.ts'
import { storedBackup } from '../../src/archive/stored.ts'
import { restartSite } from '../../src/cli/switch.ts'
import { preparingName } from '../../src/ledger/prepare.ts'
import type { StatusReport } from '../../src/reports/status.ts'
import type { UpgradeReport } from '../../src/reports/upgrade.ts'
import { type Copy, copyOfCode } from '../discipline/copy.ts'
import { configOf, hasHadItsNight, seeded, tree } from '../tools/backup.ts'
import { command, type Home, inviteTo, memberAt, serve, undoing, type Visitor } from '../tools/site.ts'

/*
 * Two versions on one archive, in processes of their own: this code is the old one, and a copy of it, a projector of which
 * makes other rows, is the new one.
 */

let copy: Copy
before(() => {
  copy = copyOfCode()
  copy.change('src/records/marks.ts', ['writtenAt: event.writtenAt', 'writtenAt: event.at'])
})
after(() => copy.remove())

const asNext = (old: Home): Home => ({ ...old, program: join(copy.folder, 'thywill') })

test('the next version gets ready while people write, starts without a rebuild, and leads back to the old one', async (t) => {
  const atEnd = undoing(t)
  const old = await seeded(t, 3000)
  const next = asNext(old)
  const site = await serve(old)
  atEnd(() => site.kill())
  const ruth = await memberAt(old, await inviteTo(old), 'Ruth')

  const asking = asksUntilStopped(ruth)
  const { code, output } = await command(next, 'prepare', '--json')
  const asked = await asking.stop()
  assert.equal(code, 0, output)
  const prepared = JSON.parse(output) as { isNew: boolean; sequence: number; schemaHash: string }
  assert.equal(prepared.isNew, true)
  assert.ok(asked.length > 5, `${asked.length} were asked meanwhile`)
  const made = await standing(next)
  const was = await standing(old)
  assert.equal(made.code.schemaHash, prepared.schemaHash)
  assert.notEqual(made.cache.file, was.cache.file)
  assert.equal((await ruth.get(asked.at(-1) ?? '')).status, 200, 'the old version serves')
  await site.stop()

  const started = performance.now()
  const newer = await serve(next)
  const seconds = (performance.now() - started) / 1000
  atEnd(() => newer.kill())
  t.diagnostic(`serves ${seconds.toFixed(2)} s after its start`)
  assert.doesNotMatch(newer.output(), /anew|READ-ONLY|rebuil/i)
  const now = await standing(next)
  assert.deepEqual([now.cache.file, now.lastRebuild], [made.cache.file, made.lastRebuild], 'no rebuild')
  assert.equal(now.cache.cursor?.sequence, now.archive.lastSequence)
  for (const prayer of asked)
    assert.equal((await ruth.get(prayer)).status, 200, 'she is signed in, and it is there')
  const { location: snow } = await ruth.post('/prayers', { request: 'For snow.', key: 'snow' })
  await newer.stop()

  const again = await serve(old)
  atEnd(() => again.kill())
  assert.doesNotMatch(again.output(), /anew|READ-ONLY|rebuil/i)
  const back = await standing(old)
  assert.deepEqual(
    [back.cache.file, back.lastRebuild],
    [was.cache.file, was.lastRebuild],
    'nor on the way back',
  )
  assert.equal(back.cache.cursor?.sequence, back.archive.lastSequence)
  assert.match((await ruth.get(snow)).body, /For snow/)
  assert.equal((await ruth.post('/prayers', { request: 'For sun.', key: 'sun' })).status, 303)
  await again.stop()
  assert.equal(recordsOf(old, 'cache.rebuilt').length, 0)
})

test('upgrade takes a running site to the next version, and says how long each step took', async (t) => {
  const atEnd = undoing(t)
  const old = await seeded(t)
  await hasHadItsNight(old)
  const next = asNext(old)
  const site = await serve(old)
  atEnd(() => site.kill())
  const ruth = await memberAt(old, await inviteTo(old), 'Ruth')
  const { location: rain } = await ruth.post('/prayers', { request: 'For rain.', key: 'rain' })
  const was = await standing(old)

  const pidFile = join(old.folder, 'pid')
  const wait = `while kill -0 ${site.pid} 2>&-; do sleep 0.05; done`
  const start = `${next.program} serve </dev/null >${old.folder}/said 2>&1 & echo $! >${pidFile}`
  atEnd(() => existsSync(pidFile) && end(Number(readFileSync(pidFile, 'utf8'))))
  const ran = await command(next, 'upgrade', '--json', '--restart', `kill ${site.pid}; ${wait}; ${start}`)
  assert.equal(ran.code, 0, ran.output)
  const report = JSON.parse(ran.output) as UpgradeReport
  assert.deepEqual(
    report.steps.map(({ step }) => step),
    ['back up', 'verify the archive', 'make the cache', 'verify the cache', 'switch'],
  )
  for (const { seconds } of report.steps) assert.ok(seconds >= 0 && seconds <= report.seconds)
  assert.deepEqual([report.isNew, report.isSwitched], [true, true])
  assert.notEqual(report.schemaHash, was.code.schemaHash)

  const now = await standing(next)
  assert.deepEqual([now.server.running, now.code.schemaHash], [true, report.schemaHash])
  assert.match((await ruth.get(rain)).body, /For rain/)
  assert.equal((await ruth.post('/prayers', { request: 'For sun.', key: 'sun' })).status, 303)
  const backup = storedBackup(realDisk, old.env.BACKUP_DIR ?? '')
  assert.deepEqual(
    [backup?.manifest.records, backup?.manifest.head],
    [was.archive.lastSequence, was.archive.head],
    'what was there before the upgrade is in the backup',
  )
  const told = ['upgrade.finished', 'backup.made'].map((kind) =>
    Object.fromEntries(recordsOf(old, kind).at(-1) ?? []),
  )
  assert.deepEqual([told[0]?.schema, told[1]?.head], [report.schemaHash, report.backup.head])
})

test('without --restart, upgrade says that a restart is wanted; with nobody serving it records itself', async (t) => {
  const old = await seeded(t)
  const { code, output } = await command(asNext(old), 'upgrade')
  assert.equal(code, 0, output)
  assert.match(output, /^back up +\d+\.\d\d s {2}.* records are in /m)
  assert.doesNotMatch(output, /^switch/m)
  assert.match(output, /Restart the site now with this version/)
  assert.equal(recordsOf(old, 'upgrade.finished').length, 1)
  const twice = await command(asNext(old), 'upgrade', '--json')
  assert.deepEqual([twice.code, JSON.parse(twice.output).isNew], [0, false], 'a second time finds the cache')
})

interface Failure {
  readonly step: string
  readonly says: RegExp
  readonly env?: (old: Home) => Record<string, string>
  readonly args?: readonly string[]
  /** Brings it about; answers how it is undone. */
  readonly arrange?: (old: Home, next: Home) => (() => void) | Promise<() => void>
  /** Whether the cache of the new version may be there afterwards. */
  readonly isMade?: true
}

const failures: readonly Failure[] = [
  {
    step: 'back up',
    env: ({ folder }) => ({ SECRETS_DIR: join(folder, 'no secrets') }),
    says: /has no seal\.key, which signs a backup[\s\S]*Nothing was changed\. \.\/thywill doctor/,
  },
  {
    step: 'verify the archive',
    arrange({ archive }) {
      const stray = join(archive, '2026', 'notes.txt')
      writeFileSync(stray, 'a note')
      return () => rmSync(stray)
    },
    says: /2026\/notes\.txt: the archive did not put this file here\.\nNothing was changed but the backup/,
  },
  {
    step: 'make the cache',
    arrange({ cache }) {
      const lock = realDisk.lock(join(cache, preparingName))
      assert.ok(lock)
      return () => lock.release()
    },
    says: /Another process is preparing a version here already\.\nNothing was changed but the backup/,
  },
  {
    step: 'switch',
    args: ['--restart', 'echo no such service >&2; exit 5'],
    isMade: true,
    says: /no such service\n[\s\S]*The restart command ended with 5[\s\S]*start the version before again/,
  },
  {
    step: 'verify the cache',
    async arrange(_old, next) {
      assert.equal((await command(next, 'prepare')).code, 0)
      const { cache } = await standing(next)
      damage(join(next.cache, cache.file ?? ''))
      return () => {}
    },
    isMade: true,
    says: /\.\/thywill rebuild of this version makes another cache/,
  },
]

test('an upgrade that fails at a step says which, and leaves everything as it was but the backup', async (t) => {
  const atEnd = undoing(t)
  const old = await seeded(t)
  await hasHadItsNight(old)
  const next = asNext(old)
  const site = await serve(old)
  atEnd(() => site.kill())
  const ruth = await memberAt(old, await inviteTo(old), 'Ruth')
  for (const { step, says, env, args = [], arrange, isMade } of failures)
    await t.test(step, async () => {
      const undo = await arrange?.(old, next)
      const before = photograph(old)
      const ran = spawnSync(next.program ?? '', ['upgrade', ...args], {
        env: { ...process.env, ...old.env, ...env?.(old) },
        encoding: 'utf8',
      })
      const after = photograph(old)
      undo?.()
      assert.deepEqual([ran.status, ran.stdout], [1, ''], ran.stderr)
      assert.match(ran.stderr, new RegExp(`^The upgrade stopped at "${step}"\\. `, 'm'))
      assert.match(ran.stderr, says)
      assert.deepEqual(after.archive, before.archive)
      const isThere = (name: string) => !isMade || before.caches.includes(name)
      assert.deepEqual(after.caches.filter(isThere), before.caches)
      assert.equal(
        (await ruth.post('/prayers', { request: step, key: step })).status,
        303,
        'the old version goes on',
      )
    })
  assert.equal(site.hasEnded(), false)
  assert.equal(recordsOf(old, 'upgrade.finished').length, 0)
})

test('a restart after which nobody is ready is no upgrade', async (t) => {
  const old = await seeded(t, 1)
  await assert.rejects(
    restartSite(configOf(old), '0000000000000000', 'true', 0.2),
    /0\.2 seconds after the restart this version is not ready at http:\/\/127\.0\.0\.1:\d+\/readyz/,
  )
  const site = await serve(old)
  try {
    const { code } = await standing(old)
    await assert.rejects(
      restartSite(configOf(old), '0000000000000000', 'true', 0.2),
      /not ready/,
      'it is another one',
    )
    await restartSite(configOf(old), code.schemaHash, 'true')
  } finally {
    await site.kill()
  }
})

/** What nobody may change who only gets ready. What a verification found is kept beside the caches. */
const photograph = ({ archive, cache }: Home) => ({
  archive: tree(archive),
  caches: readdirSync(cache).filter(
    (name) => /^[0-9a-f]{16}-|^CURRENT-/.test(name) && !/-(shm|wal)$/.test(name),
  ),
})

/** One request after the other; answers where they are. */
function asksUntilStopped(member: Visitor) {
  let isStopped = false
  const asked: string[] = []
  const asking = (async () => {
    while (!isStopped) {
      const { status, location } = await member.post('/prayers', {
        request: `The request number ${asked.length}.`,
        key: `key ${asked.length}`,
      })
      assert.equal(status, 303)
      asked.push(location)
    }
  })()
  return {
    async stop() {
      isStopped = true
      await asking
      return asked
    },
  }
}

async function standing(here: Home): Promise<StatusReport> {
  const { code, output } = await command(here, 'status', '--json')
  assert.equal(code, 0, output)
  return JSON.parse(output)
}

/** The values of each record of a kind. */
const recordsOf = ({ archive }: Home, kind: string) =>
  [...readGroups(realDisk, archive)].flatMap(({ records }) =>
    records.filter((record) => record.kind === kind).map(({ values }) => values),
  )

/** The root of an index, which nobody reads who only opens the file or walks through its rows. */
function damage(path: string) {
  const sqlite = new Database(path, { readonly: true })
  const page = sqlite
    .prepare("select rootpage from sqlite_master where name = 'marks_prayer_member'")
    .pluck()
    .get()
  const size = sqlite.pragma('page_size', { simple: true }) as number
  sqlite.close()
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(size, 7), 0, size, (Number(page) - 1) * size)
  closeSync(file)
}

function end(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH', 'it has ended already')
  }
}

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { lockName } from '../../src/archive/files.ts'
import { backupProblems, storedBackup } from '../../src/archive/stored.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { schedule } from '../../src/kernel/actor.ts'
import { lastAct } from '../../src/queries/recovery.ts'
import { startServer } from '../../src/server.ts'
import { configOf, empty, hashesOf, restores, textOf } from '../tools/backup.ts'
import { command, home, memberAt, serve, undoing, type Visitor } from '../tools/site.ts'

/** Eight people who ask for prayer as fast as they are answered, until they are told to stop. */
function eightWriters(ruth: Visitor) {
  const answered: string[] = []
  let isOver = false
  let count = 0
  const work = async () => {
    while (!isOver) {
      const request = `For rain in valley ${++count}.`
      const { status, body } = await ruth.post('/prayers', { request, key: `rain ${request}` })
      assert.equal(status, 303, body)
      answered.push(request)
    }
  }
  const working = Array.from({ length: 8 }, work)
  return {
    answered,
    async end() {
      isOver = true
      await Promise.all(working)
    },
  }
}

async function running(t: TestContext) {
  const atEnd = undoing(t)
  const here = await home()
  atEnd(() => here.remove())
  const site = await serve(here)
  atEnd(() => site.kill())
  return { here, site, ruth: await memberAt(here, site.firstLink ?? '', 'Ruth') }
}

test('every backup beside eight writers is whole, and holds all that was answered before it began', async (t) => {
  const { here, ruth } = await running(t)
  const writers = eightWriters(ruth)
  const dir = join(here.folder, 'x')
  const records: number[] = []
  for (let round = 0; round < 5; round++) {
    const before = [...writers.answered]
    const { code, output } = await command(here, 'backup', dir, '--json')
    assert.equal(code, 0, output)
    const report = JSON.parse(output) as { records: number; head: string }
    const backup = storedBackup(realDisk, dir)
    assert.ok(backup)
    assert.deepEqual([...backupProblems(backup)], [])
    assert.deepEqual(verifyArchive(realDisk, dir).problems, [])
    assert.equal(hashesOf(dir).at(-1), report.head)
    const text = textOf(dir)
    for (const request of before) assert.ok(text.includes(`${request}\n`), request)
    records.push(report.records)
  }
  await writers.end()
  assert.ok(writers.answered.length > 50, `${writers.answered.length} were answered`)
  assert.deepEqual(
    records,
    records.toSorted((a, b) => a - b),
  )
  const told = textOf(here.archive).match(/ backup\.made\/1 by=operator records=\d+/g) ?? []
  assert.deepEqual(
    told.map((line) => Number(line.split('=').at(-1))),
    records,
    'the server recorded each of them',
  )
  const elsewhere = await empty(t)
  assert.equal(
    (await restores(elsewhere, dir)).equal,
    true,
    'the cache, read while they wrote, comes out again',
  )
})

test('a plain copy of the folder beside eight writers can be restored', async (t) => {
  const { here, ruth } = await running(t)
  const writers = eightWriters(ruth)
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const before = [...writers.answered]
    const dir = join(here.folder, `copy ${round}`)
    cpSync(here.archive, dir, { recursive: true })
    const elsewhere = await empty(t)
    await restores(elsewhere, dir)
    assert.deepEqual(verifyArchive(realDisk, elsewhere.archive).problems, [])
    const text = textOf(elsewhere.archive)
    for (const request of before) assert.ok(text.includes(`${request}\n`), request)
    rmSync(dir, { recursive: true })
  }
  await writers.end()
})

test('the backup of the night is recorded, and leaves the lock to the one who writes', async (t) => {
  const here = await empty(t)
  const server = await startServer({ ...configOf(here), port: 0, logLevel: 'silent' })
  t.after(() => server.close())
  const { nightly, ledger } = server
  assert.ok(nightly)
  await nightly.now('backups', schedule)
  await nightly.now('verifications', schedule)
  assert.equal(elsewhere(here.archive), 'refused')
  assert.equal(nightly.state('backups').failure, undefined)
  assert.equal(nightly.state('backups').last, lastAct(ledger.cache(), 'backed-up')?.at)
  assert.equal(lastAct(ledger.cache(), 'backed-up')?.by, 'schedule')
  assert.equal(lastAct(ledger.cache(), 'verified')?.isWell, true)
  const made = storedBackup(realDisk, configOf(here).backupDir)
  assert.equal(made?.manifest.records, lastAct(ledger.cache(), 'backed-up')?.records)

  const { code } = await command(here, 'backup', join(here.folder, 'x'))
  assert.equal(code, 0)
  assert.equal(elsewhere(here.archive), 'refused')
})

test('a backup that is under way does not keep the site from ending', async (t) => {
  const here = await empty(t)
  const server = await startServer({ ...configOf(here), port: 0, logLevel: 'silent' })
  const asked = server.nightly?.now('backups', schedule).catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 100))
  await server.close()
  await asked
  const next = await startServer({ ...configOf(here), port: 0, logLevel: 'silent' })
  t.after(() => next.close())
  assert.equal(next.ledger.trouble(), undefined)
  await next.nightly?.now('backups', schedule)
})

/** Another process that tries to take the archive's lock and says whether it has it. */
function elsewhere(archive: string): string {
  const code = `
    import { realDisk } from ${JSON.stringify(new URL('../../src/archive/disk.ts', import.meta.url).href)}
    const lock = realDisk.lock(${JSON.stringify(join(archive, lockName))})
    process.stdout.write(lock ? 'held' : 'refused')
    lock?.release()`
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' })
}

import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { readGroups } from '../../src/archive/read.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { coverageReport } from '../../src/reports/coverage.ts'
import { doctorReport } from '../../src/reports/doctor.ts'
import { statusReport } from '../../src/reports/status.ts'
import { lastVerification, verifyReport } from '../../src/reports/verify.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { backsUp, configOf, seeded, tree } from '../tools/backup.ts'
import { command, type Home, inviteTo, serve } from '../tools/site.ts'

const folders = (here: Home) => ledgerOptions(configOf(here))
const segmentsOf = ({ archive }: Home) => archiveFiles(realDisk, archive).segments

/** Cuts the open month behind its last group but one, so that what is left is a whole archive. Answers its last record. */
function cutsLastGroup(here: Home): number {
  const ends = [...readGroups(realDisk, here.archive)].map(({ end }) => end)
  const [before, last] = ends.slice(-2)
  assert.ok(before && last && before.month === last.month)
  truncateSync(join(here.archive, segmentsOf(here).at(-1)?.name ?? ''), before.offset)
  return before.sequence
}

test('a text that was cut after a whole group verifies, and the caches tell that there was more', async (t) => {
  const here = await seeded(t, 20)
  const ends = cutsLastGroup(here)
  const report = await verifyReport(folders(here), false)
  assert.equal(report.ok, false)
  assert.deepEqual(report.problems, [
    {
      file: segmentsOf(here).at(-1)?.name,
      sequence: report.problems[0]?.sequence,
      what: `The cache has seen record ${report.problems[0]?.sequence}, which the archive does not hold: acknowledged records are gone`,
    },
  ])
  assert.ok((report.problems[0]?.sequence ?? 0) > ends)
  assert.equal(lastVerification(here.cache)?.ok, false, 'and it is kept as it was')
  for (const running of [true, false]) {
    const { archive } = statusReport(folders(here), { running, trouble: null })
    assert.equal(archive.healthy, false)
    assert.match(archive.problems[0]?.what ?? '', /acknowledged records are gone/)
  }
  assert.equal((await coverageReport(folders(here), false)).isHeld, false)
  const said = await command(here, 'coverage')
  assert.equal(said.code, 1)
  assert.doesNotMatch(said.output, /rebuild/)
  assert.match(said.output, /The cache is ahead of the archive/)
  assert.equal((await command(here, 'verify')).code, 1)
})

test('an open month that is gone is named', async (t) => {
  const here = await seeded(t, 20)
  const names = segmentsOf(here).map(({ name }) => name)
  const [gone = ''] = names.slice(-1)
  assert.ok(names.length > 1)
  rmSync(join(here.archive, gone))
  const { ok, problems } = await verifyReport(folders(here), false)
  assert.equal(ok, false)
  assert.equal(problems[0]?.file, gone)
  assert.match(problems[0]?.what ?? '', new RegExp(`${gone} is missing$`))
  for (const { what } of problems) assert.doesNotMatch(what, /could not be read to its end/)
  const dir = join(here.folder, 'x')
  await assert.rejects(backsUp(here, dir), {
    name: 'BackupFailed',
    message: new RegExp(`^${gone} is missing`),
  })
})

test('an archive that is gone is missed, whoever tells of it, and nobody is told to begin another', async (t) => {
  const here = await seeded(t, 20)
  await backsUp(here, configOf(here).backupDir)
  renameSync(here.archive, join(here.folder, 'elsewhere'))
  const said = async (running: boolean) => {
    const server = { running, trouble: null }
    const { ok, findings } = await doctorReport({ config: configOf(here), folders: folders(here), server })
    assert.equal(ok, false)
    for (const { what, remedy } of findings)
      assert.doesNotMatch(`${what} ${remedy}`, /\.\/thywill serve|first start|There is no archive yet/)
    return findings.find(({ check }) => check === 'archive')?.what ?? ''
  }
  assert.match(await said(true), /^The archive is not where it was: .* has seen \d+ records of a_/)
  assert.equal((await command(here, 'status')).code, 1)
  rmSync(here.cache, { recursive: true })
  assert.match(await said(true), /and the site that runs has one\.$/)
  assert.match(await said(false), /holds a backup of one\.$/)
  const { code, output } = await command(here, 'status')
  assert.equal(code, 1, output)
  assert.match(output, /PROBLEM +archive.*The archive is not where it was/)
})

test('a refused start leaves nothing where a folder was mistyped', async (t) => {
  const here = await seeded(t, 20)
  const archive = join(here.folder, 'archvies')
  const before = tree(here.folder)
  for (const isReadOnly of [true, false])
    await assert.rejects(openLedger({ ...folders(here), archive, isReadOnly }), /is empty, but/)
  assert.deepEqual(tree(here.folder), before)
  assert.equal(realDisk.measure(archive), undefined)
})

test('what a killed restore leaves is said to be its own', async (t) => {
  const here = await seeded(t, 20)
  mkdirSync(join(here.archive, 'restoring', '2026'), { recursive: true })
  const { archive } = statusReport(folders(here), { running: false, trouble: null })
  assert.deepEqual(archive.problems, [
    {
      file: 'restoring',
      what: 'a restore did not finish, and nothing was changed; the next start takes its rest away',
    },
  ])
  assert.equal((await verifyReport(folders(here), false)).ok, true, 'the text is as it was written')
  await (await openLedger(folders(here))).close()
  assert.equal(statusReport(folders(here), { running: false, trouble: null }).archive.healthy, true)
})

test('a start that finds no key says that one was lost', async (t) => {
  const here = await seeded(t, 20)
  const path = join(here.folder, 'secrets', 'seal.key')
  const key = readFileSync(path)
  rmSync(path)
  await assert.rejects(backsUp(here, join(here.folder, 'x')), /Put it back from your copy/)
  const backup = await command(here, 'backup', join(here.folder, 'x'))
  assert.equal(backup.code, 1, 'and no command makes another to go on')
  assert.equal(realDisk.measure(path), undefined)
  const ledger = await openLedger(folders(here))
  await ledger.close()
  assert.match(ledger.reports.join('\n'), /^The key of the seals was gone: seal\.key was not in SECRETS_DIR/m)
  assert.notDeepEqual(readFileSync(path), key)
})

test('beside a backup of another archive no command begins a new one, until the backup is moved away', async (t) => {
  const here = await seeded(t, 20)
  const { BACKUP_DIR: dir = '' } = here.env
  await backsUp(here, dir)
  const before = tree(dir)
  for (const folder of [here.archive, here.cache]) rmSync(folder, { recursive: true })
  rmSync(join(here.folder, 'secrets'), { recursive: true })
  const refusal = /holds no archive that can be read, but .+backups holds a backup of a_/
  await assert.rejects(serve(here), refusal)
  for (const args of [['invite'], ['seed', '--members', '3', '--prayers', '3', '--marks', '3']]) {
    const { code, output } = await command(here, ...args, '--json')
    assert.equal(code, 1, output)
    assert.match(output, refusal)
  }
  assert.deepEqual(readdirSync(here.folder), ['backups'], 'and nothing is made')
  assert.deepEqual(tree(dir), before)

  renameSync(dir, `${here.folder}/given-up`)
  const site = await serve(here)
  await site.stop()
  assert.match(site.output(), /A new archive was opened/)
})

test('a cache whose files were taken away under the site that serves it is said to be another one', async (t) => {
  const here = await seeded(t, 20)
  const site = await serve(here)
  try {
    await inviteTo(here)
    assert.equal((await command(here, 'status')).code, 0)
    const name = readdirSync(here.cache).find((one) => one.endsWith('.sqlite')) ?? ''
    for (const ending of ['-wal', '-shm']) rmSync(join(here.cache, name + ending))
    for (const args of [['status'], ['verify', '--deep']]) {
      const { code, output } = await command(here, ...args)
      assert.equal(code, 1, output)
      assert.match(output, /the site serves record \d+ from it, and what lies there .*Restart the site/)
    }
  } finally {
    await site.stop()
  }
})

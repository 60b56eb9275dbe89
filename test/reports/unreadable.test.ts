import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { catalogue } from '../../src/catalogue.ts'
import { recoverySegments } from '../../src/queries/recovery/segments.ts'
import { coverageReport } from '../../src/reports/coverage.ts'
import { doctorReport } from '../../src/reports/doctor.ts'
import { editsReport } from '../../src/reports/edits.ts'
import { segmentsReport } from '../../src/reports/segments.ts'
import { statusReport } from '../../src/reports/status.ts'
import { verifyReport } from '../../src/reports/verify.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { backsUp, configOf, seeded, withLedger } from '../tools/backup.ts'
import { command } from '../tools/site.ts'
import { brokenDisk, closedDisk } from '../tools/unreadable.ts'

/* One month cannot be read: whoever looks at the archive says so by its name, and says all the rest. */

const cannot = /^it cannot be read \(.+\)$/

test('every report names a month that cannot be read, whatever keeps it from being read, and is well again afterwards', async (t) => {
  const here = await seeded(t)
  const config = configOf(here)
  const copy = join(here.folder, 'copy')
  await backsUp(here, copy)
  const folders = { ...ledgerOptions(config), backups: undefined }
  const { segments } = archiveFiles(realDisk, here.archive)
  const [month, open] = [segments.at(1)?.name ?? '', segments.at(-1)?.name ?? '']
  const keys = await withLedger(here, (ledger) => catalogue.sealKeys(ledger.cache()))
  const last = statusReport(folders, { running: false, trouble: null }).archive.lastSequence
  for (const file of [month, open]) {
    const path = join(here.archive, file)
    for (const disk of [closedDisk(path), brokenDisk(path, 0)]) {
      const failing = { ...folders, disk }
      const status = statusReport(failing, { running: false, trouble: null })
      assert.ok(status.archive.problems.some((one) => one.file === file && cannot.test(one.what)))
      assert.deepEqual([status.archive.lastSequence, status.cache.fits], [last, true])
      const verified = await verifyReport(failing, true)
      assert.equal(verified.ok, false)
      assert.ok(verified.problems.some((one) => one.file === file && cannot.test(one.what)))
      assert.doesNotMatch(JSON.stringify(verified.problems), /acknowledged records are gone/)
      const coverage = await coverageReport(failing, false)
      assert.match(coverage.problems.join(), /cannot be read: /)
      const doctor = await doctorReport({
        config,
        folders: failing,
        server: { running: false, trouble: null },
      })
      const said = doctor.findings.find(({ what }) => what.startsWith(`${file}: it cannot be read`))
      assert.match(said?.remedy ?? '', /A file that cannot be read/)
      const seals = segmentsReport(failing, last, keys)
      assert.deepEqual(
        seals.filter(({ seal }) => seal === 'unread').map((one) => one.file),
        [file],
      )
      assert.ok(recoverySegments(seals).segments.some(({ seal }) => /cannot be read/.test(seal)))
      const edits = await editsReport({ ...failing, copies: [copy] })
      const edit = edits.files.find((one) => one.file === file)
      assert.match(edit?.wrong ?? '', /: it cannot be read \(.+\)\.$/)
      assert.deepEqual([edit?.copy, edit?.isTail, edit?.isAcceptable], [copy, false, false])
      await assert.rejects(backsUp(here, join(here.folder, 'other'), undefined, disk), /cannot be read/)
    }
  }
  assert.deepEqual(verifyArchive(realDisk, here.archive).problems, [])
  assert.equal((await verifyReport(folders, true)).ok, true)
  assert.equal(statusReport(folders, { running: false, trouble: null }).archive.healthy, true)
})

test('a folder in the place of a month: moved away, the month is brought back, and everything is well', async (t) => {
  const here = await seeded(t)
  await backsUp(here, here.env.BACKUP_DIR ?? '')
  const month = archiveFiles(realDisk, here.archive).segments.at(1)?.name ?? ''
  const path = join(here.archive, month)
  renameSync(path, join(here.folder, 'kept'))
  mkdirSync(path)
  const verified = await command(here, 'verify')
  assert.equal(verified.code, 1)
  assert.ok(verified.output.includes(`PROBLEM ${month}, line -, record -: it cannot be read (a folder, `))
  assert.equal((await command(here, 'edits', 'restore', month)).code, 1)
  rmSync(path, { recursive: true })
  const restored = await command(here, 'edits', 'restore', month)
  assert.match(restored.output, /is as it was written, from .+\nWriting goes on\.$/m)
  assert.equal((await command(here, 'verify')).code, 0)
})

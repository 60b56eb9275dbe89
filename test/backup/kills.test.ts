import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { backupProblems, storedBackup } from '../../src/archive/stored.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { verifyReport } from '../../src/reports/verify.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import {
  atRandomMoments,
  backsUp,
  configOf,
  empty,
  hashesOf,
  restores,
  seeded,
  withLedger,
  writes,
} from '../tools/backup.ts'
import { randomFrom } from '../tools/memory-disk.ts'
import { isThorough } from '../tools/thorough.ts'

const kills = isThorough ? 16 : 6
const seed = Date.now() % 1e9

test(`a backup that is killed leaves the one before, or is made (seed ${seed})`, async (t) => {
  const random = randomFrom(seed)
  const here = await seeded(t)
  const dir = join(here.folder, 'x')
  await backsUp(here, dir)
  const killsIt = await atRandomMoments(here, random, 'backup', dir)
  let [killedTimes, tries, newer] = [0, 0, 0]
  let last = storedBackup(realDisk, dir)?.manifest.records ?? 0
  while (killedTimes < kills) {
    assert.ok(++tries < 200)
    await writes(here)
    const count = hashesOf(here.archive).length
    if (await killsIt()) killedTimes++
    const backup = storedBackup(realDisk, dir)
    assert.ok(backup)
    assert.deepEqual([...backupProblems(backup)], [])
    assert.deepEqual(verifyArchive(backup.disk, dir).problems, [])
    const { records } = backup.manifest
    assert.ok(records === last || records >= count, `it holds ${records}, before ${last}, of ${count}`)
    if (records > last) newer++
    last = records
  }
  t.diagnostic(`${killedTimes} killed of ${tries}, ${newer} of all were made`)
  const elsewhere = await empty(t)
  assert.equal((await restores(elsewhere, dir)).records, last)
  assert.equal((await backsUp(here, dir)).records, hashesOf(here.archive).length)
})

test(`a restore that is killed leaves the archive that was there, or the one restored (seed ${seed})`, async (t) => {
  const random = randomFrom(seed + 1)
  const here = await seeded(t)
  const dir = join(here.folder, 'x')
  await backsUp(here, dir)
  const backed = hashesOf(dir)
  const killsIt = await atRandomMoments(here, random, 'restore', dir)
  let [killedTimes, tries, restored] = [0, 0, 0]
  while (killedTimes < kills) {
    assert.ok(++tries < 200)
    for (let more = 0; more < 3; more++) await writes(here)
    const before = hashesOf(here.archive)
    if (await killsIt()) killedTimes++
    await withLedger(here, (ledger) => assert.equal(ledger.trouble(), undefined))
    const after = hashesOf(here.archive)
    const isRestored = after.length < before.length
    assert.deepEqual(after.slice(0, isRestored ? backed.length : before.length), isRestored ? backed : before)
    assert.ok(after.length - (isRestored ? backed.length : before.length) <= 1)
    if (isRestored) restored++
    const { ok, problems } = await verifyReport(ledgerOptions(configOf(here)), true)
    assert.deepEqual({ ok, problems }, { ok: true, problems: [] })
  }
  t.diagnostic(`${killedTimes} killed of ${tries}, ${restored} of all were restored`)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { weigh, weighInTurns } from '../../src/archive/file.ts'
import { sealName } from '../../src/archive/files.ts'
import { days } from '../../src/kernel/moment.ts'
import { statusReport } from '../../src/reports/status.ts'
import { community } from '../tools/community.ts'

test('a month that is over and not sealed yet is no problem to whoever looks at that moment', async (t) => {
  const here = await community(t)
  here.passes(40 * days)
  await here.joins('Ann')
  here.passes(40 * days)
  await here.joins('Tom')
  await here.ledger.settled()
  const { disk, archive } = here.options
  disk.remove(join(archive, sealName('2026-11')))
  const { archive: stands } = statusReport(here.options, { running: true, trouble: null })
  assert.deepEqual({ segments: stands.segments, problems: stands.problems }, { segments: 3, problems: [] })
  await here.ledger.inspect()
  assert.equal(here.ledger.trouble(), undefined)
})

test('whoever else waits gets a turn while a long month is weighed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'month')
  writeFileSync(path, Buffer.alloc(5_000_000, 'Please pray with me. '))
  let [turns, isWaiting] = [0, true]
  const take = () => {
    turns++
    if (isWaiting) setImmediate(take)
  }
  setImmediate(take)
  const sum = await weighInTurns(realDisk, path)
  isWaiting = false
  assert.equal(sum, weigh(realDisk, path).sha256)
  assert.ok(turns >= 4, `${turns} turns`)
})

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
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

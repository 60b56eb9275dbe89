import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sealName, segmentName } from '../../src/archive/files.ts'
import { catalogue } from '../../src/catalogue.ts'
import { days } from '../../src/kernel/moment.ts'
import { segmentsReport } from '../../src/reports/segments.ts'
import { community } from '../tools/community.ts'

test('each month has its records, and what can be seen of its seal', async (t) => {
  const here = await community(t)
  for (const name of ['Ann', 'Tom', 'Eve', 'Ruth']) {
    await here.joins(name)
    here.passes(31 * days)
  }
  await here.ledger.settled()
  const { disk, archive } = here.options
  const last = here.ledger.head().sequence
  const keys = catalogue.sealKeys(here.ledger.cache())
  const seals = () => segmentsReport(here.options, last, keys).map(({ seal }) => seal)

  const segments = segmentsReport(here.options, last, keys)
  assert.deepEqual(
    segments.map(({ month }) => month),
    ['2026-11', '2026-12', '2027-01', '2027-02'],
  )
  assert.equal(
    segments.reduce((sum, { records }) => sum + records, 0),
    here.text().match(/^@\d+/gm)?.length,
  )
  assert.ok(segments.every(({ file, bytes }) => bytes === readFileSync(join(archive, file)).length))
  assert.deepEqual(seals(), ['good', 'good', 'good', 'open'])

  const pathOf = (name: string) => join(archive, name)
  const seal = readFileSync(pathOf(sealName('2026-11')), 'latin1')
  writeFileSync(pathOf(sealName('2026-11')), seal.replace('signature ', 'signature 0'))
  disk.protect(pathOf(segmentName('2026-12')), 0o600)
  appendFileSync(pathOf(segmentName('2026-12')), 'x')
  disk.remove(pathOf(sealName('2027-01')))
  assert.deepEqual(seals(), ['bent', 'unlike', 'missing', 'open'])
  writeFileSync(pathOf(sealName('2026-11')), seal)
  const others = segmentsReport(here.options, last, ['00'.repeat(32)])
  assert.deepEqual(
    others.map((one) => one.seal),
    ['foreign', 'foreign', 'missing', 'open'],
  )
})

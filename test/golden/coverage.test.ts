import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { basename } from 'node:path'
import { test } from 'node:test'

const folder = new URL('../../src/records/', import.meta.url)

test('the golden archive goes through every branch of src/records', async () => {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

  // Only what is loaded from here on is counted from its first line.
  const [{ realDisk }, { catalogue }, { schemaHashOf }] = await Promise.all([
    import('../../src/archive/disk.ts'),
    import('../../src/catalogue.ts'),
    import('../../src/ledger/behaviour.ts'),
  ])
  schemaHashOf(realDisk, catalogue)

  const { result } = await session.post('Profiler.takePreciseCoverage')
  session.disconnect()
  const records = result.filter(({ url }) => url.startsWith(folder.href))
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  assert.deepEqual(records.map(({ url }) => basename(url)).sort(), files.sort())

  const missed = records.flatMap(({ url, functions }) => {
    const text = readFileSync(new URL(url), 'utf8')
    return functions
      .flatMap(({ ranges }) => ranges)
      .filter(({ count }) => count === 0)
      .map(({ startOffset, endOffset }) => {
        const line = text.slice(0, startOffset).split('\n').length
        return `${basename(url)}:${line} ${text.slice(startOffset, endOffset)}`
      })
  })
  assert.deepEqual(missed, [], 'add samples in test/golden/samples.ts that come here')
  const counted = records.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges)).length
  assert.ok(counted > 50, `${counted} stretches of code were counted`)
})

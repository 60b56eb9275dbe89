import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { realDisk } from '../src/archive/disk.ts'
import { archiveFiles } from '../src/archive/files.ts'
import { seedArchive } from '../src/cli/seed.ts'
import { type Config, readConfig } from '../src/config.ts'
import type { VerifyProgress } from '../src/reports/verify.ts'
import { usualEnd } from '../src/seed/community.ts'
import { verifyBeside } from '../src/verify-beside.ts'

let config: Config
let records = 0
const folder = mkdtempSync(join(tmpdir(), 'thywill-verify-'))
before(async () => {
  config = readConfig({
    ARCHIVE_DIR: join(folder, 'archives'),
    CACHE_DIR: join(folder, 'cache'),
    SECRETS_DIR: join(folder, 'secrets'),
  })
  const made = await seedArchive(config, { members: 20, prayers: 60, marks: 60_000 }, '1', usualEnd)
  records = made.records
})
after(() => rmSync(folder, { recursive: true }))

const folders = () => ({ archive: config.archiveDir, cache: config.cacheDir })

test('every byte is read and the cache compared while this thread does something else', async () => {
  const seen: VerifyProgress[] = []
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const report = await verifyBeside(folders(), { isDeep: true, onProgress: (one) => void seen.push(one) })
  clearInterval(ticking)
  assert.deepEqual(
    { ok: report.ok, records: report.records, problems: report.problems, deep: report.deep?.ok },
    { ok: true, records, problems: [], deep: true },
  )
  assert.ok(report.deep?.tables.some(({ table, rowsLive }) => table === 'members' && rowsLive === 20))
  assert.ok(turns > 20, `${turns} turns`)
  assert.deepEqual([...new Set(seen.map(({ isComparing }) => isComparing))], [false, true])
})

test('whoever does not want to know any more ends it, and nothing is left', async () => {
  const stopping = new AbortController()
  const verifying = verifyBeside(folders(), {
    isDeep: true,
    signal: stopping.signal,
    onProgress: ({ isComparing }) => isComparing && stopping.abort(new Error('Enough.')),
  })
  await assert.rejects(verifying, /^Error: Enough\.$/)
  assert.deepEqual(
    readdirSync(config.cacheDir).filter((name) => name.startsWith('compare-')),
    [],
  )
  await assert.rejects(
    verifyBeside(folders(), { signal: AbortSignal.abort(new Error('Before.')) }),
    /Before\./,
  )
})

test('what is wrong comes back with its file and line, and a thread that cannot read says so', async () => {
  const [first] = archiveFiles(realDisk, config.archiveDir).segments
  assert.ok(first)
  const path = join(config.archiveDir, first.name)
  const text = readFileSync(path, 'utf8')
  chmodSync(path, 0o600)
  writeFileSync(path, text.replace(' by=operator ', ' by=schedule '))
  const { ok, problems } = await verifyBeside(folders())
  assert.equal(ok, false)
  assert.ok(problems.some(({ file, line }) => file === first.name && line !== undefined))
  writeFileSync(path, text)

  const nowhere = join(config.cacheDir, 'a-file')
  appendFileSync(nowhere, 'x')
  await assert.rejects(verifyBeside({ archive: nowhere, cache: nowhere }), /ENOTDIR/)
})

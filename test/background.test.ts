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
import { background, type TaskProgress } from '../src/background.ts'
import { seedArchive } from '../src/cli/seed.ts'
import { type Config, readConfig } from '../src/config.ts'
import { usualEnd } from '../src/seed/community.ts'

let config: Config
let records = 0
const folder = mkdtempSync(join(tmpdir(), 'thywill-verify-'))
before(async () => {
  config = readConfig({
    ARCHIVE_DIR: join(folder, 'archives'),
    CACHE_DIR: join(folder, 'cache'),
    SECRETS_DIR: join(folder, 'secrets'),
    BACKUP_DIR: join(folder, 'backups'),
  })
  const made = await seedArchive(config, { members: 20, prayers: 60, marks: 60_000 }, '1', usualEnd)
  records = made.records
})
after(() => rmSync(folder, { recursive: true }))

test('every byte is read and the cache compared while this thread does something else', async () => {
  const seen: TaskProgress[] = []
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const report = await background(config).verify(true, { onProgress: (one) => void seen.push(one) })
  clearInterval(ticking)
  assert.deepEqual(
    { ok: report.ok, records: report.records, problems: report.problems, deep: report.deep?.ok },
    { ok: true, records, problems: [], deep: true },
  )
  assert.ok(report.deep?.tables.some(({ table, rowsLive }) => table === 'members' && rowsLive === 20))
  assert.ok(turns > 20, `${turns} turns`)
  assert.deepEqual([...new Set(seen.map(({ phase }) => phase))], ['reading', 'comparing'])
})

test('whoever does not want to know any more ends it, and nothing is left', async () => {
  const before = readdirSync(config.cacheDir)
  const stopping = new AbortController()
  const verifying = background(config).verify(true, {
    signal: stopping.signal,
    onProgress: ({ phase }) => phase === 'comparing' && stopping.abort(new Error('Enough.')),
  })
  await assert.rejects(verifying, /^Error: Enough\.$/)
  assert.deepEqual(readdirSync(config.cacheDir), before)
  const signal = AbortSignal.abort(new Error('Before.'))
  await assert.rejects(background(config).verify(true, { signal }), /Before\./)
})

test('backups are made one after the other, and one that is stopped leaves the one before', async () => {
  const beside = background(config)
  const seen: TaskProgress[] = []
  const [first, second] = await Promise.all([
    beside.backUp({ onProgress: (one) => void seen.push(one) }),
    beside.backUp(),
  ])
  assert.deepEqual([first.records, second.records], [records, records])
  assert.equal(second.copied, 0, 'the second found everything there')
  assert.ok(seen.every(({ phase, bytes, totalBytes }) => phase === 'copying' && bytes <= totalBytes))
  assert.ok(seen.length > 1)

  const before = readdirSync(config.backupDir)
  const asked = beside.backUp()
  const verifying = beside.verify()
  await beside.close()
  await assert.rejects(asked, /It was stopped before its end\./)
  await assert.rejects(verifying, /It was stopped before its end\./)
  assert.deepEqual(readdirSync(config.backupDir), before)
  assert.equal((await background(config).backUp()).records, records)
})

test('what is wrong comes back with its file and line, and a thread that cannot read says so', async () => {
  const [first] = archiveFiles(realDisk, config.archiveDir).segments
  assert.ok(first)
  const path = join(config.archiveDir, first.name)
  const text = readFileSync(path, 'utf8')
  chmodSync(path, 0o600)
  writeFileSync(path, text.replace(' by=operator ', ' by=schedule '))
  const { ok, problems } = await background(config).verify()
  assert.equal(ok, false)
  assert.ok(problems.some(({ file, line }) => file === first.name && line !== undefined))
  const { files } = await background(config).edits()
  assert.deepEqual(
    files.map(({ file, isAcceptable }) => [file, isAcceptable]),
    [[first.name, true]],
  )
  const stopping = background(config)
  const asked = stopping.edits()
  await Promise.all([assert.rejects(asked, /It was stopped before its end\./), stopping.close()])
  writeFileSync(path, text)

  const nowhere = join(config.cacheDir, 'a-file')
  appendFileSync(nowhere, 'x')
  await assert.rejects(background({ ...config, archiveDir: nowhere }).verify(), /ENOTDIR/)
})

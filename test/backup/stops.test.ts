import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { type BackupOptions, makeBackup } from '../../src/archive/backup.ts'
import type { Disk } from '../../src/archive/disk.ts'
import { carryOut, erasureOf } from '../../src/archive/erase.ts'
import { decideExchange, finishExchange } from '../../src/archive/exchange.ts'
import { formatName } from '../../src/archive/files.ts'
import { formatText } from '../../src/archive/format.ts'
import { sealSegment } from '../../src/archive/seal.ts'
import { backupProblems, finishBackup, storedBackup } from '../../src/archive/stored.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import {
  type ArchiveDisk,
  archiveDisk,
  december,
  failingFrom,
  filesOf,
  folder,
  november,
  readAll,
  sampleArchive,
  sampleFolder,
  sampleKey,
} from '../tools/archive.ts'

/*
 * A stop at every single call of the disk: from that call on nothing works any more, and then somebody looks at what is
 * left.
 */

const sample = filesOf(sampleFolder)
const into = '/backup'

const optionsOn = (disk: Disk): BackupOptions => ({
  ...{ disk, archive: folder, into, key: sampleKey, now: '2026-12-02T00:00:00.000Z' },
  secrets: { digest: '0'.repeat(64) },
})

/** What each file of a disk holds. */
const allOf = (disk: ArchiveDisk) =>
  Object.fromEntries(
    Object.entries(disk.contents('/')).map(([name, bytes]) => [`/${name}`, bytes.toString('latin1')]),
  )

function diskWith(files: Record<string, string>): ArchiveDisk {
  const disk = archiveDisk()
  for (const [path, text] of Object.entries(files)) {
    disk.makeFolder(dirname(path))
    disk.close(disk.open(path, 'create'))
    disk.bend(path, Buffer.from(text, 'latin1'))
  }
  return disk
}

test('a backup that stops at any call of the disk leaves the one before, or is made', async () => {
  // The first backup is of the first month alone; then there are more records, an erasure that rewrites it, a seal.
  const disk = archiveDisk({ [november]: sample[november] ?? '', [formatName]: formatText })
  await makeBackup(optionsOn(disk))
  const first = storedBackup(disk, into)?.manifest.records
  disk.makeFolder(dirname(`${folder}/${december}`))
  const file = disk.open(`${folder}/${december}`, 'create')
  disk.write(file, sample[december] ?? Buffer.alloc(0), 0)
  for (const erasure of readAll(disk).records.map(erasureOf))
    if (erasure) await carryOut(disk, folder, erasure)
  await sealSegment(disk, folder, '2026-11', sampleArchive, sampleKey)
  const before = allOf(disk)

  const seen = new Set<number>()
  let calls = 0
  for (let isOver = false; !isOver; calls++) {
    const stopped = diskWith(before)
    isOver = await makeBackup(optionsOn(failingFrom(stopped, calls))).then(
      () => true,
      () => false,
    )
    const left = storedBackup(stopped, into)
    assert.ok(left, `call ${calls}`)
    assert.deepEqual([...backupProblems(left)], [], `call ${calls}`)
    assert.deepEqual(verifyArchive(left.disk, into).problems, [], `call ${calls}`)
    seen.add(left.manifest.records)
    finishBackup(stopped, into)
    assert.deepEqual(
      Object.keys(allOf(stopped)).filter((path) => /\.(next|tmp)$/.test(path)),
      [],
    )
    const next = await makeBackup(optionsOn(stopped))
    assert.equal(next.manifest.records, 8)
    assert.deepEqual(verifyArchive(stopped, into).problems, [])
  }
  assert.ok(calls > 100, `${calls} calls`)
  assert.deepEqual([...seen], [first, 8])
})

test('a change-over that stops at any call of the disk is finished by the next', () => {
  const places = { archive: folder, cache: '/cache', secrets: '/secrets' }
  const hash = '0123456789abcdef'
  const before = {
    [`${folder}/FORMAT`]: 'old',
    [`${folder}/erasures.txt`]: 'old',
    [`${folder}/2025/2025-12.txt`]: 'old',
    [`${folder}/2026/2026-11.txt`]: 'old',
    [`${folder}/README.md`]: 'stays',
    [`/cache/CURRENT-${hash}`]: 'old',
    [`/cache/${hash}-1.sqlite`]: 'old',
    [`/cache/${hash}-1.sqlite-wal`]: 'old',
    '/cache/drafts.sqlite': 'stays',
    '/secrets/seal.key': 'old',
    '/secrets/push.key': 'stays',
    '/cache/restore-Xy12Zz/secrets/seal.key': 'left by one that was killed',
    [`${folder}/restoring/FORMAT`]: 'new',
    [`${folder}/restoring/2026/2026-11.txt`]: 'new',
    [`${folder}/restoring/2026/2026-12.txt`]: 'new',
    [`/cache/restoring/CURRENT-${hash}`]: 'new',
    [`/cache/restoring/${hash}-1.sqlite`]: 'new',
    '/secrets/restoring/seal.key': 'new',
  }
  const time = '2026-12-02T00:00:00.000Z'
  const whole = diskWith(before)
  decideExchange(whole, places, time)
  const aside = finishExchange(whole, places)
  assert.equal(aside, 'before-restore-2026-12-02T00-00-00-000Z')
  const restored = allOf(whole)
  const inPlace = (all: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(all).filter(([path]) => !/before-restore|restoring|restore-Xy/.test(path)),
    )
  assert.deepEqual(inPlace(restored), {
    [`${folder}/FORMAT`]: 'new',
    [`${folder}/2026/2026-11.txt`]: 'new',
    [`${folder}/2026/2026-12.txt`]: 'new',
    [`${folder}/README.md`]: 'stays',
    [`/cache/CURRENT-${hash}`]: 'new',
    [`/cache/${hash}-1.sqlite`]: 'new',
    '/cache/drafts.sqlite': 'stays',
    '/secrets/seal.key': 'new',
    '/secrets/push.key': 'stays',
  })
  assert.equal(Object.values(restored).filter((text) => text === 'old').length, 8, 'everything is kept')
  assert.ok(!('/cache/restore-Xy12Zz/secrets/seal.key' in restored))

  const outcomes = new Set<string>()
  let calls = 0
  for (let isOver = false; !isOver; calls++) {
    const disk = diskWith(before)
    const failing = failingFrom(disk, calls)
    try {
      decideExchange(failing, places, time)
      finishExchange(failing, places)
      isOver = true
    } catch {
      // It is dead; the next one finds what is left.
    }
    finishExchange(disk, places)
    const left = allOf(disk)
    const isRestored = left[`${folder}/FORMAT`] === 'new'
    assert.deepEqual(inPlace(left), isRestored ? inPlace(restored) : inPlace(before), `call ${calls}`)
    if (isRestored) assert.deepEqual(left, restored, `call ${calls}`)
    outcomes.add(isRestored ? 'restored' : 'as it was')
  }
  assert.ok(calls > 40, `${calls} calls`)
  assert.deepEqual([...outcomes], ['as it was', 'restored'])
})

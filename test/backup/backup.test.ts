import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { type Disk, realDisk } from '../../src/archive/disk.ts'
import { archiveFiles, lockName } from '../../src/archive/files.ts'
import { readManifest } from '../../src/archive/manifest.ts'
import { storedBackup } from '../../src/archive/stored.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import {
  backsUp,
  empty,
  erasesFirstRequest,
  firstRequest,
  hashesOf,
  restores,
  seeded,
  textOf,
  tree,
  writes,
} from '../tools/backup.ts'
import type { Home } from '../tools/site.ts'

const lastMonth = ({ archive }: Home) => archiveFiles(realDisk, archive).segments.at(-1)?.name ?? ''
const firstMonth = ({ archive }: Home) => archiveFiles(realDisk, archive).segments[0]?.name ?? ''

/** The real disk, and how many bytes were read of the files in a folder. */
function meterOf(folder: string) {
  const ours = new Set<number>()
  let bytes = 0
  const disk: Disk = {
    ...realDisk,
    open(path, how) {
      const file = realDisk.open(path, how)
      ours.delete(file)
      if (path.startsWith(`${folder}/`)) ours.add(file)
      return file
    },
    read(file, ...given) {
      const read = realDisk.read(file, ...given)
      if (ours.has(file)) bytes += read
      return read
    },
  }
  return { disk, bytes: () => bytes }
}

const manifestIn = (dir: string) => readManifest(readFileSync(join(dir, 'MANIFEST'), 'latin1'))

suite('a backup', () => {
  test('reads the archive once to copy it, and once more only what may be there already', async (t) => {
    const here = await seeded(t, 5000)
    const dir = join(here.folder, 'x')
    const reading = meterOf(here.archive)
    const made = await backsUp(here, dir, undefined, reading.disk)
    assert.ok(reading.bytes() >= made.bytes * 0.9 && reading.bytes() < made.bytes * 1.3, `${reading.bytes()}`)
    const again = meterOf(here.archive)
    assert.equal((await backsUp(here, dir, undefined, again.disk)).copied, 0)
    assert.ok(again.bytes() < made.bytes * 1.3, `${again.bytes()}`)
  })

  test('is a whole archive with a signed statement of what it holds', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    const report = await backsUp(here, dir)
    const seen = verifyArchive(realDisk, dir)
    assert.deepEqual(seen.problems, [])
    assert.deepEqual(hashesOf(dir), hashesOf(here.archive))
    const manifest = manifestIn(dir)
    assert.ok(manifest)
    assert.equal(manifest.archive, seen.archive)
    assert.equal(manifest.records, seen.head.sequence)
    assert.equal(manifest.head, seen.head.hash)
    assert.deepEqual(manifest.keys, seen.keys)
    const files = tree(dir)
    delete files.MANIFEST
    assert.deepEqual(Object.fromEntries(manifest.files.map(({ name, sha256 }) => [name, sha256])), files)
    assert.deepEqual(
      { ...report, seconds: 0 },
      {
        ...{ dir, archive: seen.archive, records: seen.records, head: seen.head.hash, bytes: manifest.bytes },
        ...{
          files: manifest.files.length,
          copied: manifest.files.length,
          skipped: 0,
          seconds: 0,
          secrets: false,
          hasOlderSecrets: false,
          proof: 'held',
        },
      },
    )
  })

  test('copies only what is new: months that are over are there already', async (t) => {
    const here = await seeded(t)
    await writes(here)
    const dir = join(here.folder, 'x')
    const first = await backsUp(here, dir)
    const inodes = () =>
      archiveFiles(realDisk, dir)
        .segments.slice(0, -1)
        .map(({ name }) => realDisk.measure(join(dir, name))?.inode)
    const before = inodes()
    assert.ok(before.length >= 4)
    await writes(here)
    const second = await backsUp(here, dir)
    assert.equal(second.copied, 1, 'the open month')
    assert.equal(second.skipped, first.files - 1)
    assert.equal(second.records, first.records + 1)
    assert.deepEqual(inodes(), before)
    const third = await backsUp(here, dir)
    assert.equal(third.copied, 0)
    assert.deepEqual(hashesOf(dir), hashesOf(here.archive))
  })

  test('mends what became bent in the folder since the last one', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const whole = tree(dir)
    for (const name of [firstMonth(here), lastMonth(here), 'FORMAT', '2026/2026-06.seal']) {
      const path = join(dir, name)
      const bytes = readFileSync(path)
      bytes[40] = (bytes[40] ?? 0) ^ 1
      writeFileSync(path, bytes)
      await backsUp(here, dir)
      assert.deepEqual({ ...tree(dir), MANIFEST: '' }, { ...whole, MANIFEST: '' }, name)
    }
    rmSync(join(dir, firstMonth(here)))
    await backsUp(here, dir)
    assert.deepEqual({ ...tree(dir), MANIFEST: '' }, { ...whole, MANIFEST: '' })
  })

  test('is not made of an archive that is not well, and the one before stays as it was', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const before = tree(dir)
    for (const name of [firstMonth(here), lastMonth(here)]) {
      const path = join(here.archive, name)
      const bytes = readFileSync(path)
      const bent = Buffer.from(bytes)
      bent[200] = (bent[200] ?? 0) ^ 1
      realDisk.protect(path, 0o600)
      writeFileSync(path, bent)
      await assert.rejects(backsUp(here, dir), { name: 'BackupFailed', message: new RegExp(name) })
      assert.deepEqual(tree(dir), before)
      writeFileSync(path, bytes)
    }
    await backsUp(here, dir)
  })

  test('ends before a write that is under way', async (t) => {
    const here = await seeded(t)
    const path = join(here.archive, lastMonth(here))
    const whole = readFileSync(path)
    const count = hashesOf(here.archive).length
    const last = whole.subarray(whole.lastIndexOf('\n@') + 1, -10).toString('latin1')
    for (const part of ['@', '@99', last]) {
      appendFileSync(path, part)
      const dir = join(here.folder, `x ${part.length}`)
      assert.equal((await backsUp(here, dir)).records, count)
      assert.deepEqual(verifyArchive(realDisk, dir).problems, [])
      writeFileSync(path, whole)
    }
  })

  test('is refused when records that an earlier one holds are gone from the archive', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await writes(here)
    const copy = join(here.folder, 'older')
    const path = join(here.archive, lastMonth(here))
    mkdirSync(copy)
    copyFileSync(path, join(copy, 'month'))
    await writes(here)
    await backsUp(here, dir)
    const before = tree(dir)
    copyFileSync(join(copy, 'month'), path)
    await assert.rejects(backsUp(here, dir), /cache has seen/)
    rmSync(here.cache, { recursive: true })
    await assert.rejects(backsUp(here, dir), /records are gone from the archive/)
    assert.deepEqual(tree(dir), before)
    rmSync(join(dir, 'MANIFEST'))
    await assert.rejects(backsUp(here, dir), /records are gone from the archive/, 'a plain copy is kept, too')
  })

  test('keeps every erasure that it ever knew, and the words are gone from it', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const line = `1 ${'0'.repeat(64)} request 2026-01-01T00:00:00.000Z wish\n`
    writeFileSync(join(dir, 'erasures.txt'), line)
    assert.ok(textOf(dir).includes(firstRequest(here).text))
    const { text, record, hash } = await erasesFirstRequest(here)
    await backsUp(here, dir)
    assert.ok(!textOf(dir).includes(text))
    const list = readFileSync(join(dir, 'erasures.txt'), 'utf8')
    assert.ok(list.startsWith(line))
    assert.match(list, new RegExp(`^${record} ${hash} request `, 'm'))
    assert.deepEqual(verifyArchive(realDisk, dir).problems, [])
  })

  test('of another archive is never written over', async (t) => {
    const here = await seeded(t)
    const there = await empty(t)
    await writes(there)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const before = tree(dir)
    await assert.rejects(backsUp(there, dir), { name: 'Unfit', message: /another archive/ })
    assert.deepEqual(tree(dir), before)
  })

  test('is not made twice at once in one folder', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const lock = realDisk.lock(join(dir, lockName))
    assert.ok(lock)
    await assert.rejects(backsUp(here, dir), /Another backup is being made/)
    lock.release()
    await backsUp(here, dir)
  })
})

suite('a manifest', () => {
  test('with any other byte is none', async (t) => {
    const here = await seeded(t, 20)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const text = readFileSync(join(dir, 'MANIFEST'), 'latin1')
    assert.ok(readManifest(text))
    for (let at = 0; at < text.length; at++) {
      const other = String.fromCharCode(text.charCodeAt(at) ^ 1)
      assert.equal(readManifest(text.slice(0, at) + other + text.slice(at + 1)), undefined, `byte ${at}`)
    }
    for (const cut of [1, 10, 140, 300]) assert.equal(readManifest(text.slice(0, -cut)), undefined)
  })
})

suite('a byte that was changed in a backup', () => {
  test('is found in every file, and nothing is restored', async (t) => {
    const here = await seeded(t, 20)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir, 'correct horse battery')
    const backup = storedBackup(realDisk, dir)
    assert.ok(backup)
    const elsewhere = await empty(t)
    for (const { name, bytes } of backup.manifest.files) {
      const path = join(dir, name)
      const whole = readFileSync(path)
      const bent = Buffer.from(whole)
      const at = Math.floor(bytes / 2)
      bent[at] = (bent[at] ?? 0) ^ 4
      writeFileSync(path, bent)
      await assert.rejects(restores(elsewhere, dir), { name: 'RestoreRefused', message: new RegExp(name) })
      truncateSync(path, bytes - 1)
      await assert.rejects(restores(elsewhere, dir), { name: 'RestoreRefused', message: new RegExp(name) })
      rmSync(path)
      await assert.rejects(restores(elsewhere, dir), { name: 'RestoreRefused', message: new RegExp(name) })
      writeFileSync(path, whole)
      assert.deepEqual(tree(elsewhere.archive), {})
    }
    assert.equal((await restores(elsewhere, dir)).gained, backup.manifest.records)
  })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type Disk, realDisk } from '../../src/archive/disk.ts'
import type { Place } from '../../src/archive/grammar.ts'
import { beginning, type Position } from '../../src/archive/position.ts'
import { type Group, printGroup } from '../../src/archive/print.ts'
import { AppendFailed, openWriter } from '../../src/archive/write.ts'
import {
  type ArchiveDisk,
  archiveDisk,
  filesOf,
  folder,
  november,
  readAll,
  segmentsOf,
} from '../tools/archive.ts'
import { holdsAsync } from '../tools/laws.ts'
import { anyArchive } from './arbitrary.ts'

const said = { kind: 'word.said', version: 1, critical: false, values: [], blocks: [] }
const group = (before: Place, time = '2026-11-22T07:00:00.000Z') => printGroup([said], before, time)
const first = group(beginning)
const second = group(first.after)
const next = group(second.after, '2026-12-01T00:00:00.000Z')
const texts = (disk: ArchiveDisk) =>
  Object.fromEntries(Object.entries(disk.contents()).map(([name, bytes]) => [name, bytes.toString()]))

/** The outcome of an append that has to fail. */
async function outcome(append: Promise<void>): Promise<AppendFailed['outcome']> {
  const error = await append.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AppendFailed, String(error))
  return error.outcome
}

suite('appending', () => {
  test('gives the same bytes one by one, in batches of any size, and by one writer after the other', async () => {
    await holdsAsync(
      fc.asyncProperty(
        anyArchive,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
        fc.boolean(),
        async (groups, sizes, isNewWriter) => {
          const disk = archiveDisk()
          let writer = openWriter(disk, folder, beginning)
          for (const batch of batches(groups, sizes)) {
            await writer.append(batch)
            if (!isNewWriter) continue
            writer.close()
            writer = openWriter(disk, folder, readAll(disk).end.safe)
          }
          assert.deepEqual(texts(disk), segmentsOf(groups))
          assert.deepEqual(writer.head, readAll(disk).end.safe)
          writer.close()
        },
      ),
    )
  })

  test('syncs the bytes before it says so, and the folder behind a new segment', async () => {
    const calls: string[] = []
    const writer = openWriter(noting(archiveDisk(), calls), folder, beginning)
    await writer.append([first])
    assert.deepEqual(calls.splice(0).slice(-3), ['write', 'sync', 'syncFolder'])
    await writer.append([second])
    assert.deepEqual(calls.splice(0), ['write', 'sync'])
    await writer.append([next])
    assert.deepEqual(calls.splice(0).slice(-4), ['write', 'sync', 'syncFolder', 'close'])
  })

  test('makes segments that only their owner reads', async () => {
    const real = mkdtempSync(join(tmpdir(), 'thywill-'))
    try {
      const writer = openWriter(realDisk, real, beginning)
      await writer.append([first, second])
      await writer.append([next])
      writer.close()
      assert.deepEqual(
        Object.fromEntries(Object.entries(filesOf(real)).map(([name, bytes]) => [name, bytes.toString()])),
        segmentsOf([first, second, next]),
      )
      assert.equal(statSync(join(real, november)).mode & 0o777, 0o600)
      assert.equal(statSync(join(real, '2026')).mode & 0o777, 0o700)
    } finally {
      rmSync(real, { recursive: true })
    }
  })

  test('refuses groups that do not follow, or are of two months', async () => {
    const writer = openWriter(archiveDisk(), folder, beginning)
    await assert.rejects(writer.append([second]), RangeError)
    await assert.rejects(writer.append([first, next]), RangeError)
    await writer.append([])
    await writer.append([first])
    await assert.rejects(writer.append([first]), RangeError)
    await writer.append([second])
  })
})

suite('a disk that takes nothing', () => {
  test('refuses, keeps what was there, and takes the same groups when it can', async () => {
    const disk = archiveDisk()
    const full = { isFull: false }
    const writer = openWriter(filling(disk, full), folder, beginning)
    for (const { batch, before } of [
      { batch: first, before: [] },
      { batch: second, before: [first] },
      { batch: next, before: [first, second] },
    ]) {
      full.isFull = true
      assert.equal(await outcome(writer.append([batch])), 'refused')
      assert.deepEqual(texts(disk), segmentsOf(before), 'half of it was taken, and cut off again')
      full.isFull = false
      await writer.append([batch])
      assert.deepEqual(texts(disk), segmentsOf([...before, batch]))
    }
  })

  test('of which a sync failed is never written again by this writer, and nothing is cut', async () => {
    const disk = archiveDisk()
    let isBroken = false
    const sync = async () => {
      if (isBroken) throw new Error('EIO')
    }
    const writer = openWriter({ ...disk, sync }, folder, beginning)
    await writer.append([first])
    isBroken = true
    assert.equal(await outcome(writer.append([second])), 'unknown')
    assert.deepEqual(texts(disk), segmentsOf([first, second]))
    isBroken = false
    assert.equal(await outcome(writer.append([second])), 'unknown')
  })
})

suite('a writer notices before it writes', () => {
  const disturbances: [string, (disk: ArchiveDisk, path: string) => void][] = [
    [
      'bytes that somebody added',
      (disk, path) => change(disk, path, (bytes) => Buffer.concat([bytes, bytes])),
    ],
    ['bytes that somebody cut off', (disk, path) => change(disk, path, (bytes) => bytes.subarray(1))],
    ['bytes that somebody changed', (disk, path) => change(disk, path, (bytes) => bytes.map(() => 0))],
    ['that its segment is gone', (disk, path) => disk.remove(path)],
    [
      'that another file has taken the place of its segment',
      (disk, path) => {
        disk.rename(path, `${path}.old`)
        disk.write(disk.open(path, 'create'), disk.file(`${path}.old`)?.bytes ?? Buffer.alloc(0), 0)
      },
    ],
  ]
  for (const [what, disturb] of disturbances) {
    test(what, async () => {
      const disk = archiveDisk()
      const writer = openWriter(disk, folder, beginning)
      await writer.append([first])
      writer.check()
      disturb(disk, join(folder, november))
      const left = disk.contents()
      assert.equal(await outcome(writer.append([second])), 'disturbed')
      assert.throws(() => writer.check(), AppendFailed)
      assert.equal(await outcome(writer.append([second])), 'disturbed')
      assert.deepEqual(disk.contents(), left)
    })
  }

  test('a segment of the next month that somebody else began', async () => {
    const disk = archiveDisk()
    const writer = openWriter(disk, folder, beginning)
    await writer.append([first, second])
    disk.open(join(folder, '2026/2026-12.txt'), 'create')
    assert.equal(await outcome(writer.append([next])), 'disturbed')
  })

  test('that its head is not where the archive ends', async () => {
    const disk = archiveDisk(segmentsOf([first, second]))
    const { end } = readAll(disk)
    const [{ end: behind } = { end: beginning as Position }] = readAll(disk).groups
    openWriter(disk, folder, end.safe).close()
    assert.throws(() => openWriter(disk, folder, behind), AppendFailed)
  })
})

function batches(groups: readonly Group[], sizes: readonly number[]): Group[][] {
  const made: Group[][] = []
  for (const one of groups) {
    const last = made.at(-1)
    const size = sizes[made.length % sizes.length] ?? 1
    if (last && last.length < size && last[0]?.month === one.month) last.push(one)
    else made.push([one])
  }
  return made
}

const noting = (disk: ArchiveDisk, calls: string[]): Disk => ({
  ...disk,
  write: (...given) => {
    calls.push('write')
    return disk.write(...given)
  },
  sync: (file) => {
    calls.push('sync')
    return disk.sync(file)
  },
  syncFolder: (path) => {
    calls.push('syncFolder')
    disk.syncFolder(path)
  },
  close: (file) => {
    calls.push('close')
    disk.close(file)
  },
})

/** While it is full it takes 20 bytes of each write, then says so. */
const filling = (disk: ArchiveDisk, state: { isFull: boolean }): Disk => ({
  ...disk,
  write(file, bytes, from) {
    if (!state.isFull) return disk.write(file, bytes, from)
    if (from > 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
    return disk.write(file, bytes.subarray(0, 20), 0)
  },
})

function change(disk: ArchiveDisk, path: string, to: (bytes: Buffer) => Uint8Array) {
  const file = disk.open(path, 'append')
  const was = disk.file(path)?.bytes ?? Buffer.alloc(0)
  disk.truncate(file, 0)
  disk.write(file, Buffer.from(to(was)), 0)
  disk.close(file)
}

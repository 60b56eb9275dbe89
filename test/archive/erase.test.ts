import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { carryOut, type Erasure, erasureOf, remainsOf } from '../../src/archive/erase.ts'
import { archiveFiles, erasuresName } from '../../src/archive/files.ts'
import { findPosition } from '../../src/archive/find.ts'
import {
  archiveDisk,
  erasedSampleFolder,
  failingFrom,
  filesOf,
  folder,
  november,
  readAll,
  sampleFolder,
} from '../tools/archive.ts'

const sample = filesOf(sampleFolder)
const erased = filesOf(erasedSampleFolder)
const whole = readAll(archiveDisk(sample))

/** What record 8 of the sample demands. */
const demanded: Erasure = {
  record: 5,
  hash: 'a8cc22dfa4391fd7572cda7c72e1e1d587fc2cf9dcf8c4cc27245e2fdc41759a',
  field: 'forWhom',
  time: '2026-12-01T09:30:00.500Z',
  why: 'wish',
}
const line = `5 ${demanded.hash} forWhom 2026-12-01T09:30:00.500Z wish\n`
const carriedOut = { ...erased, [erasuresName]: Buffer.from(line) }

suite('erasing words', () => {
  test('is demanded by the record alone', () => {
    assert.deepEqual(
      whole.records.map(erasureOf).filter((one) => one !== undefined),
      [demanded],
    )
  })

  test('takes them out of the text, leaves every other byte, and writes the list', async () => {
    const disk = archiveDisk(sample)
    assert.equal(await carryOut(disk, folder, demanded), '2026-11')
    assert.deepEqual(disk.contents(), carriedOut)
    assert.equal(disk.contents()[november]?.includes('Mary'), false)
    assert.equal(disk.file(`${folder}/${erasuresName}`)?.mode, 0o600)
  })

  test('changes no hash, and the head is the same', async () => {
    const disk = archiveDisk(sample)
    await carryOut(disk, folder, demanded)
    const after = readAll(disk)
    assert.equal(after.end.fault, undefined)
    assert.deepEqual(
      after.records.map(({ hash }) => hash),
      whole.records.map(({ hash }) => hash),
    )
  })

  test('moves what stands behind, and a cursor finds its place again', async () => {
    const disk = archiveDisk(sample)
    await carryOut(disk, folder, demanded)
    const after = readAll(disk)
    for (const [index, { end }] of whole.groups.entries())
      assert.deepEqual(findPosition(disk, folder, end), after.groups[index]?.end)
    assert.notEqual(after.groups[3]?.end.offset, whole.groups[3]?.end.offset)
  })

  test('twice is once', async () => {
    const disk = archiveDisk(sample)
    await carryOut(disk, folder, demanded)
    await carryOut(disk, folder, demanded)
    assert.deepEqual(disk.contents(), carriedOut)
  })

  test('can be broken off at every call of the disk and done again; nothing but the words is ever missing', async () => {
    let calls = 0
    for (; ; calls++) {
      const disk = archiveDisk(sample)
      const erasing = carryOut(failingFrom(disk, calls), folder, demanded)
      const isCarriedOut = await erasing.then(
        () => true,
        () => false,
      )
      if (isCarriedOut) break
      const between = readAll(disk)
      assert.equal(between.end.fault, undefined, `after ${calls} calls`)
      assert.equal(between.end.safe.hash, whole.end.safe.hash)
      for (const name of archiveFiles(disk, folder).unfinished) disk.remove(`${folder}/${name}`)
      await carryOut(disk, folder, demanded)
      assert.deepEqual(disk.contents(), carriedOut, `after ${calls} calls`)
    }
    assert.ok(calls >= 20, `${calls} calls`)
  })

  test('keeps the lines of the list that other erasures left', async () => {
    const other = `3 ${'0'.repeat(64)} name 2026-11-22T07:00:00.000Z law\n`
    for (const list of [other, line + other]) {
      const disk = archiveDisk({ ...sample, [erasuresName]: list })
      await carryOut(disk, folder, demanded)
      const is = disk.contents()[erasuresName]?.toString()
      assert.equal(is, list === other ? other + line : list)
    }
  })

  test('of both fields leaves a record without words', async () => {
    const disk = archiveDisk(sample)
    await carryOut(disk, folder, demanded)
    await carryOut(disk, folder, { ...demanded, field: 'request' })
    const { records, end } = readAll(disk)
    assert.equal(end.safe.hash, whole.end.safe.hash)
    assert.ok(records[4]?.blocks.every((block) => 'erased' in block))
  })

  test('in the middle of a group leaves the group whole', async () => {
    const disk = archiveDisk(sample)
    const hash = whole.records[1]?.hash ?? ''
    await carryOut(disk, folder, { ...demanded, record: 2, hash, field: 'name' })
    const after = readAll(disk)
    assert.equal(after.end.safe.hash, whole.end.safe.hash)
    assert.deepEqual(
      after.groups.map(({ records }) => records.length),
      [1, 3, 1, 1, 1, 1],
    )
    assert.ok(after.records[1]?.blocks.every((block) => 'erased' in block))
  })

  test('of the last month works, too', async () => {
    const disk = archiveDisk(sample)
    const hash = whole.records[6]?.hash ?? ''
    assert.equal(
      await carryOut(disk, folder, { ...demanded, record: 7, hash, field: 'testimony' }),
      '2026-12',
    )
    assert.equal(readAll(disk).end.safe.hash, whole.end.safe.hash)
    assert.equal(
      Object.values(disk.contents()).some((bytes) => bytes.includes('daheim')),
      false,
    )
  })

  test('of another record with the same number does nothing: after a restore numbers are used again', async () => {
    const others = [{ hash: '0'.repeat(64) }, { record: 4 }, { record: 9 }, { record: 0 }, { field: 'name' }]
    for (const one of others) {
      const disk = archiveDisk(sample)
      assert.equal(await carryOut(disk, folder, { ...demanded, ...one }), undefined)
      assert.deepEqual(disk.contents(), sample)
    }
  })

  test('can be asked for beforehand: what is there of them?', async () => {
    const disk = archiveDisk(sample)
    assert.equal(remainsOf(disk, folder, demanded), 'words')
    assert.equal(remainsOf(disk, folder, { ...demanded, field: 'name' }), 'no such words')
    assert.equal(remainsOf(disk, folder, { ...demanded, hash: '0'.repeat(64) }), 'no such record')
    assert.equal(remainsOf(disk, folder, { ...demanded, record: 99 }), 'no such record')
    await carryOut(disk, folder, demanded)
    assert.equal(remainsOf(disk, folder, demanded), 'erased')
  })
})

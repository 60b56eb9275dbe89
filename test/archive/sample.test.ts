import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { findPosition } from '../../src/archive/find.ts'
import { segmentHead } from '../../src/archive/grammar.ts'
import { beginning, type Position } from '../../src/archive/position.ts'
import { type Group, printGroup } from '../../src/archive/print.ts'
import { describeSegment } from '../../src/archive/seal.ts'
import { kinds } from '../../src/records/kinds.ts'
import {
  archiveDisk,
  december,
  erasedSampleFolder,
  filesOf,
  folder,
  november,
  readAll,
  sampleArchive,
  sampleFolder,
  segmentsOf,
} from '../tools/archive.ts'

const head = 'f4e66f6254eb2ab1bf5ddf7a73043c6d8a3b23a5fde89eccfdb1f5b7dbc9c995'
const sample = filesOf(sampleFolder)
const erased = filesOf(erasedSampleFolder)

suite('the sample of the format', () => {
  const { records, groups, end } = readAll(archiveDisk(sample))

  test('reads to its eight records and its head', () => {
    assert.deepEqual(
      records.map(({ sequence, kind, more }) => [sequence, kind, more]),
      [
        [1, 'archive.opened', 0],
        [2, 'member.joined', 2],
        [3, 'role.granted', 1],
        [4, 'session.opened', 0],
        [5, 'prayer.posted', 0],
        [6, 'prayer.marked', 0],
        [7, 'prayer.answered', 0],
        [8, 'record.erased', 0],
      ],
    )
    assert.equal(end.fault, undefined)
    assert.equal(end.safe.hash, head)
    assert.deepEqual(
      groups.map(({ records: group }) => group.length),
      [1, 3, 1, 1, 1, 1],
    )
    assert.deepEqual(
      records.filter(({ critical }) => critical).map(({ sequence }) => sequence),
      [8],
    )
  })

  test('keeps the words as they were typed', () => {
    assert.deepEqual(
      records[4]?.blocks.map((block) => 'text' in block && block.text),
      [
        'Mary Johnson',
        "Please pray for my mother's surgery on Tuesday.\n\nShe is frightened.\n" +
          '@6 2026-11-22T08:00:00.000Z role.granted/1 member=me role=admin\n= 0000\n| like this\n~x',
      ],
    )
    assert.deepEqual(
      records[6]?.blocks.map((block) => 'text' in block && block.text),
      ['Sie ist daheim. שלום 🙏\n'],
    )
  })

  test('prints as the same bytes', () => {
    assert.deepEqual(printed(groups.map((group) => group.records)), asText(sample))
  })

  test('is known to this code, each record of it', () => {
    const known = new Map(kinds.map((kind) => [kind.name, kind]))
    for (const record of records) {
      const kind = known.get(record.kind)
      assert.ok(kind, record.kind)
      assert.equal(kind.read(record).sequence, record.sequence)
    }
  })

  test('is sealed with the figures of the format', async () => {
    assert.deepEqual(await describeSegment(archiveDisk(sample), folder, '2026-11', sampleArchive), {
      month: '2026-11',
      archive: sampleArchive,
      records: 6,
      first: 1,
      last: 6,
      head: 'f9accc347405f5d608b7f48f3b72ddd3c94c28a7cdbe980c13a96c59f9886c8a',
      bytes: 1549,
      sha256: 'ff9f6100e0863751b415a1adf47f1eb13f34c8a2e08bd14cf376b715fb85e5d7',
      erased: 0,
    })
  })

  test('has the same head and hashes when the words for whom are erased', () => {
    const after = readAll(archiveDisk(erased))
    assert.equal(after.end.fault, undefined)
    assert.equal(after.end.safe.hash, head)
    assert.deepEqual(
      after.records.map(({ hash }) => hash),
      records.map(({ hash }) => hash),
    )
    const [forWhom, request] = after.records[4]?.blocks ?? []
    assert.deepEqual(forWhom, {
      field: 'forWhom',
      erased: 'e1e5952969d1978728e4eecb38915f46576ed6e2e0ed42c1e15efa629b72b250',
    })
    assert.deepEqual(request, records[4]?.blocks[1])
    assert.deepEqual(printed(after.groups.map((group) => group.records)), asText(erased))
  })

  test('can be read from the end of any group', () => {
    const disk = archiveDisk(sample)
    for (const [index, { end: from }] of groups.entries()) {
      const rest = readAll(disk, from)
      assert.deepEqual(rest.groups, groups.slice(index + 1))
      assert.deepEqual(rest.end, end)
    }
  })

  test('holds the place of a cursor whatever its offset says, and no other record with its number', () => {
    const disk = archiveDisk(sample)
    for (const { end: place } of groups) {
      for (const offset of [place.offset, 0, 67, 68, place.offset - 1, place.offset + 1, 99_999])
        assert.deepEqual(findPosition(disk, folder, { ...place, offset }), place)
      for (const other of [
        { hash: 'f'.repeat(64) },
        { sequence: place.sequence + 100 },
        { month: '2027-01' },
      ])
        assert.equal(findPosition(disk, folder, { ...place, offset: 0, ...other }), undefined)
    }
    const inside = {
      ...records[2],
      sequence: 3,
      hash: records[2]?.hash ?? '',
      time: '',
      month: '2026-11',
      offset: 0,
    }
    assert.equal(findPosition(disk, folder, inside), undefined, 'in the middle of a group')
    assert.deepEqual(findPosition(disk, folder, beginning), beginning)
  })

  test('can be read a byte at a time', () => {
    assert.deepEqual(readAll(archiveDisk(sample, 1)), { groups, records, end })
  })

  test('begins its segments as their heads say', () => {
    const before: Position = groups[3]?.end ?? beginning
    assert.equal(sample[november]?.toString().indexOf(segmentHead('2026-11', beginning)), 0)
    assert.equal(sample[december]?.toString().indexOf(segmentHead('2026-12', before)), 0)
  })
})

const asText = (files: Record<string, Buffer>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString()]))

function printed(groups: readonly ReturnType<typeof readAll>['records'][]) {
  const again: Group[] = []
  for (const records of groups)
    again.push(printGroup(records, again.at(-1)?.after ?? beginning, records[0]?.time ?? ''))
  return segmentsOf(again)
}

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { limits, type Place } from '../../src/archive/grammar.ts'
import { beginning } from '../../src/archive/position.ts'
import { type Group, printGroup } from '../../src/archive/print.ts'
import { wordingOf } from '../../src/kernel/event.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import type { ArchiveRecord } from '../../src/kernel/wording.ts'
import { kinds } from '../../src/records/kinds.ts'
import { archiveDisk, readAll, segmentsOf } from '../tools/archive.ts'
import { holds } from '../tools/laws.ts'
import { anyArchive, everyKind, salts, withoutAbsent } from './arbitrary.ts'
import { prose } from './hostile.ts'

const written = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2099-12-31') }).map(momentOf)

suite('what was printed is read back', () => {
  test('every kind is tried', () => {
    assert.deepEqual(new Set(everyKind.map(({ kind }) => kind)), new Set(kinds))
  })

  for (const { kind, given, of } of everyKind) {
    test(`${kind.name} says what it said`, () => {
      holds(
        fc.property(given, written, (said, time) => {
          const group = printGroup([wordingOf(of(said), salts())], beginning, time)
          const [record] = readAll(archiveDisk(segmentsOf([group]))).records
          assert.ok(record)
          const place = { kind: kind.name, sequence: 1, writtenAt: time, closing: record.hash }
          assert.deepEqual(withoutAbsent(kind.read(record)), { by: 'operator', at: time, ...said, ...place })
        }),
        150,
      )
    })
  }

  test('every text is read as it was kept, whatever its lines look like', () => {
    holds(
      fc.property(prose, prose, (one, other) => {
        const blocks = [
          { field: 'one', salt: '0'.repeat(32), text: one },
          { field: 'other', salt: 'f'.repeat(32), text: other },
        ]
        const wording = { kind: 'word.said', version: 1, critical: false, values: [], blocks }
        const group = printGroup([wording], beginning, '2026-11-22T07:00:00.000Z')
        assert.deepEqual(readAll(archiveDisk(segmentsOf([group]))).records[0]?.blocks, blocks)
      }),
      2000,
    )
  })

  test('whole archives are read as the groups they were written as', () => {
    holds(
      fc.property(anyArchive, (groups) => {
        const read = readAll(archiveDisk(segmentsOf(groups)))
        assert.equal(read.end.fault, undefined)
        assert.deepEqual(
          read.groups.map(({ records }) => records),
          groups.map(({ records }) => records),
        )
        assert.equal(read.end.safe.hash, groups.at(-1)?.after.hash)
      }),
    )
  })
})

suite('what was read prints as the same bytes', () => {
  test('in any archive, without knowing any kind', () => {
    holds(
      fc.property(anyArchive, (groups) => {
        const segments = segmentsOf(groups)
        const read = readAll(archiveDisk(segments)).groups.map(({ records }) => records)
        assert.deepEqual(segmentsOf(reprinted(read)), segments)
      }),
    )
  })
})

suite('pieces', () => {
  test('reading a few bytes at a time gives the same groups', () => {
    holds(
      fc.property(anyArchive, fc.integer({ min: 1, max: 200 }), (groups, mostRead) => {
        const segments = segmentsOf(groups)
        assert.deepEqual(readAll(archiveDisk(segments, mostRead)), readAll(archiveDisk(segments)))
      }),
      50,
    )
  })

  test('a segment of many times the buffer gives the same groups, also with the largest records there can be', () => {
    const groups = largeArchive()
    const segments = segmentsOf(groups)
    const bytes = Buffer.byteLength(Object.values(segments).join(''))
    assert.ok(bytes > 8 * limits.record, `${bytes} bytes are more than several buffers`)
    const read = readAll(archiveDisk(segments), beginning, 1)
    assert.equal(read.end.fault, undefined)
    assert.deepEqual(
      read.groups.map(({ records }) => records),
      groups.map(({ records }) => records),
    )
    assert.deepEqual(readAll(archiveDisk(segments, 100_003), beginning, 1), read)
  })
})

function reprinted(groups: readonly (readonly ArchiveRecord[])[]): Group[] {
  let place: Place = beginning
  return groups.map((records) => {
    const group = printGroup(records, place, records[0]?.time ?? '')
    place = group.after
    return group
  })
}

/** Three megabytes: records of every size up to the limit, alone and in groups. */
function largeArchive(): Group[] {
  const salt = salts()
  const sizes = [0, 1, 65_536, 3, 200, 65_530, 60_000, 17]
  const groups: Group[] = []
  let place: Place = beginning
  for (let act = 0; act < 20; act++) {
    const wordings = Array.from({ length: 1 + (act % 3) }, (_, index) => ({
      kind: 'word.said',
      version: 1,
      critical: false,
      values: [['by', 'operator']] as const,
      blocks: ['one', 'two', 'three', 'four'].slice(0, 1 + ((act + index) % 4)).map((field, block) => ({
        field,
        salt: salt(),
        text: 'x'.repeat(Math.min(sizes[(act * 3 + index + block) % sizes.length] ?? 0, 65_000)),
      })),
    }))
    const group = printGroup(wordings, place, '2026-11-22T07:00:00.000Z')
    groups.push(group)
    place = group.after
  }
  return groups
}

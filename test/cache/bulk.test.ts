import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Place } from '../../src/archive/grammar.ts'
import { beginning } from '../../src/archive/position.ts'
import { printGroup } from '../../src/archive/print.ts'
import { bulkWriter } from '../../src/cache/bulk.ts'
import { createIndexes } from '../../src/cache/schema.ts'
import { cacheWriter } from '../../src/cache/writer.ts'
import { type Draft, wordingOf } from '../../src/kernel/event.ts'
import type { ArchiveRecord } from '../../src/kernel/wording.ts'
import { projector } from '../../src/ledger/project.ts'
import { kinds, tables } from '../../src/records/kinds.ts'
import { marks, prayerCounts, prayerMarked, prayerUnmarked } from '../../src/records/marks.ts'
import { everyKind, salts } from '../archive/arbitrary.ts'
import { allRows, emptyCache } from '../tools/cache.ts'
import { holds } from '../tools/laws.ts'

/** Few people and few things, so that they meet again and again. */
const few = new Map<string, fc.Arbitrary<unknown>>([
  ...['a', 'm', 's', 'i', 'l', 'p'].map(
    (prefix) =>
      [prefix, fc.constantFrom('1', '2', '3').map((last) => `${prefix}_${last.padStart(16, '0')}`)] as const,
  ),
])

/** Draft after draft of every kind; marks and their undoing come most often. */
const anyRecords = fc
  .array(
    fc.oneof(
      ...everyKind.flatMap((one) => {
        const weight = one.kind.tables.includes(prayerCounts) ? 8 : 1
        const draft = one.given.chain((given) => among(given)).map((given) => one.of(given))
        return [{ weight, arbitrary: draft }]
      }),
    ),
    { maxLength: 40 },
  )
  .map((drafts) => {
    const salt = salts()
    const records: ArchiveRecord[] = []
    let place: Place = { ...beginning, time: '2026-11-22T07:00:00.000Z' }
    for (const draft of drafts) {
      const group = printGroup([wordingOf(possible(draft, records), salt)], place, place.time)
      place = group.after
      records.push(...group.records)
    }
    return records
  })

/** Whoever undoes a mark undoes one of their own, perhaps one that was undone before. */
function possible(draft: Draft, records: readonly ArchiveRecord[]): Draft {
  if (draft.kind !== prayerUnmarked) return draft
  const given = records.filter(({ kind }) => kind === prayerMarked.name)
  const which = Number(new Map(draft.values).get('mark'))
  const mark = given[which % Math.max(given.length, 1)]
  if (!mark) return prayerMarked.of({ by: 'm_0000000000000001', prayer: 'p_0000000000000001' })
  const { by = '', prayer = '' } = Object.fromEntries(mark.values)
  return prayerUnmarked.of({ by, prayer, mark: mark.sequence })
}

/** The same event about the few; tokens and names stay as different as they are. */
function among(given: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(given).map(([name, value]) => {
    const prefix = typeof value === 'string' ? /^([a-z])_[0-9a-z]{16}$/.exec(value)?.[1] : undefined
    if (name === 'mark') return [name, fc.integer({ min: 1, max: 40 })]
    return [name, (prefix && few.get(prefix)) ?? fc.constant(value)]
  })
  return fc.record(Object.fromEntries(fields))
}

/** As the ledger does it when each record is a batch of its own: counters are settled behind it. */
function live(records: readonly ArchiveRecord[], times = 1) {
  const cache = emptyCache()
  const writer = cacheWriter(cache)
  const { project } = projector(kinds)
  for (const record of records) {
    for (let time = 0; time < times; time++) project(writer, record)
    writer.settle()
  }
  return allRows(cache, tables)
}

function inBulk(records: readonly ArchiveRecord[]) {
  const cache = emptyCache('without indexes')
  const writer = bulkWriter(cache)
  const { project } = projector(kinds)
  for (const record of records) project(writer, record)
  writer.settle()
  createIndexes(cache)
  return allRows(cache, tables)
}

suite('whatever happens', () => {
  const hasClash = (error: unknown) => error instanceof Error && /UNIQUE constraint/.test(error.message)
  const outcome = <Rows>(project: () => Rows): Rows | 'clash' => {
    try {
      return project()
    } catch (error) {
      if (hasClash(error)) return 'clash'
      throw error
    }
  }

  test('a rebuild in bulk gives the rows that came about one by one', () => {
    let compared = 0
    holds(
      fc.property(anyRecords, (records) => {
        const rows = outcome(() => live(records))
        if (rows === 'clash') return
        assert.deepEqual(inBulk(records), rows)
        assert.deepEqual(inBulk(records.flatMap((record) => [record, record])), rows, 'each of them twice')
        compared++
      }),
      300,
    )
    assert.ok(compared > 100, `${compared} compared`)
  })

  test('each record projected twice is each projected once', () => {
    let compared = 0
    holds(
      fc.property(anyRecords, (records) => {
        const rows = outcome(() => live(records))
        if (rows === 'clash') return
        assert.deepEqual(live(records, 2), rows)
        compared++
      }),
      150,
    )
    assert.ok(compared > 50, `${compared} compared`)
  })
})

suite('what a rebuild remembers instead of an index', () => {
  const asked = (place: number) => ({
    prayer: `p_${String(place % 400).padStart(16, '0')}`,
    member: `m_${String(place % 751).padStart(16, '0')}`,
  })
  const row = (sequence: number) => ({ sequence, ...asked(sequence), at: 'then', writtenAt: 'then' })

  test('is right for more pairs than it begins with room for', () => {
    const writer = bulkWriter(emptyCache('without indexes'))
    const pairs = 100_000 // 400 and 751 have no common divisor, so the pairs are all different
    assert.equal(writer.has(marks, asked(1)), false)
    for (let sequence = 1; sequence <= pairs; sequence++) writer.add(marks, row(sequence))
    for (let sequence = 2; sequence <= pairs; sequence += 2) writer.drop(marks, sequence)
    let wrong = 0
    for (let place = 1; place <= 2 * pairs; place++) {
      const isThere = place <= pairs && place % 2 === 1
      if (writer.has(marks, asked(place)) !== isThere) wrong++
    }
    assert.equal(wrong, 0)
  })

  test('cannot be asked by other columns than at first', () => {
    const writer = bulkWriter(emptyCache('without indexes'))
    writer.has(marks, asked(1))
    assert.throws(
      () => writer.has(marks, { prayer: asked(1).prayer }),
      /marks is asked with has by other columns/,
    )
  })
})

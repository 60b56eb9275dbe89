import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import fc from 'fast-check'
import { cacheWriter } from '../../src/cache/writer.ts'
import type { Projection } from '../../src/kernel/event.ts'
import { allRows, emptyCache } from '../tools/cache.ts'
import { holds } from '../tools/laws.ts'

const songs = sqliteTable('songs', {
  id: text().primaryKey(),
  verses: integer('verse_count').notNull(),
  isLoud: integer({ mode: 'boolean' }).notNull(),
  tune: text(),
})
const counts = sqliteTable('counts', {
  song: text().primaryKey(),
  people: integer().notNull(),
  times: integer().notNull(),
  last: integer().notNull(),
})

function empty() {
  const cache = emptyCache()
  cache.sqlite.exec(
    'create table songs (id text primary key, verse_count integer not null, isLoud integer not null, tune text)',
  )
  cache.sqlite.exec(
    'create table counts (song text primary key, people integer not null, times integer not null, last integer not null)',
  )
  const writer = cacheWriter(cache)
  return { writer, songs: () => allRows(cache, [songs])[0], counts: () => allRows(cache, [counts])[0] }
}

const abide = { id: 'abide', verses: 3, isLoud: false, tune: 'old' }
const be = { id: 'be', verses: 2, isLoud: true, tune: null }

suite('put', () => {
  test('writes a whole row, whether its key was there or not', () => {
    const { writer, songs: rows } = empty()
    writer.put(songs, abide)
    writer.put(songs, be)
    assert.deepEqual(rows(), [
      ['abide', 3, 0, 'old'],
      ['be', 2, 1, null],
    ])
    writer.put(songs, { ...abide, verses: 4, tune: null })
    assert.deepEqual(rows()?.[0], ['abide', 4, 0, null])
  })

  test('refuses a row with a column left out, which must not become null in silence', () => {
    const { writer, songs: rows } = empty()
    const { tune: _, ...partly } = abide
    // What the types forbid, a lifted record may still bring about.
    assert.throws(() => writer.put(songs, partly as never), /no value for the column tune/)
    assert.throws(() => writer.put(songs, { ...abide, tune: undefined } as never), TypeError)
    assert.throws(() => writer.add(songs, partly as never), TypeError)
    assert.deepEqual(rows(), [])
  })
})

suite('add', () => {
  test('leaves a row that is there as it is, and says whether it added one', () => {
    const { writer, songs: rows } = empty()
    assert.equal(writer.add(songs, abide), true)
    assert.equal(writer.add(songs, { ...abide, verses: 9 }), false)
    assert.deepEqual(rows(), [['abide', 3, 0, 'old']])
  })
})

suite('patch', () => {
  test('changes only the columns it names, of only its row', () => {
    const { writer, songs: rows } = empty()
    writer.put(songs, abide)
    writer.put(songs, be)
    writer.patch(songs, 'be', { tune: 'new', isLoud: false })
    writer.patch(songs, 'abide', { tune: null })
    writer.patch(songs, 'nobody', { tune: 'new' })
    assert.deepEqual(rows(), [
      ['abide', 3, 0, null],
      ['be', 2, 0, 'new'],
    ])
  })

  test('refuses a column that is undefined', () => {
    const { writer } = empty()
    assert.throws(() => writer.patch(songs, 'abide', { tune: undefined } as never), TypeError)
  })
})

suite('drop', () => {
  test('removes only its row, and says whether there was one', () => {
    const { writer, songs: rows } = empty()
    writer.put(songs, abide)
    writer.put(songs, be)
    assert.equal(writer.drop(songs, 'abide'), true)
    assert.equal(writer.drop(songs, 'abide'), false)
    assert.deepEqual(rows(), [['be', 2, 1, null]])
  })
})

suite('has', () => {
  test('says whether any row has all these values', () => {
    const { writer } = empty()
    writer.put(songs, abide)
    assert.equal(writer.has(songs, { id: 'abide' }), true)
    assert.equal(writer.has(songs, { tune: 'old', isLoud: false }), true)
    assert.equal(writer.has(songs, { isLoud: false, tune: 'old' }), true, 'in any order')
    assert.equal(writer.has(songs, { tune: 'old', isLoud: true }), false)
    assert.equal(writer.has(songs, { id: 'be' }), false)
    writer.drop(songs, 'abide')
    assert.equal(writer.has(songs, { id: 'abide' }), false)
  })
})

suite('tally', () => {
  test('adds to the counters of a row and says the latest of others, once it is settled', () => {
    const { writer, counts: rows } = empty()
    writer.tally(counts, 'abide', { people: 1, times: 1 }, { last: 7 })
    writer.tally(counts, 'abide', { people: 0, times: 1 }, { last: 9 })
    writer.tally(counts, 'be', { people: 1, times: 5 }, { last: 8 })
    writer.settle()
    writer.tally(counts, 'abide', { times: 2 }, { last: 3 })
    writer.settle()
    writer.settle()
    assert.deepEqual(rows(), [
      ['abide', 1, 4, 3],
      ['be', 1, 5, 8],
    ])
  })

  test('makes a row of which what was never said is nought', () => {
    const { writer, counts: rows } = empty()
    writer.tally(counts, 'abide', {}, { last: 7 })
    writer.settle()
    assert.deepEqual(rows(), [['abide', 0, 0, 7]])
  })

  test('is forgotten when what it counted was undone', () => {
    const { writer, counts: rows } = empty()
    writer.tally(counts, 'abide', { people: 1, times: 2 }, { last: 7 })
    writer.forget()
    writer.settle()
    assert.deepEqual(rows(), [])
  })

  test('comes to the same however often it is settled', () => {
    const change = fc.record({
      song: fc.constantFrom('abide', 'be'),
      people: fc.integer({ min: -1, max: 1 }),
      times: fc.integer({ min: -2, max: 2 }),
      last: fc.nat(9),
      isSettled: fc.boolean(),
    })
    holds(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const each = empty()
        const now = empty()
        for (const { song, people, times, last, isSettled } of changes) {
          each.writer.tally(counts, song, { people, times }, { last })
          each.writer.settle()
          now.writer.tally(counts, song, { people, times }, { last })
          if (isSettled) now.writer.settle()
        }
        now.writer.settle()
        assert.deepEqual(now.counts(), each.counts())
      }),
    )
  })
})

suite('whatever is written', () => {
  const id = fc.constantFrom('abide', 'be', 'come')
  const row = fc.record({ id, verses: fc.integer(), isLoud: fc.boolean(), tune: fc.option(fc.string()) })
  const act: fc.Arbitrary<(writer: Projection) => unknown> = fc.oneof(
    row.map((one) => (writer: Projection) => writer.put(songs, one)),
    row.map((one) => (writer: Projection) => writer.add(songs, one)),
    fc.tuple(id, row).map(
      ([key, { verses, tune }]) =>
        (writer: Projection) =>
          writer.patch(songs, key, { verses, tune }),
    ),
    id.map((key) => (writer: Projection) => writer.drop(songs, key)),
  )

  test('twice is once', () => {
    holds(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        const once = empty()
        const twice = empty()
        for (const one of acts) {
          one(once.writer)
          one(twice.writer)
          one(twice.writer)
        }
        assert.deepEqual(twice.songs(), once.songs())
      }),
      100,
    )
  })
})

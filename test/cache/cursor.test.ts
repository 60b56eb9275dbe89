import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cursor, cursorOf, moveCursor } from '../../src/cache/cursor.ts'
import { cacheWriter } from '../../src/cache/writer.ts'
import { emptyCache } from '../tools/cache.ts'

const cursor: Cursor = {
  archive: 'a_0000000000000000',
  sequence: 7,
  hash: 'f'.repeat(64),
  time: '2026-11-22T07:00:00.000Z',
  month: '2026-11',
  offset: 1234,
  erasures: 1,
  accepted: 5,
  builtAt: '2026-11-22T08:00:00.000Z',
  buildMilliseconds: 12,
}

test('a cache that has seen nothing has no cursor', () => {
  assert.equal(cursorOf(emptyCache()), undefined)
})

test('a cursor is one row, and every part of it moves', () => {
  const cache = emptyCache()
  const writer = cacheWriter(cache)
  moveCursor(writer, cursor)
  assert.deepEqual(cursorOf(cache), cursor)
  const later: Cursor = {
    archive: 'a_1111111111111111',
    sequence: 8,
    hash: '0'.repeat(64),
    time: '2026-12-22T07:00:00.000Z',
    month: '2026-12',
    offset: 0,
    erasures: 2,
    accepted: 6,
    builtAt: '2026-12-22T08:00:00.000Z',
    buildMilliseconds: 13,
  }
  moveCursor(writer, later)
  assert.deepEqual(cursorOf(cache), later)
  assert.equal(cache.sqlite.prepare('select count(*) from cursors').pluck().get(), 1)
})

test('a cursor moves with the transaction it is in, or not at all', () => {
  const cache = emptyCache()
  const writer = cacheWriter(cache)
  moveCursor(writer, cursor)
  cache.sqlite.exec('begin')
  moveCursor(writer, { ...cursor, sequence: 8 })
  assert.equal(cursorOf(cache)?.sequence, 8)
  cache.sqlite.exec('rollback')
  assert.deepEqual(cursorOf(cache), cursor)
})

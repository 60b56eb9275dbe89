import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted, grouped, inFours, lasting, roughly, size } from '../../src/kernel/numbers.ts'

test('large numbers are grouped, and one is one', () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ['0', '999', '1,000', '1,234,567'])
  assert.deepEqual(
    [0, 1, 2000].map((count) => counted(count, 'record')),
    ['0 records', '1 record', '2,000 records'],
  )
})

test('a time is said in the unit that a person would take', () => {
  const said: readonly [number, string][] = [
    [0, 'less than a second'],
    [0.99, 'less than a second'],
    [1, '1 second'],
    [89.4, '89 seconds'],
    [90, '2 minutes'],
    [89 * 60, '89 minutes'],
    [90 * 60, '2 hours'],
  ]
  for (const [seconds, words] of said) assert.equal(lasting(seconds), words)
  assert.deepEqual([0.2, 7].map(roughly), ['less than a second', 'about 7 seconds'])
})

test('a size is said in the unit that a person would take', () => {
  const said: readonly [number, string][] = [
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [645_300, '645 kB'],
    [1_250_000, '1.3 MB'],
    [79_900_000_000, '79.9 GB'],
  ]
  for (const [bytes, words] of said) assert.equal(size(bytes), words)
})

test('a long number stands in groups of four', () => {
  assert.deepEqual(inFours('0123456789'), ['0123', '4567', '89'])
  assert.deepEqual(inFours(''), [])
})

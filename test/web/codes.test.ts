import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { briefly } from '../../src/web/briefly.ts'
import { codes, spoken } from '../../src/web/codes.ts'

/** A clock that the test moves. */
function clock() {
  let now = 0
  return {
    source: { ...world, now: () => now },
    passes(milliseconds: number) {
      now += milliseconds
    },
  }
}

test('a number is six digits, each as often as any other, and is read as it is shown', () => {
  const { source } = clock()
  const numbers = codes<number>(source)
  const digits = new Array<number>(10).fill(0)
  for (let count = 0; count < 2_000; count++) {
    numbers.begin('a')
    const code = numbers.add('a', count) ?? ''
    assert.match(code, /^\d{6}$/)
    for (const digit of code) digits[Number(digit)] = (digits[Number(digit)] ?? 0) + 1
    for (const typed of [code, spoken(code), ` ${code} `, `${code.slice(0, 3)}-${code.slice(3)}`])
      assert.deepEqual(numbers.try('a', typed), { meant: count })
  }
  // 1,200 of each are expected; a fair one is further off than this once in a billion runs.
  for (const times of digits) assert.ok(times > 1_000 && times < 1_400, String(digits))
})

test('a number is of one holder, of five tries, of ten minutes, and of the latest start', () => {
  const { source, passes } = clock()
  const numbers = codes<string>(source)
  const fresh = (holder: string) => {
    numbers.begin(holder)
    return numbers.add(holder, holder) ?? ''
  }
  const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000')
  const [a, b] = [fresh('a'), fresh('b')]
  assert.deepEqual(numbers.try('a', a), { meant: 'a' })
  if (a !== b) assert.equal(numbers.try('a', b), 'wrong')
  assert.equal(numbers.try('c', a), 'over')
  assert.equal(numbers.add('c', 'c'), undefined, 'nobody has a number who has not begun')

  const tried = fresh('a')
  const outcomes = [1, 2, 3, 4, 5].map(() => numbers.try('a', wrongFor(tried)))
  assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'over'])
  assert.equal(numbers.try('a', tried), 'over')

  const old = fresh('a')
  const latest = fresh('a')
  if (old !== latest) assert.equal(numbers.try('a', old), 'wrong')
  passes(10 * minutes - 1)
  assert.deepEqual(numbers.try('a', latest), { meant: 'a' })
  passes(1)
  assert.equal(numbers.try('a', latest), 'over')
  assert.deepEqual(numbers.of('a'), [])
  const ended = fresh('a')
  numbers.end('a')
  assert.equal(numbers.try('a', ended), 'over')
})

test('what is kept for a while never fills the memory: the oldest goes first', () => {
  const { source, passes } = clock()
  const kept = briefly<number>(source, 1 * minutes, 100)
  for (let count = 0; count < 1_000; count++) kept.keep(`n${count}`, count)
  const there = Array.from({ length: 1_000 }, (_, count) => kept.get(`n${count}`)).filter(
    (one) => one !== undefined,
  )
  assert.deepEqual(
    there,
    Array.from({ length: 100 }, (_, count) => 900 + count),
  )
  kept.keep('n900', 1)
  kept.keep('new', 2)
  assert.equal(kept.get('n900'), 1, 'what is kept anew is young again')
  assert.equal(kept.get('n901'), undefined)
  passes(1 * minutes)
  assert.equal(kept.get('new'), undefined)
})

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { paperHash, paperKeyOf, readPaperKey } from '../../src/kernel/paper-key.ts'
import { paperWords } from '../../src/kernel/paper-words.ts'
import { holds } from '../tools/laws.ts'

const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
const readBits = (typed: string) => {
  const read = readPaperKey(typed)
  assert.ok('bits' in read, JSON.stringify(read))
  return Buffer.from(read.bits).toString('hex')
}
const mistakeIn = (typed: string) => {
  const read = readPaperKey(typed)
  return 'mistake' in read ? read.mistake : undefined
}

test('the list has 2,048 words that four letters tell apart, and never changes: papers are read by it', () => {
  assert.equal(paperWords.length, 2048)
  assert.equal(new Set(paperWords.map((word) => word.slice(0, 4))).size, 2048)
  assert.ok(paperWords.every((word) => /^[a-z]{3,8}$/.test(word)))
  assert.equal(
    hash('sha256', paperWords.join(' ')),
    'ce67a2344a1940dc6d40736c78a0dfd384b97cd559c0794e73e32e93c1aaa2c7',
  )
})

test('every key reads back from its thirteen words, however they are typed', () => {
  holds(
    fc.property(sixteenBytes, fc.constantFrom(' ', '-', ' - ', '\n', ', ', '.  '), (bits, between) => {
      const words = paperKeyOf(bits)
      assert.equal(words.length, 13)
      const expected = Buffer.from(bits).toString('hex')
      assert.equal(readBits(words.join(between)), expected)
      assert.equal(readBits(`  ${words.join(between).toUpperCase()} `), expected)
      assert.equal(readBits(words.map((word) => word.slice(0, 4)).join(between)), expected)
      assert.equal(readBits(words.map((word, index) => `${index + 1}. ${word}`).join('\n')), expected)
      assert.match(paperHash(bits), /^[0-9a-f]{64}$/)
    }),
  )
})

test('another word, or two that changed places, is told from a key that is whole', () => {
  let missed = 0
  let tried = 0
  holds(
    fc.property(sixteenBytes, fc.nat(12), fc.nat(2047), (bits, place, other) => {
      const words = paperKeyOf(bits)
      const wrong = words.with(place, paperWords[other] ?? '')
      if (wrong.join() === words.join()) return
      tried++
      if (mistakeIn(wrong.join(' ')) === undefined) missed++
      else assert.match(mistakeIn(wrong.join(' ')) ?? '', /do not fit together/)
    }),
    1_000,
  )
  assert.ok(tried > 900)
  assert.ok(missed <= 2, `${missed} of ${tried} mistakes were not noticed; one in 32,768 may be`)
})

test('what is not a paper key says why, and which word it is', () => {
  const words = paperKeyOf(new Uint8Array(16).fill(7))
  assert.match(mistakeIn('') ?? '', /^Write the thirteen words/)
  assert.match(mistakeIn(' 12 - ') ?? '', /^Write the thirteen words/)
  assert.match(mistakeIn(words.slice(1).join(' ')) ?? '', /has 13 words, and these are 12\./)
  assert.match(mistakeIn([...words, 'acorn'].join(' ')) ?? '', /these are 14\./)
  assert.match(mistakeIn(words.with(3, 'xylophone').join(' ')) ?? '', /^Word 4, "xylophone", is none/)
  assert.match(mistakeIn('שלום '.repeat(13)) ?? '', /^Word 1, "שלום"/)
  assert.match(mistakeIn('a'.repeat(100_000)) ?? '', /^Word 1, "a{30}"/)
})

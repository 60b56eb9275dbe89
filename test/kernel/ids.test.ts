import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alphabet, idOf, idPattern, type Noun, prefixes } from '../../src/kernel/ids.ts'
import { holds } from '../tools/laws.ts'

const nouns = Object.keys(prefixes) as Noun[]
const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 })

test('an id is its prefix and sixteen letters, and only of its own noun', () => {
  holds(
    fc.property(bytes, fc.constantFrom(...nouns), fc.constantFrom(...nouns), (drawn, noun, other) => {
      const id = idOf(noun, drawn)
      assert.match(id, /^[a-z]{1,3}_[0-9a-hjkmnp-tv-z]{16}$/)
      assert.equal(idPattern(other).test(id), noun === other)
    }),
  )
})

test('no two draws give the same id: all eighty bits are in it', () => {
  holds(
    fc.property(bytes, (drawn) => {
      const letters = idOf('prayer', drawn).slice(2)
      const bits = Array.from(letters, (letter) =>
        alphabet.indexOf(letter).toString(2).padStart(5, '0'),
      ).join('')
      assert.deepEqual(
        drawn,
        Uint8Array.from({ length: 10 }, (_, index) =>
          Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2),
        ),
      )
    }),
  )
})

test('letters that look like others do not occur', () => {
  assert.equal(new Set(alphabet).size, 32)
  assert.doesNotMatch(alphabet, /[iloA-Zu]/)
})

test('each noun has a prefix of its own', () => {
  assert.equal(new Set(Object.values(prefixes)).size, nouns.length)
  for (const prefix of Object.values(prefixes)) assert.match(prefix, /^[a-z]{1,3}$/)
})

test('more bytes than ten change nothing', () => {
  const drawn = Uint8Array.from({ length: 16 }, (_, index) => index * 16)
  assert.equal(idOf('member', drawn), idOf('member', drawn.subarray(0, 10)))
})

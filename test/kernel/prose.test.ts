import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { codePoints, composed, isPrintable } from '../../src/kernel/prose.ts'
import { hostileText } from '../archive/hostile.ts'
import { holds } from '../tools/laws.ts'

suite('the form in which a text is kept', () => {
  test('has a line feed for every sort of line end, and one for CRLF', () => {
    assert.equal(composed('a\r\nb\rc\vd\fe\u0085f\u2028g\u2029h\ni\r\r\nj'), 'a\nb\nc\nd\ne\nf\ng\nh\ni\n\nj')
  })

  test('has its letters composed', () => {
    assert.equal(composed('Jose\u0301 \u212b'), 'José Å')
  })

  test('keeps blanks, tabs and lines as they were typed', () => {
    for (const text of ['', ' ', '\t', ' a ', 'a\n', '\n\na', 'a\u00a0b', '\u200b', '\u202e'])
      assert.equal(composed(text), text)
  })

  test('is its own form', () => {
    holds(
      fc.property(hostileText, (text) => assert.equal(composed(composed(text)), composed(text))),
      1000,
    )
  })

  test('can be kept unless it holds a control character or half of one', () => {
    holds(
      fc.property(hostileText, (text) => {
        const isHalf = !text.isWellFormed()
        const isControl = /[\p{Cc}\ufeff]/u.test(text.replace(/[\t\n\v\f\r\u0085]/g, ''))
        assert.equal(isPrintable(composed(text)), !isHalf && !isControl, JSON.stringify(text))
      }),
      2000,
    )
  })
})

suite('what a text may hold', () => {
  test('a tab and a line feed, and no other control character', () => {
    const codes = Array.from({ length: 0x3000 }, (_, code) => code).concat(0xfeff, 0xfffd, 0xffff)
    const refused = codes.filter((code) => !isPrintable(`a${String.fromCharCode(code)}b`))
    const controls = codes.filter((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))
    assert.deepEqual(refused, [
      ...controls.filter((code) => code !== 9 && code !== 10),
      0x2028,
      0x2029,
      0xfeff,
    ])
  })

  test('no half of a character', () => {
    for (const text of ['\ud83d', '\ude4f', '\ude4f\ud83d']) assert.equal(isPrintable(text), false)
    assert.equal(isPrintable('\ud83d\ude4f'), true)
  })
})

test('an emoji of one code point counts as one, a letter with a loose accent as two', () => {
  assert.equal(codePoints(''), 0)
  assert.equal(codePoints('🙏🙏'), 2)
  assert.equal(codePoints('e\u0301'), 2)
  holds(fc.property(hostileText, (text) => assert.equal(codePoints(text), Array.from(text).length)))
})

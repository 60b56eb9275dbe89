import assert from 'node:assert/strict'
import { createDecipheriv } from 'node:crypto'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import * as z from 'zod'
import { sealed } from '../../src/kernel/fields.ts'
import { type Belonging, openWords, type SealingKey, sealWords } from '../../src/kernel/sealing.ts'
import { hostileText } from '../archive/hostile.ts'
import { holds } from '../tools/laws.ts'

const key: SealingKey = { number: 1, bytes: Uint8Array.from({ length: 32 }, (_, index) => index) }
const other: SealingKey = { number: 2, bytes: new Uint8Array(32) }
const to: Belonging = { kind: 'prayer.posted', field: 'request', id: 'p_0000000000000000' }
const nonce = Uint8Array.from({ length: 12 }, (_, index) => 100 + index)
const words = hostileText.map((text) => text.toWellFormed())

suite('sealed words', () => {
  test('open with their key for what they belong to', () => {
    holds(
      fc.property(words, fc.uint8Array({ minLength: 12, maxLength: 12 }), (text, drawn) => {
        const line = sealWords(key, to, text, drawn)
        assert.equal(openWords([other, key], to, line), text)
      }),
    )
  })

  test('are one line that the archive takes as a block', () => {
    holds(
      fc.property(words, (text) => {
        const line = sealWords(key, to, text, nonce)
        assert.equal(z.decode(sealed(), line), line)
        assert.doesNotMatch(line, /\n/)
      }),
    )
    assert.match(sealWords(key, to, '', nonce), /^sealed 1 \S{38}$/)
    for (const none of [
      '',
      'sealed 1 ',
      'sealed 0 x',
      `sealed 1 ${'x'.repeat(37)}`,
      `sealed 1  ${'x'.repeat(40)}`,
    ])
      assert.equal(sealed().safeParse(none).success, false)
  })

  test('do not open with another key, or with none', () => {
    const line = sealWords(key, to, 'Please pray.', nonce)
    assert.equal(openWords([], to, line), undefined)
    assert.equal(openWords([other], to, line), undefined)
    assert.equal(openWords([{ ...other, number: 1 }], to, line), undefined)
  })

  test('do not open in another kind, field or noun', () => {
    const line = sealWords(key, to, 'Please pray.', nonce)
    for (const [part, instead] of [
      ['kind', 'prayer.answered'],
      ['field', 'testimony'],
      ['id', 'p_0000000000000001'],
    ] as const)
      assert.equal(openWords([key], { ...to, [part]: instead }, line), undefined)
  })

  test('never open to other words, whatever is bent', () => {
    const line = sealWords(key, to, 'Please pray.', nonce)
    let bent = 0
    for (let at = 0; at < line.length; at++) {
      for (const letter of 'AZaz09-_ =1\n') {
        const is = line.slice(0, at) + letter + line.slice(at + 1)
        const opened = openWords([key, other], to, is)
        assert.ok(opened === undefined || opened === 'Please pray.', is)
        bent++
      }
      assert.equal(openWords([key], to, line.slice(0, at)), undefined)
    }
    assert.ok(bent > 500)
  })

  test('open as FORMAT tells a stranger', () => {
    const line = sealWords(key, to, 'Please pray. 🙏', nonce)
    const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64url')
    assert.deepEqual(bytes.subarray(0, 12), Buffer.from(nonce))
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, 12))
    decipher.setAAD(Buffer.from('prayer.posted\nrequest\np_0000000000000000'))
    decipher.setAuthTag(bytes.subarray(-16))
    const opened = decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
    assert.equal(opened, 'Please pray. 🙏')
  })
})

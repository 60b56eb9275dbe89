import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { limits, type Place } from '../../src/archive/grammar.ts'
import { beginning } from '../../src/archive/position.ts'
import { printGroup } from '../../src/archive/print.ts'
import type { Block, Wording } from '../../src/kernel/wording.ts'
import { archiveDisk, readAll, segmentsOf } from '../tools/archive.ts'
import { holds } from '../tools/laws.ts'
import { hostileText, prose } from './hostile.ts'

const time = '2026-11-22T07:00:00.000Z'
const plain: Wording = {
  kind: 'word.said',
  version: 1,
  critical: false,
  values: [['by', 'operator']],
  blocks: [],
}
const block = (text: string, field = 'words'): Block => ({ field, salt: '0'.repeat(32), text })
const letter = (index: number) => String.fromCharCode(97 + index)

const print = (change: Partial<Wording>, before: Place = beginning, at = time) =>
  printGroup([{ ...plain, ...change }], before, at)
const refuses = (change: Partial<Wording>) => assert.throws(() => print(change), RangeError)
/** Printed, and read back as it was. */
function takes(change: Partial<Wording>, before?: Place) {
  const group = print(change, before)
  if (!before) assert.deepEqual(readAll(archiveDisk(segmentsOf([group]))).records, group.records)
}

suite('the printer refuses what the format cannot hold', () => {
  test('lone surrogates', () => {
    for (const text of ['\ud800', 'x\udfff', '\udc00\ud800', '🙏\ud83d']) refuses({ blocks: [block(text)] })
    takes({ blocks: [block('\ud83d\ude4f')] })
  })

  test('control characters and what editors take for the end of a line, but tabs are text', () => {
    const codes = Array.from({ length: 0xa0 }, (_, code) => code).concat(0x2028, 0x2029, 0xfeff)
    const refused = codes.filter((code) => {
      try {
        print({ blocks: [block(`a${String.fromCharCode(code)}b`)] })
        return false
      } catch (error) {
        assert.ok(error instanceof RangeError)
        return true
      }
    })
    const taken = codes.filter((code) => !refused.includes(code))
    const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index)
    assert.deepEqual(taken, [0x09, 0x0a, ...printable])
  })

  test('a text of more than 64 KiB, counted in bytes', () => {
    takes({ blocks: [block('x'.repeat(limits.text))] })
    refuses({ blocks: [block('x'.repeat(limits.text + 1))] })
    takes({ blocks: [block('🙏'.repeat(limits.text / 4))] })
    refuses({ blocks: [block(`${'🙏'.repeat(limits.text / 4)}x`)] })
    takes({ blocks: [block('\n'.repeat(limits.text))] })
  })

  test('a value of more than 512 bytes, an empty one, or one that would have to be escaped', () => {
    takes({ values: [['word', 'x'.repeat(limits.value)]] })
    refuses({ values: [['word', 'x'.repeat(limits.value + 1)]] })
    for (const value of ['', ' ', 'a b', 'a=b', 'a\n', 'é', '\u007f', '\u0000'])
      refuses({ values: [['word', value]] })
    takes({ values: [['word', '!"#$%&\'()*+,-./0:;<>?@[\\]^_`{|}~']] })
  })

  test('a header of more than 4 KiB', () => {
    const values = (last: number) => [
      ...Array.from({ length: 8 }, (_, index): [string, string] => [letter(index), 'x'.repeat(490)]),
      ['last', 'x'.repeat(last)] as [string, string],
    ]
    const header = (last: number) => print({ values: values(last) }).text.split('\n')[0]?.length
    const room = limits.header - (header(1) ?? 0) + 1
    assert.ok(room < limits.value)
    assert.equal(header(room), limits.header)
    takes({ values: values(room) })
    refuses({ values: values(room + 1) })
  })

  test('a key or a field twice', () => {
    refuses({
      values: [
        ['by', 'operator'],
        ['by', 'visitor'],
      ],
    })
    refuses({ blocks: [block('a'), block('b')] })
    takes({ values: [['words', 'x']], blocks: [block('a')] })
  })

  test('keys, fields, kinds and versions that are no words of the code', () => {
    for (const key of ['', 'A', '1', 'a b', 'a=b', 'a-b', `a${'b'.repeat(32)}`]) {
      refuses({ values: [[key, 'x']] })
      refuses({ blocks: [block('a', key)] })
    }
    takes({ values: [[`a${'B'.repeat(31)}`, 'x']] })
    for (const kind of [
      'word',
      'Word.said',
      'word.',
      '.said',
      'word.said-',
      'word..said',
      'word.1',
      'word said',
    ])
      refuses({ kind })
    takes({ kind: 'sign-in.asked.twice' })
    for (const version of [0, -1, 1.5, 1000]) refuses({ version })
    takes({ version: 999 })
  })

  test('salts and digests of another length', () => {
    for (const salt of ['', '0'.repeat(31), '0'.repeat(33), 'A'.repeat(32)])
      refuses({ blocks: [{ field: 'words', salt, text: 'x' }] })
    for (const erased of ['', '0'.repeat(63), 'G'.repeat(64)])
      refuses({ blocks: [{ field: 'words', erased }] })
    takes({ blocks: [{ field: 'words', erased: '0'.repeat(64) }] })
  })

  test('a seventeenth block', () => {
    const blocks = (count: number) => Array.from({ length: count }, (_, index) => block('x', letter(index)))
    takes({ blocks: blocks(limits.blocks) })
    refuses({ blocks: blocks(limits.blocks + 1) })
  })

  test('a record of more than 256 KiB', () => {
    const blocks = (last: number) => [
      ...Array.from({ length: 4 }, (_, index) => block('x'.repeat(65_000), letter(index))),
      block('x'.repeat(last), 'last'),
    ]
    const room = limits.record - Buffer.byteLength(print({ blocks: blocks(0) }).text)
    // An empty line is "|", any other begins "| ".
    takes({ blocks: blocks(room - 1) })
    assert.equal(Buffer.byteLength(print({ blocks: blocks(room - 1) }).text), limits.record)
    refuses({ blocks: blocks(room) })
  })

  test('a group of no records, or of 1,001', () => {
    const group = (count: number) => printGroup(Array(count).fill(plain), beginning, time)
    assert.equal(readAll(archiveDisk(segmentsOf([group(1000)]))).records.length, 1000)
    assert.throws(() => group(1001), RangeError)
    assert.throws(() => group(0), RangeError)
  })

  test('a time before the last record, and one that does not exist', () => {
    const before = { ...beginning, sequence: 1, hash: '0'.repeat(64), time }
    print({}, before, time)
    assert.throws(() => print({}, before, '2026-11-22T06:59:59.999Z'), RangeError)
    for (const none of ['', '2026-02-30T00:00:00.000Z', '2026-11-22T24:00:00.000Z', '2026-11-22T07:00:00Z'])
      assert.throws(() => print({}, beginning, none), RangeError)
  })

  test('a sequence of more than fifteen digits', () => {
    takes({}, { ...beginning, sequence: limits.sequence - 2 })
    assert.throws(() => print({}, { ...beginning, sequence: limits.sequence - 1 }), RangeError)
  })
})

suite('whatever the printer takes', () => {
  const value = fc.stringMatching(/^[!-<>-~]{1,20}$/)
  const hostileValue = fc.string({ unit: 'binary-ascii' })

  test('it reads back, and what it refuses it refuses with a RangeError', () => {
    let taken = 0
    let refused = 0
    holds(
      fc.property(fc.oneof(hostileText, prose), fc.oneof(value, hostileValue), (text, given) => {
        const change = { values: [['word', given]] as const, blocks: [block(text)] }
        try {
          print(change)
        } catch (error) {
          assert.ok(error instanceof RangeError)
          refused++
          return
        }
        takes(change)
        taken++
      }),
      3000,
    )
    assert.ok(taken > 100 && refused > 100, `${taken} taken, ${refused} refused`)
  })
})

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import * as z from 'zod'
import * as field from '../../src/kernel/fields.ts'
import { idOf } from '../../src/kernel/ids.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { hostileText, prose } from '../archive/hostile.ts'
import { holds } from '../tools/laws.ts'

const member = idOf('member', new Uint8Array(10))

/** Each sort of value, what it can be, and texts that are none of it. */
const sorts: Record<string, { codec: z.ZodType; values: fc.Arbitrary<unknown>; none: string[] }> = {
  id: {
    codec: field.id('member'),
    values: fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes) => idOf('member', bytes)),
    none: [
      member.slice(1),
      `${member}0`,
      member.toUpperCase(),
      member.replace('m', 'p'),
      'm_iiiiiiiiiiiiiiii',
      `${member}\n`,
      ` ${member}`,
    ],
  },
  'word of a list': {
    codec: field.oneOf(['everyone', 'team']),
    values: fc.constantFrom('everyone', 'team'),
    none: ['Everyone', 'nobody', 'everyone '],
  },
  flag: { codec: field.flag(), values: fc.boolean(), none: ['true', '1', 'Yes', 'y', 'no '] },
  number: {
    codec: field.integer(),
    values: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -20, max: 20 })),
    none: [
      '-0',
      '00',
      '01',
      '+1',
      '1.0',
      '1e3',
      '0x1',
      ' 1',
      '1 ',
      '1\n',
      '--1',
      '9007199254740993',
      '1'.repeat(17),
      '٣',
    ],
  },
  moment: {
    codec: field.moment(),
    values: fc
      .integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') })
      .map(momentOf),
    none: [
      '2026-02-30T00:00:00.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-11-22T24:00:00.000Z',
      '2026-11-22T07:00:00Z',
      '2026-11-22T07:00:00.000',
      '2026-11-22T07:00:00.000z',
      '2026-11-22T07:00:00.0000Z',
      '2026-11-22',
      '2026-11-22T07:00:00.000Z\n',
    ],
  },
  hash: {
    codec: field.hex(32),
    values: fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex')),
    none: ['0'.repeat(63), '0'.repeat(65), 'A'.repeat(64), `${'0'.repeat(64)}\n`],
  },
  'name of a field': {
    codec: field.word(),
    values: fc.stringMatching(/^[a-z][A-Za-z0-9.-]{0,63}$/),
    none: ['A', '1a', '-a', 'a b', 'a=b', 'é', `a${'b'.repeat(64)}`, 'a\n'],
  },
  list: {
    codec: field.list(field.id('member')),
    values: fc.uniqueArray(
      fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes) => idOf('member', bytes)),
      { minLength: 1, maxLength: 26 },
    ),
    none: [
      `${member},${member}`,
      `${member},`,
      `,${member}`,
      `${member}, ${member.slice(0, -1)}1`,
      `${member};`,
    ],
  },
}

suite('every value has one text', () => {
  for (const [name, { codec, values, none }] of Object.entries(sorts)) {
    test(`a ${name} reads as it was printed, from visible ASCII without blank and "="`, () => {
      holds(
        fc.property(values, (value) => {
          const text = z.encode(codec, value)
          assert.match(String(text), field.valuePattern)
          assert.deepEqual(z.decode(codec, text), value)
        }),
      )
    })

    test(`what is read as a ${name} prints as the same text`, () => {
      const nearly = values.chain((value) => {
        const text = String(z.encode(codec, value))
        return fc
          .tuple(
            fc.nat(text.length),
            fc.nat(2),
            fc.constantFrom('', '0', '1', '-', '.', ',', ' ', 'a', 'Z', '\n', '٣'),
          )
          .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut))
      })
      holds(
        fc.property(nearly, (text) => {
          const read = codec.safeDecode(text)
          if (read.success) assert.equal(z.encode(codec, read.data), text)
        }),
        1000,
      )
    })

    test(`what is no ${name} is refused`, () => {
      for (const text of ['', ' ', '=', '\u00a0', ...none])
        assert.equal(codec.safeDecode(text).success, false, JSON.stringify(text))
    })
  }

  test('a value that has no text is not printed', () => {
    const isRefused = (codec: z.ZodType, value: unknown) =>
      assert.equal(codec.safeEncode(value).success, false, String(value))
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)])
      isRefused(field.integer(), value)
    isRefused(field.list(field.id('member')), [])
    isRefused(field.list(field.id('member')), [member, member])
    isRefused(
      field.list(field.id('member')),
      Array.from({ length: 28 }, (_, index) => idOf('member', new Uint8Array(10).fill(index))),
    )
    isRefused(field.flag(), 'yes')
  })
})

suite('words', () => {
  test('are kept as they are', () => {
    holds(fc.property(prose, (text) => assert.equal(z.decode(field.prose(), text), text)))
  })

  test('are refused when the archive cannot hold them', () => {
    for (const text of ['\ud800', 'a\rb', 'a\u0000b', 'a\u2028b', '\ufeff', '\u001b', 'x'.repeat(65_537)])
      assert.equal(field.prose().safeParse(text).success, false)
    assert.equal(field.prose().safeParse('x'.repeat(65_536)).success, true)
    assert.equal(field.prose().safeParse('é'.repeat(32_769)).success, false, 'bytes are counted')
  })

  test('are taken exactly when the printer can print them', () => {
    holds(
      fc.property(hostileText, (text) => {
        const isTaken = field.prose().safeParse(text).success
        const lines = text.split('\n')
        const isGood =
          text.isWellFormed() &&
          lines.every((line) => !/[\p{Cc}\u2028\u2029\ufeff]/u.test(line.replaceAll('\t', '')))
        assert.equal(isTaken, isGood, JSON.stringify(text))
      }),
      1000,
    )
  })
})

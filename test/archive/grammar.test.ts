import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { beginning } from '../../src/archive/position.ts'
import { printGroup } from '../../src/archive/print.ts'
import { wordingOf } from '../../src/kernel/event.ts'
import { archiveDisk, december, november, readAll, segmentsOf } from '../tools/archive.ts'
import { holds } from '../tools/laws.ts'
import { anyArchive, anyDraft, salts } from './arbitrary.ts'
import { forgedRecord, forgedSegment } from './forged.ts'

const time = '2026-11-22T07:00:00.000Z'
const first = `@1 ${time} word.said/1 by=operator\n`
const salt = '0'.repeat(32)

const faultOf = (bodies: readonly (string | Buffer)[]) =>
  readAll(archiveDisk({ [november]: forgedSegment(bodies) })).end.fault
const takes = (...bodies: (string | Buffer)[]) => assert.equal(faultOf(bodies), undefined, String(bodies))
/** The last of these records is blamed, though every hash fits. */
function refuses(why: RegExp, ...bodies: (string | Buffer)[]) {
  const fault = faultOf(bodies)
  assert.match(fault?.what ?? 'nothing is wrong', why, String(bodies))
  assert.equal(fault?.sequence, bodies.length)
  assert.equal(fault?.file, november)
}

suite('a record that no writer of format 1 leaves is refused, though its hash fits', () => {
  test('forged records are well made: the good ones are taken', () => {
    takes(first)
    takes(`@1 ${time} word.said/1\n`)
    takes(`${first}~words ${salt}\n| x\n`)
    takes(`${first}~words ${salt}\n|\n|\n~more erased ${'f'.repeat(64)}\n~last ${salt}\n| \t \n`)
    takes(`@1+1 ${time} word.said/1!\n`, `@2 ${time} word.said/999! a=b\n`)
  })

  test('a header of another shape', () => {
    const rest = `${time} word.said/1`
    const headers = [
      `@01 ${rest}`,
      `@0 ${rest}`,
      `@+1 ${rest}`,
      `@1+0 ${rest}`,
      `@1+01 ${rest}`,
      `@1  ${rest}`,
      ` @1 ${rest}`,
      `@1 ${rest} `,
      `@1 ${rest}\t`,
      `@1 ${rest}\r`,
      `@1 ${rest}  a=b`,
      `@1 ${rest} a=`,
      `@1 ${rest} =b`,
      `@1 ${rest} a`,
      `@1 ${rest} a=b=c`,
      `@1 ${rest} A=b`,
      `@1 ${rest} a-b=c`,
      `@1 ${rest} a=é`,
      `@1 ${rest} a=\u007f`,
      `@1 ${rest} a=${'x'.repeat(513)}`,
      `@1 ${rest} ${'a'.repeat(33)}=x`,
      `@1 ${time} word/1`,
      `@1 ${time} word.Said/1`,
      `@1 ${time} word.said/0`,
      `@1 ${time} word.said/01`,
      `@1 ${time} word.said/1000`,
      `@1 ${time} word.said`,
      `@1 ${time} word.said/1!!`,
      `@1 2026-11-22T07:00:00Z word.said/1`,
      `@1 2026-11-22 07:00:00.000Z word.said/1`,
      `@1 2026-11-22T07:00:00.000+00:00 word.said/1`,
      `@1 2026-11-22T24:00:00.000Z word.said/1`,
      `@1 2026-11-22T07:60:00.000Z word.said/1`,
      `@1 2026-11-22T07:00:60.000Z word.said/1`,
      `\ufeff@1 ${rest}`,
      `#1 ${rest}`,
      '',
    ]
    for (const header of headers) refuses(/no header/, `${header}\n`)
  })

  test('a day that does not exist', () => {
    refuses(/day that does not exist/, '@1 2026-11-31T07:00:00.000Z word.said/1\n')
    refuses(/day that does not exist/, first, '@2 2026-11-31T07:00:00.000Z word.said/1\n')
  })

  test('a time before the last, or of another month', () => {
    takes(first, `@2 ${time} word.said/1\n`)
    refuses(/before the record before/, first, '@2 2026-11-22T06:59:59.999Z word.said/1\n')
    refuses(/another month/, first, '@2 2026-12-01T00:00:00.000Z word.said/1\n')
    refuses(/another month/, '@1 2026-10-22T07:00:00.000Z word.said/1\n')
  })

  test('a gap or a repetition in the sequence', () => {
    for (const sequence of ['1', '3', '12', '999999999999999'])
      refuses(/record 2 should stand here/, first, `@${sequence} ${time} word.said/1\n`)
  })

  test('a group that does not go on as it said', () => {
    const begun = `@1+2 ${time} word.said/1\n`
    takes(begun, `@2+1 ${time} word.said/1\n`, `@3 ${time} word.said/1\n`)
    refuses(/continue its group/, begun, `@2 ${time} word.said/1\n`)
    refuses(/continue its group/, begun, `@2+2 ${time} word.said/1\n`)
    refuses(/continue its group/, `@1+1 ${time} word.said/1\n`, `@2+1 ${time} word.said/1\n`)
    refuses(/that of its group/, begun, '@2+1 2026-11-22T07:00:00.001Z word.said/1\n')
    refuses(/more than 1,000/, `@1+1000 ${time} word.said/1\n`)
    const fault = faultOf([begun, `@2+1 ${time} word.said/1\n`])
    assert.deepEqual([fault?.what, fault?.sequence, fault?.line], ['the group is cut short', 3, 10])
  })

  test('a key or a field twice', () => {
    refuses(/"a" stands twice/, `@1 ${time} word.said/1 a=b c=d a=b\n`)
    refuses(/"words" stands twice/, `${first}~words ${salt}\n| x\n~words ${salt}\n| x\n`)
    refuses(/"words" stands twice/, `${first}~words erased ${'0'.repeat(64)}\n~words ${salt}\n| x\n`)
  })

  test('a block of another shape', () => {
    const heads = [
      `~words ${salt}0`,
      `~words ${salt.slice(1)}`,
      `~words ${'A'.repeat(32)}`,
      `~Words ${salt}`,
      `~ ${salt}`,
      `~words  ${salt}`,
      `~words ${salt} `,
      '~words',
      `~words erased ${'0'.repeat(63)}`,
      `~words Erased ${'0'.repeat(64)}`,
      `~${'a'.repeat(33)} ${salt}`,
    ]
    for (const head of heads) refuses(/no line above a block/, `${first}${head}\n| x\n`)
    refuses(/too long/, `${first}~words ${'0'.repeat(200)}\n| x\n`)
    refuses(/without a line of text/, `${first}~words ${salt}\n`)
    refuses(/without a line of text/, `${first}~words ${salt}\n~more ${salt}\n| x\n`)
    refuses(/closing line/, `${first}~words erased ${'0'.repeat(64)}\n| x\n`)
    refuses(/closing line/, `${first}| x\n`)
    refuses(/closing line/, `${first}\n~words ${salt}\n| x\n`)
    refuses(/closing line/, `${first}~words ${salt}\n| x\n\n`)
  })

  test('a line of text without its margin', () => {
    for (const line of ['| ', '|x', '||', '|\t'])
      refuses(/without its margin/, `${first}~words ${salt}\n| a\n${line}\n| b\n`)
  })

  test('a character that no text may hold', () => {
    const codes = Array.from({ length: 0xa0 }, (_, code) => code).concat(0x2028, 0x2029, 0xfeff)
    const printable = codes.filter((code) => code === 9 || (code >= 0x20 && code < 0x7f))
    const taken = codes.filter((code) => {
      const fault = faultOf([`${first}~words ${salt}\n| a${String.fromCharCode(code)}| b\n`])
      if (fault && code !== 10) assert.match(fault.what, /no text may hold/)
      return !fault
    })
    assert.deepEqual(taken, [9, 10, ...printable.filter((code) => code !== 9)])
  })

  test('bytes that are not UTF-8', () => {
    const wrong = [
      '80',
      'c0af',
      'c3',
      'e28',
      'eda080',
      'edb080',
      'f0808080',
      'f4908080',
      'f5808080',
      'ff',
      'fe',
    ]
    for (const hex of wrong) {
      const bytes = Buffer.from(hex.length % 2 ? `${hex}0` : hex, 'hex')
      refuses(
        /not UTF-8/,
        Buffer.concat([Buffer.from(`${first}~words ${salt}\n| `), bytes, Buffer.from('\n')]),
      )
    }
  })

  test('more than there may be', () => {
    const block = (text: string, field = 'words') => `~${field} ${salt}\n| ${text}\n`
    const blocks = (count: number, text: string) =>
      Array.from({ length: count }, (_, index) => block(text, String.fromCharCode(97 + index))).join('')
    takes(first + blocks(16, 'x'))
    refuses(/more than 16 blocks/, first + blocks(17, 'x'))
    takes(first + block('x'.repeat(65_536)))
    refuses(/more than 64 KiB/, first + block('x'.repeat(65_537)))
    takes(first + blocks(4, 'x'.repeat(65_400)))
    refuses(/more than 256 KiB/, first + blocks(4, 'x'.repeat(65_500)))
    refuses(/more than 256 KiB/, first + blocks(5, 'x'.repeat(65_500)))
    takes(first + block('🙏'.repeat(16_384)))
    refuses(/more than 64 KiB/, first + block('🙏'.repeat(16_385)))
    const large = archiveDisk({ [november]: forgedSegment([first + blocks(4, 'x'.repeat(65_500))]) })
    assert.match(readAll(large, beginning, 4_000_000).end.fault?.what ?? '', /more than 256 KiB/)
    const values = (last: number) =>
      ` ${Array.from({ length: 8 }, (_, index) => `${String.fromCharCode(97 + index)}=${'x'.repeat(490)}`).join(' ')} z=${'x'.repeat(last)}`
    const header = (last: number) => `@1 ${time} word.said/1${values(last)}\n`
    const room = 4096 - header(1).length + 2
    takes(header(room))
    refuses(/too long/, header(room + 1))
  })

  test('a head of another shape', () => {
    const segment = forgedSegment([first]).toString()
    const heads: [string, string][] = [
      ['thywill archive 1', 'thywill archive 2'],
      ['month 2026-11', 'month 2026-12'],
      ['month 2026-11', 'month 2026-1'],
      ['from 1', 'from 2'],
      ['from 1', 'from 01'],
      ['from 1\n', 'from 1 \n'],
      ['from 1\n', 'from 1\r\n'],
      ['thywill', '\ufeffthywill'],
      [`= ${'0'.repeat(64)}\n\n`, `= ${'0'.repeat(63)}1\n\n`],
      [`= ${'0'.repeat(64)}\n\n`, `= ${'0'.repeat(64)}\n`],
      [`= ${'0'.repeat(64)}\n\n`, `= ${'0'.repeat(64)}\n\n\n`],
    ]
    for (const [is, becomes] of heads) {
      assert.ok(segment.includes(is))
      const { fault } = readAll(archiveDisk({ [november]: segment.replace(is, becomes) })).end
      assert.deepEqual([fault?.file, fault?.sequence], [november, 1], becomes)
    }
  })

  test('a month that is well made but continues another archive', () => {
    const next = (previous: string) => {
      const record = forgedRecord(previous, Buffer.from('@2 2026-12-01T00:00:00.000Z word.said/1\n'))
      return Buffer.concat([
        Buffer.from(`thywill archive 1 month 2026-12 from 2\n= ${previous}\n\n`),
        record.bytes,
      ])
    }
    const before = { [november]: forgedSegment([first]) }
    const { hash } = readAll(archiveDisk(before)).end.safe
    assert.equal(readAll(archiveDisk({ ...before, [december]: next(hash) })).end.fault, undefined)
    const { fault } = readAll(archiveDisk({ ...before, [december]: next('f'.repeat(64)) })).end
    assert.deepEqual([fault?.file, fault?.line, fault?.sequence], [december, 1, 2])
  })

  test('a segment without a record, and one without anything', () => {
    const head = forgedSegment([])
    assert.equal(readAll(archiveDisk({ [november]: head })).end.fault?.what, 'a segment without a record')
    assert.equal(readAll(archiveDisk({ [november]: '' })).end.fault?.what, 'this is no head of a segment')
  })
})

suite('one text for each archive', () => {
  test('whatever reads, with any bytes in it bent and all hashes made to fit, prints as the same bytes', () => {
    let taken = 0
    let refused = 0
    const bend = fc.record({
      at: fc.nat(),
      cut: fc.constantFrom(0, 0, 1, 1, 2, 7),
      put: fc.oneof(
        fc.constantFrom(
          ' ',
          '\n',
          '\r',
          '|',
          '| ',
          '\n|\n',
          '~',
          '=',
          '!',
          '+1',
          '0',
          '\t',
          '\u2028',
          'é',
          '\ufeff',
        ),
        fc.uint8Array({ maxLength: 3 }),
      ),
    })
    holds(
      fc.property(anyDraft, fc.array(bend, { minLength: 1, maxLength: 3 }), (draft, bends) => {
        const group = printGroup([wordingOf(draft, salts())], beginning, time)
        let body = Buffer.from(group.text.slice(0, -68))
        for (const { at, cut, put } of bends) {
          const from = at % body.length
          body = Buffer.concat([body.subarray(0, from), Buffer.from(put), body.subarray(from + cut)])
        }
        const bytes = forgedSegment([body])
        const { records, end } = readAll(archiveDisk({ [november]: bytes }))
        if (end.fault) return void refused++
        taken++
        assert.deepEqual(
          Buffer.from(segmentsOf([printGroup(records, beginning, records[0]?.time ?? '')])[november] ?? ''),
          bytes,
        )
      }),
      6000,
    )
    assert.ok(taken > 300 && refused > 300, `${taken} taken, ${refused} refused`)
  })

  test('whatever of a bent archive still reads is as it was written', () => {
    holds(
      fc.property(
        anyArchive,
        fc.nat(),
        fc.uint8Array({ maxLength: 4 }),
        fc.nat(4),
        (groups, at, put, cut) => {
          const segments = segmentsOf(groups)
          const names = Object.keys(segments)
          const name = names[at % names.length] ?? ''
          const bytes = Buffer.from(segments[name] ?? '')
          const from = at % bytes.length
          const bent = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)])
          const read = readAll(archiveDisk({ ...segments, [name]: bent }))
          for (const [index, group] of read.groups.entries())
            assert.deepEqual(group.records, groups[index]?.records)
          const isWhole = read.groups.length === groups.length && !read.end.fault
          const isShorter = read.groups.length < groups.length
          assert.ok(isWhole ? bent.equals(bytes) : isShorter || read.end.fault)
        },
      ),
      500,
    )
  })
})

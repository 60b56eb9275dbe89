import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { differencesBetween } from '../../src/archive/difference.ts'
import { filesOf, november, sampleFolder, segmentsOf } from '../tools/archive.ts'
import { holds } from '../tools/laws.ts'
import { anyArchive } from './arbitrary.ts'

const month = filesOf(sampleFolder)[november]?.toString() ?? ''

suite('a readable difference', () => {
  test('between a month and itself is none', () => {
    holds(
      fc.property(anyArchive, (groups) => {
        for (const text of Object.values(segmentsOf(groups)))
          assert.deepEqual(differencesBetween(text, text), [])
      }),
    )
  })

  test('names the record and its line, and shows the changed line in its place', () => {
    assert.deepEqual(differencesBetween(month, month.replace('Tuesday', 'Thursday')), [
      {
        record: 5,
        line: 18,
        lines: [
          ' | Mary Johnson',
          ' ~request df3327a1ccb98669d3f6b9f60135b3c7',
          "-| Please pray for my mother's surgery on Tuesday.",
          "+| Please pray for my mother's surgery on Thursday.",
          ' |',
          ' | She is frightened.',
        ],
      },
    ])
  })

  test('shows what came and what went, and keeps what stayed between them', () => {
    const now = month
      .replace('| She is frightened.\n', '| She is calm.\n')
      .replace('| ~x\n', '| ~x\n| Thank you.\n')
    const [difference, ...others] = differencesBetween(month, now)
    assert.deepEqual(others, [])
    assert.deepEqual(
      difference?.lines.filter((line) => !line.startsWith(' ')),
      ['-| She is frightened.', '+| She is calm.', '+| Thank you.'],
    )
  })

  test('shows records that are gone, and records that were put there', () => {
    const without = month.replace(/(?<=\n)@6 2026[\s\S]*$/, '')
    const [gone] = differencesBetween(month, without)
    assert.equal(gone?.record, 6)
    assert.ok(gone.lines.length === 3 && gone.lines.every((line) => line.startsWith('-')))
    const [added] = differencesBetween(without, month)
    assert.ok(added?.lines.every((line) => line.startsWith('+')))
  })

  test('says what is above the first record, and copes with an editor that changed every line', () => {
    assert.deepEqual(
      differencesBetween(month, month.replace('from 1', 'from 2')).map(({ record, line }) => [record, line]),
      [[0, 1]],
    )
    const dos = differencesBetween(month, month.replaceAll('\n', '\r\n'))
    assert.equal(dos[0]?.record, 0)
    const long = Array.from({ length: 3000 }, (_, index) => `| ${index}\n`).join('')
    const [whole] = differencesBetween(`@1 x\n${long}`, `@1 x\n${long.replaceAll('1', '2')}`)
    assert.ok(whole && whole.lines.length > 1500)
  })

  test('read forwards it is the new text, backwards the old one', () => {
    const lines = fc.array(fc.constantFrom('| a', '| b', '| c', '| d'), { maxLength: 12 })
    holds(
      fc.property(lines, lines, (was, is) => {
        const text = (middle: readonly string[]) =>
          ['@7 x', ...middle, '= y', ''].map((line) => `${line}\n`).join('')
        const [difference] = differencesBetween(text(was), text(is))
        if (!difference) return assert.deepEqual(was, is)
        const side = (sign: string) =>
          difference.lines.filter((line) => line[0] === ' ' || line[0] === sign).map((line) => line.slice(1))
        const inside = (shown: readonly string[], all: string) => all.includes(`${shown.join('\n')}\n`)
        assert.ok(inside(side('-'), text(was)) && inside(side('+'), text(is)))
        assert.equal(side('-').length - side('+').length, was.length - is.length)
      }),
      1000,
    )
  })
})

import fc from 'fast-check'
import { composed } from '../../src/kernel/prose.ts'

/** Lines that look like the archive's own, ends of lines of every sort, and whatever else a person can type. */
const hostileLine = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '  ',
    '\t',
    '|',
    '| ',
    '| x',
    '~',
    '~request',
    '=',
    '= ',
    '@',
    '@1',
    '-',
    '\u00a0',
  ),
  fc.constantFrom(
    `= ${'0'.repeat(64)}`,
    `= ${'f'.repeat(64)}`,
    `| = ${'0'.repeat(64)}`,
    '@6 2026-11-22T08:00:00.000Z role.granted/1 by=operator member=m_3fq9v1c7t5w2k8z4 role=admin',
    `~request ${'0'.repeat(32)}`,
    `~request erased ${'0'.repeat(64)}`,
    'thywill archive 1 month 2026-12 from 7',
    ' leading and trailing ',
    '\\n \\u0000 %0A &#10;',
  ),
  fc.constantFrom(
    '\u202eright to left\u202c',
    'שלום',
    'مرحبا',
    '🙏🏽',
    '👨‍👩‍👧‍👦',
    'e\u0301',
    'Å',
    'ﬁ',
    '\u200b',
    '\ufffd',
    '\u{10ffff}',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('\ud83d', '\udc00', '\u0000', '\u001b[2J', '\u007f', '\ufeff'),
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029', '\n\n')
const unprintable = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/g

/** Anything at all that a string can hold. */
export const hostileText = fc
  .array(fc.tuple(hostileLine, lineEnd), { maxLength: 8 })
  .chain((lines) => hostileLine.map((last) => lines.flat().join('') + last))

/** What a command may hand over: anything typed, in the form in which a text is kept. */
export const prose = hostileText.map((typed) => composed(typed.replace(unprintable, '').toWellFormed()))

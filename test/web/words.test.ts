import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { days, earlier, hours, minutes } from '../../src/kernel/moment.ts'
import { isReadable, placeFrom, wayBack } from '../../src/web/addresses.ts'
import { pathOfPasted } from '../../src/web/links.ts'
import { seenBy } from '../../src/web/views.ts'
import { isLong, paragraphs, people, times, timeWords, wait } from '../../src/web/words.ts'

const now = '2026-11-22T07:00:00.000Z'

test('how long ago something was is said in the largest unit that fits, and after a week by its day', () => {
  const ago = timeWords('UTC').agoFrom(now)
  const said: readonly [number, string][] = [
    [-5 * minutes, 'just now'],
    [0, 'just now'],
    [minutes - 1, 'just now'],
    [minutes, '1 minute ago'],
    [hours - 1, '59 minutes ago'],
    [hours, '1 hour ago'],
    [days - 1, '23 hours ago'],
    [days, '1 day ago'],
    [7 * days - 1, '6 days ago'],
    [7 * days, '15 November'],
    [365 * days, '22 November 2025'],
  ]
  for (const [age, words] of said) assert.equal(ago(earlier(now, age)), words)
})

test('a moment in full says the day and the hour on the wall where the reader is, and how far that is from UTC', () => {
  const fully = (zone: string, moment: string) => timeWords(zone).fully(moment)
  assert.equal(fully('UTC', '2026-01-02T03:04:05.678Z'), '2 January 2026, 03:04 UTC')
  assert.equal(fully('Europe/Berlin', '2026-12-31T23:30:00.000Z'), '1 January 2027, 00:30 UTC+1')
  assert.equal(fully('Asia/Kathmandu', '2026-01-02T03:04:05.678Z'), '2 January 2026, 08:49 UTC+5:45')
  assert.equal(fully('America/St_Johns', '2026-01-02T03:04:05.678Z'), '1 January 2026, 23:34 UTC-3:30')
  // Where the clocks go on and back.
  assert.equal(fully('Europe/Berlin', '2026-03-29T00:59:59.999Z'), '29 March 2026, 01:59 UTC+1')
  assert.equal(fully('Europe/Berlin', '2026-03-29T01:00:00.000Z'), '29 March 2026, 03:00 UTC+2')
  assert.equal(fully('Europe/Berlin', '2026-10-25T00:30:00.000Z'), '25 October 2026, 02:30 UTC+2')
  assert.equal(fully('Europe/Berlin', '2026-10-25T01:30:00.000Z'), '25 October 2026, 02:30 UTC+1')
})

test('a day is the day where the reader is; a day of the calendar is the same everywhere', () => {
  const { day, agoFrom } = timeWords('Pacific/Auckland')
  assert.equal(day('2026-11-21T11:00:00.000Z'), '22 November 2026')
  assert.equal(day('2026-11-21T10:59:59.999Z'), '21 November 2026')
  assert.equal(day('2026-11-21'), '21 November 2026')
  assert.equal(agoFrom('2026-12-31T12:00:00.000Z')('2026-12-01T12:00:00.000Z'), '2 December 2026')
  assert.equal(agoFrom('2026-12-31T10:00:00.000Z')('2026-01-01T12:00:00.000Z'), '2 January')
})

test('one is one, and many have their commas', () => {
  assert.deepEqual([people(1), people(2), people(1234567)], ['1 person', '2 people', '1,234,567 people'])
  assert.deepEqual([times(1), times(2)], ['once', '2 times'])
  assert.deepEqual([wait(1), wait(60), wait(91)], ['1 second', '60 seconds', '2 minutes'])
  assert.deepEqual([wait(5399), wait(5400), wait(86_000)], ['90 minutes', '2 hours', '24 hours'])
})

test('paragraphs keep every line that says something, in order', () => {
  assert.deepEqual(paragraphs('a\nb\n\n \n\nc'), [['a', 'b'], ['c']])
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', ' b', '', ' ', 'c d', '\t')), (lines) => {
      const written = lines.filter((line) => line.trim() !== '')
      assert.deepEqual(paragraphs(lines.join('\n')).flat(), written)
    }),
  )
})

test('a text is long by its characters or by its lines', () => {
  assert.equal(isLong('a'.repeat(900)), false)
  assert.equal(isLong('a'.repeat(901)), true)
  assert.equal(isLong('a\n'.repeat(16)), true)
})

test('after a form one comes back to where one was, on this site', () => {
  const prayer = 'p_0123456789abcdef'
  assert.equal(wayBack('/', prayer), `/#${prayer}`)
  assert.equal(wayBack('/feed', prayer), `/feed#${prayer}`)
  assert.equal(wayBack('/feed?before=12', prayer), `/feed?before=12#${prayer}`)
  assert.equal(
    wayBack('/answered?topic=grief&before=12', prayer),
    `/answered?topic=grief&before=12#${prayer}`,
  )
  assert.equal(wayBack(`/prayers/${prayer}`, prayer), `/prayers/${prayer}`)
  for (const elsewhere of [
    '//evil.example/',
    'https://evil.example',
    '/\\evil',
    '/feed?before=1&x',
    '/answered?topic=a/b',
    '/sign-out',
    '',
  ]) {
    assert.equal(wayBack(elsewhere, prayer), `/prayers/${prayer}`)
    assert.equal(placeFrom(elsewhere), '/')
  }
})

test('a pasted link leads where it would have led, whatever stands around it', () => {
  const token = 'SBAojBcXSHEfCW6J5klMhg'
  assert.equal(pathOfPasted(` https://pray.example/sign-in/${token}\n`), `/sign-in/${token}`)
  assert.equal(pathOfPasted(`http://localhost:8000/claim/${token}/`), `/claim/${token}`)
  assert.equal(pathOfPasted(token), `/sign-in/${token}`)
  for (const other of ['', 'hello', token.slice(1), `${token}x`, `https://pray.example/${token}`])
    assert.equal(pathOfPasted(other), undefined)
})

test('an address is readable when its percent signs stand for something', () => {
  for (const url of ['/', '/a%20b', '/%E0%A4%A4?x=%zz']) assert.equal(isReadable(url), true)
  for (const url of ['/%zz', '/%', '/%E0%A4%A', '/%ff?a']) assert.equal(isReadable(url), false)
})

test('a zone is kept once, in whichever letters a browser sends its name', () => {
  assert.equal(timeWords('eUrOpE/bErLiN'), timeWords('Europe/Berlin'))
  const frame = {
    ...{
      title: '',
      community: '',
      reader: null,
      path: '/',
      notice: null,
      knock: null,
      care: null,
      hasGiving: false,
    },
    ...{ unread: 0, hasMail: false, now, key: '' },
  }
  const said = (zone: string) => seenBy({ ...frame, zone }, {}).say
  assert.equal(said('eUrOpE/bErLiN'), said('Europe/Berlin'))
})

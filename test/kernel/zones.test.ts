import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { later, momentOf } from '../../src/kernel/moment.ts'
import { dayIn, endOfDay, isTimeZone, onTheWall, startOfDay } from '../../src/kernel/zones.ts'

const zones = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Asia/Kathmandu', 'Asia/Beirut'],
  ...['Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Kiritimati', 'Atlantic/Azores', 'Africa/Cairo'],
]

test('each day begins where the day before ends, in every zone, when the clocks change, too', () => {
  const day = fc
    .integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) })
    .map((milliseconds) => momentOf(milliseconds).slice(0, 10))
  fc.assert(
    fc.property(fc.constantFrom(...zones), day, (zone, day) => {
      const [start, end] = [startOfDay(zone, day), endOfDay(zone, day)]
      assert.equal(dayIn(zone, start), day)
      assert.equal(dayIn(zone, end), day)
      assert.ok(dayIn(zone, later(start, -1)) < day)
      assert.ok(dayIn(zone, later(end, 1)) > day)
    }),
  )
  assert.equal(startOfDay('Europe/Berlin', '2026-03-29'), '2026-03-28T23:00:00.000Z')
  assert.equal(endOfDay('Europe/Berlin', '2026-03-29'), '2026-03-29T21:59:59.999Z')
  // In Santiago that day begins at one.
  assert.equal(
    onTheWall('America/Santiago', startOfDay('America/Santiago', '2026-09-06')).slice(11, 16),
    '01:00',
  )
})

test('the clock on the wall is what the calendar of the machine says, at any moment', () => {
  const moment = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) })
  fc.assert(
    fc.property(fc.constantFrom(...zones), moment, (timeZone, milliseconds) => {
      const said = new Date(milliseconds).toLocaleString('sv-SE', { timeZone })
      assert.equal(onTheWall(timeZone, momentOf(milliseconds)).slice(0, 19).replace('T', ' '), said)
    }),
  )
})

test('a zone is what the database calls so, and nothing else', () => {
  for (const zone of [...zones, 'Etc/GMT+5']) assert.ok(isTimeZone(zone), zone)
  for (const other of ['', 'Mars/Olympus', '+01:00', '<b>', '../../x', 'A'.repeat(99)])
    assert.ok(!isTimeZone(other), other)
})

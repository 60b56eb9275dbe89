import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dayOf, daysAfter, endOf, yearsAfter } from '../../src/kernel/calendar.ts'
import { later } from '../../src/kernel/moment.ts'

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati']
// Where a day may have no midnight, and where clocks move by half an hour.
zones.push('America/Havana', 'Asia/Beirut', 'Australia/Lord_Howe', 'Pacific/Pago_Pago')

test('a day ends one millisecond before the next begins, in every time zone and on every change of the clocks', () => {
  const days = fc.integer({ min: 0, max: 4_000 }).map((count) => daysAfter('2024-01-01', count))
  fc.assert(
    fc.property(days, fc.constantFrom(...zones), (day, zone) => {
      const end = endOf(day, zone)
      assert.equal(dayOf(end, zone), day)
      assert.equal(dayOf(later(end, 1), zone), daysAfter(day, 1))
    }),
  )
  assert.equal(endOf('2026-11-22', 'UTC'), '2026-11-22T23:59:59.999Z')
  assert.equal(endOf('2026-06-30', 'Europe/Berlin'), '2026-06-30T21:59:59.999Z')
})

test('the same day ten years later is there, also of a leap day', () => {
  assert.equal(yearsAfter('2026-11-22', 10), '2036-11-22')
  assert.equal(yearsAfter('2028-02-29', 10), '2038-02-28')
  assert.equal(yearsAfter('2028-02-29', 4), '2032-02-29')
})

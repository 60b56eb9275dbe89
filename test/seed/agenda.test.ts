import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newAgenda } from '../../src/seed/agenda.ts'

test('what is planned comes in the order of its moments, and at one moment in the order of planning', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (moments) => {
      const agenda = newAgenda()
      for (const moment of moments) agenda.plan(moment, () => {})
      const due = moments.map(() => agenda.next())
      assert.equal(agenda.next(), undefined)
      const expected = moments.map((moment, order) => ({ moment, order }))
      expected.sort((one, other) => one.moment - other.moment || one.order - other.order)
      assert.deepEqual(
        due.map((planned) => ({ moment: planned?.moment, order: planned?.order })),
        expected,
      )
    }),
  )
})

test('what is planned in between finds its place', () => {
  const agenda = newAgenda()
  const happened: number[] = []
  const step = (moment: number) => {
    happened.push(moment)
    if (moment < 40) agenda.plan(moment + 25, step)
  }
  for (const moment of [30, 10, 20]) agenda.plan(moment, step)
  for (let due = agenda.next(); due; due = agenda.next()) due.step(due.moment)
  assert.deepEqual(happened, [10, 20, 30, 35, 45, 55, 60])
})

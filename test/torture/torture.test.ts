import assert from 'node:assert/strict'
import test from 'node:test'
import { torture } from './torture.ts'

test('thirty kills of the working site lose nothing that was answered, and leave nothing twice', async (t) => {
  const seed = 20261122
  const figures = await torture(30, seed)
  t.diagnostic(JSON.stringify({ seed, ...figures }))
  assert.ok(figures.kills >= 30)
  assert.ok(figures.prayers > 100 && figures.marks > 500, 'people were busy')
  assert.ok(figures.sentAgain > 30, 'many were not answered at first')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../src/kernel/refusal.ts'
import { refused, trouble } from '../../src/ledger/standing.ts'
import { forOperator } from '../../src/operator.ts'
import { community } from '../tools/community.ts'

test('an operator reads why nothing can be saved, and otherwise what the command itself says', async (t) => {
  const here = await community(t)
  const ledger = { ...here.ledger, trouble: () => trouble('full', 'The disk is full.') }
  const whenRefused = (refusal: Refusal) => forOperator(ledger, () => Promise.reject(refusal))
  await assert.rejects(whenRefused(refused('not-saved')), {
    message: 'Nothing was changed. The disk is full.',
  })
  const own = new Refusal(
    'read-only',
    'Record 7 was acknowledged, and neither the copy nor the text holds it.',
  )
  await assert.rejects(whenRefused(own), own)
})

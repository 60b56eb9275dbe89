import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fields, limitsFile, limitsText, saidBy } from './limits.ts'

test('docs/limits.md says what the site checks: when it does not, npm run limits', async () => {
  const text = await limitsText()
  assert.equal(readFileSync(limitsFile, 'utf8'), text)
  assert.ok(text.includes('| `postPrayer` | `request` | yes | at most 5,000 characters |'))
  assert.ok(text.includes('| `postPrayer` | `day` |  | a day of the calendar: 2026-12-24 |'))
})

test('wherever people write freely, a full length of emoji is taken and one more is refused in a sentence', async () => {
  const written = (await fields()).flatMap((one) => {
    const { most } = saidBy(one.schema)
    // A symbol is one, however many characters it is made of.
    return most === undefined || one.field === 'symbol' ? [] : [{ ...one, most }]
  })
  assert.ok(written.length > 10)
  for (const { command, field, schema, most } of written) {
    const what = `${command} ${field}`
    assert.equal(schema.safeParse('🙏'.repeat(most)).success, true, what)
    const { error } = schema.safeParse('🙏'.repeat(most + 1))
    assert.match(error?.issues[0]?.message ?? '', /characters; at most .* can be kept\.$/, what)
    assert.equal(schema.safeParse(7).success, false, what)
  }
})

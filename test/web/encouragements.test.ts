import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { prayerClosed } from '../../src/records/prayer-states.ts'
import { type Browser, fieldOf, place, wordsOf } from './browser.ts'

const asks = async (browser: Browser, request: string) =>
  String((await browser.post('/prayers', { request })).headers.location)

test('one of six phrases goes to whoever asked, once a day for each request, whoever sends it twice', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const prayer = await asks(ruth, 'Please.')
  const url = `${prayer}/encouragements`
  assert.match((await tom.get('/')).body, new RegExp(`href="${url}">Encourage whoever asked`))
  const form = await tom.get(url)
  assert.equal(form.body.match(/type="radio" name="phrase"/g)?.length, 6)
  here.written()
  const key = fieldOf(form, 'key') ?? ''
  const phrase = 'You are not alone.'
  for (let n = 0; n < 5; n++) assert.equal((await tom.post(url, { phrase, key })).headers.location, url)
  assert.deepEqual(
    here.written().map((record) => record.split(' ')[0]),
    ['encouragement.sent/1'],
  )
  assert.match(here.text(), /\| You are not alone\.\n/)
  assert.match(wordsOf(await tom.get(url)), /Sent\. They will read it tomorrow morning\./)
  assert.equal((await tom.post(url, { phrase, key: 'another' })).statusCode, 429)
  const other = await asks(ruth, 'Again.')
  assert.equal(
    (await tom.post(`${other}/encouragements`, { phrase, key })).statusCode,
    422,
    'a key is for one request',
  )
  assert.equal((await tom.post(`${other}/encouragements`, { phrase })).statusCode, 303)
  here.passes(1 * days)
  assert.equal((await tom.post(url, { phrase })).statusCode, 303)
})

test('nobody encourages themselves, or whoever has lost somebody, or with words of their own', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  await here.namesKey()
  const prayer = await asks(ruth, 'Please.')
  const nameless = String((await ruth.post('/prayers', { request: 'I.', nameless: 'yes' })).headers.location)
  const phrase = 'Peace be with you.'
  here.written()
  for (const mine of [prayer, nameless]) {
    const refused = await ruth.post(`${mine}/encouragements`, { phrase })
    assert.equal(refused.statusCode, 403)
    assert.match(wordsOf(refused), /You asked this yourself\./)
    assert.equal((await ruth.get(`${mine}/encouragements`)).statusCode, 404)
  }
  for (const wrong of ['', 'Cheer up.', 'x'.repeat(501)]) {
    const refused = await tom.post(`${prayer}/encouragements`, { phrase: wrong })
    assert.equal(refused.statusCode, 422)
    assert.match(wordsOf(refused), /Choose one of these\./)
  }
  await here.ledger.record(() => ({
    drafts: [prayerClosed.of({ by: 'someone', prayer: prayer.split('/')[2] ?? '', outcome: 'died' })],
    result: null,
  }))
  assert.doesNotMatch((await tom.get(prayer)).body, /Encourage/)
  const late = await tom.post(`${prayer}/encouragements`, { phrase })
  assert.equal(late.statusCode, 403)
  assert.match(wordsOf(late), /Somebody has died\./)
  assert.equal((await tom.get(`${prayer}/encouragements`)).statusCode, 404)
  assert.equal((await tom.post('/prayers/p_0000000000000000/encouragements', { phrase })).statusCode, 404)
  assert.deepEqual(here.written().length, 1)
})

test('the community words its six phrases, and can switch them off', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  await here.does(operator, grantRole, { name: 'Ruth', role: 'admin' })
  await ruth.get('/')
  const prayer = await asks(ruth, 'Please.')
  const sets = (setting: string, value: string) => ruth.post(`/admin/settings/${setting}`, { value })
  for (const wrong of ['One', 'a\nb\nc\nd\ne\ne', 'a\nb\n\nc\nd\ne', `a\nb\nc\nd\ne\n${'f'.repeat(81)}`]) {
    const refused = await sets('encouragements', wrong)
    assert.equal(refused.statusCode, 422)
    assert.match(wordsOf(refused), /Write six different phrases, one a line/)
  }
  assert.equal((await sets('encouragements', 'a\nb\nc\nd\ne\nCourage <now>')).statusCode, 303)
  assert.match((await tom.get(`${prayer}/encouragements`)).body, /value="Courage &lt;now&gt;"/)
  await sets('encouraging', 'no')
  assert.equal((await tom.get(`${prayer}/encouragements`)).statusCode, 404)
  assert.doesNotMatch((await tom.get('/')).body, /Encourage/)
  assert.equal((await tom.post(`${prayer}/encouragements`, { phrase: 'a' })).statusCode, 403)
})

test('a card says how often one has prayed, and when last; of others only how many', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const prayer = await asks(ruth, 'Please.')
  assert.doesNotMatch(wordsOf(await tom.get(prayer)), /0 people|You prayed/)
  await tom.post(`${prayer}/marks`, {})
  assert.match(wordsOf(await tom.get(prayer)), /Prayed just now - undo 1 person has prayed/)
  here.passes(2 * hours)
  assert.match(wordsOf(await tom.get('/')), /You prayed once, 2 hours ago/)
  await tom.post(`${prayer}/marks`, {})
  here.passes(3 * hours)
  assert.match(wordsOf(await tom.get('/')), /You prayed 2 times, last 3 hours ago/)
  assert.doesNotMatch(wordsOf(await ruth.get('/')), /You prayed/)
})

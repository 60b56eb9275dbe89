import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes } from '../../src/kernel/moment.ts'
import { prayerWithdrawn } from '../../src/records/prayer-states.ts'
import { type Browser, fieldOf, place, wordsOf } from './browser.ts'

const asks = async (browser: Browser, request: string) => {
  const { location = '' } = (await browser.post('/prayers', { request })).headers
  return String(location).split('/').at(-1) ?? ''
}

const locationOf = async (answer: ReturnType<Browser['get']>) => String((await answer).headers.location)

test('prayer time leads through each request once, counts for whom one prayed, and writes nothing by being looked at', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom, ann] = [await comes('Ruth'), await comes('Tom'), await comes('Ann')]
  await asks(ruth, 'First.')
  const second = await asks(tom, 'Second.')
  await asks(ruth, 'Third.')
  await asks(ann, 'My own.')
  here.written()

  assert.match(wordsOf(await ann.get('/pray')), /5 requests .*10 requests .*20 requests .*Begin/)
  const first = await locationOf(ann.get('/pray/begin?requests=10'))
  assert.match(first, /^\/pray\/[0-9a-z]+-[0-9a-z]+-[0-9a-z]+-[0-9a-z]+\/1$/)
  const page = await ann.get(first)
  assert.match(wordsOf(page), /^1 of 3 Leave Ruth .*First\. .*Prayed .*Not now/)
  assert.doesNotMatch(page.body, /<nav|<header class="top"|<footer/, 'nothing else is on the screen')
  assert.deepEqual(here.written(), [])

  const prays = (address: string, shown: typeof page) =>
    ann.post(address, { prayer: fieldOf(shown, 'prayer') ?? '', key: fieldOf(shown, 'key') ?? '' })
  const next = await locationOf(prays(first, page))
  assert.equal(next, first.replace(/1$/, '2'))
  assert.deepEqual(
    here.written().map((record) => record.split(' ')[0]),
    ['prayer.marked/1'],
  )
  assert.equal(await locationOf(prays(first, page)), next, 'sent twice it is one mark')
  assert.deepEqual(here.written(), [])
  assert.match(wordsOf(await ann.get(first)), /Prayed just now\. Next/)

  assert.match(wordsOf(await ann.get(next)), /2 of 3 .*Second\./)
  assert.match(wordsOf(await ann.get('/pray')), /Go on where you were: 2 of 3/)
  await here.ledger.record(() => ({
    drafts: [prayerWithdrawn.of({ by: 'someone', prayer: second })],
    result: null,
  }))
  const last = await ann.get(next)
  assert.match(wordsOf(last), /3 of 3 .*Third\./, 'what vanished is passed over in silence')
  const gone = await ann.post(next, { prayer: second, key: 'k'.repeat(22) })
  assert.equal(gone.headers.location, first.replace(/1$/, '3'))
  here.passes(1 * minutes)
  const end = await locationOf(prays(first.replace(/1$/, '3'), last))
  assert.match(wordsOf(await ann.get(end)), /^You prayed for 1 person /, 'both were of Ruth')
  assert.doesNotMatch((await ann.get('/pray')).body, /Go on where you were/)
})

test('where one left is offered to nobody else at the same browser', async (t) => {
  const { comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  await asks(ruth, 'Please.')
  await tom.get(await locationOf(tom.get('/pray/begin?requests=5')))
  const [cookie = ''] = [...tom.cookies].filter(([name]) => name.endsWith('-pray')).map(([, value]) => value)
  assert.match(wordsOf(await tom.get('/pray')), /Go on/)
  ruth.cookies.set('thywill-pray', cookie)
  assert.doesNotMatch(wordsOf(await ruth.get('/pray')), /Go on/)
  await tom.post('/sign-out', {})
  assert.ok(![...tom.cookies.keys()].includes('thywill-pray'))
})

test('an address of prayer time that nobody was given leads nowhere, or to what one may see anyway', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  for (const wrong of [
    '1/1',
    '1-2-2/1',
    '1-2/0',
    '1-2/100',
    'x_-2/1',
    `1${'-2a'.repeat(21)}/1`,
    '1-zzzzzzzzzzz/1',
  ])
    assert.equal((await ruth.get(`/pray/${wrong}`)).statusCode, 404, wrong)
  for (const wrong of ['', '?requests=7', '?requests=5&requests=5'])
    assert.equal((await ruth.get(`/pray/begin${wrong}`)).statusCode, 404, wrong)
  assert.match(wordsOf(await ruth.get('/pray/begin?requests=5')), /nothing to pray for just now/)
  assert.match(wordsOf(await ruth.get('/pray/zzzzzzzzz-zzzzzzzzzz/1')), /That was all/)
})

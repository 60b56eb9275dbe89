import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { fieldOf, place, wordsOf } from './browser.ts'

const nowhere = 'AAAAAAAAAAAAAAAAAAAAAA'

test('a hall full of people behind one address joins on one Sunday, and makes mistakes', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, { seats: 150 })
  for (let n = 0; n < 150; n++) {
    const person = browser()
    const page = await person.get(`/claim/${token}`)
    const key = fieldOf(page, 'key') ?? ''
    // Every fifth types a name that somebody has, and then another.
    if (n % 5 === 4)
      assert.equal((await person.post(`/claim/${token}`, { name: 'Mary 0', key })).statusCode, 422)
    const answer = await person.post(`/claim/${token}`, { name: `Mary ${n}`, key })
    assert.equal(answer.statusCode, 303, `${n}: ${wordsOf(answer)}`)
    assert.equal((await person.get('/')).statusCode, 200)
    here.passes(1000)
  }
})

test('whoever guesses invites is stopped, and told when to come back', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, {})
  for (let n = 0; n < 60; n++) assert.equal((await browser().get(`/claim/${nowhere}`)).statusCode, 410)
  here.passes(10 * minutes)
  const answer = await browser().get(`/claim/${token}`)
  assert.equal(answer.statusCode, 429)
  assert.equal(answer.headers['retry-after'], '3000')
  assert.match(wordsOf(answer), /Come back in 50 minutes\./)
  here.passes(50 * minutes)
  assert.equal((await browser().get(`/claim/${token}`)).statusCode, 200)
})

test('nobody drives the numbers of others out of memory by asking for ever more', async (t) => {
  const { browser } = await place(t)
  const answers = new Map<number, number>()
  for (let n = 0; n < 70; n++) {
    const made = browser()
    const token = String(n).padStart(22, 'x')
    made.cookies.set('thywill-door', `${token}.${Date.parse('2026-11-22T07:00:00Z')}.Ruth`)
    const { statusCode } = await made.post('/sign-in/waiting/number', {})
    answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1)
  }
  assert.deepEqual(
    [...answers],
    [
      [303, 60],
      [429, 10],
    ],
  )
})

test('ten failures to sign in in an hour are enough, whatever cookie they bring; a member is not held up', async (t) => {
  const { here, browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  for (let n = 0; n < 5; n++) {
    assert.equal((await browser().post('/sign-in', { link: 'no link' })).statusCode, 422)
    assert.equal((await browser().post(`/sign-in/${nowhere}`, {})).statusCode, 410)
  }
  const cookie = `thywill=${nowhere}`
  const refused = await browser().post('/sign-in', { link: 'no link' }, { cookie })
  assert.equal(refused.statusCode, 429)
  assert.ok(Number(refused.headers['retry-after']) <= 3600)
  assert.equal((await browser().get(`/sign-in/${nowhere}`)).statusCode, 429)
  assert.equal((await ruth.post(`/sign-in/${nowhere}`, {})).statusCode, 410)
  here.passes(1 * hours)
  assert.equal((await browser().post('/sign-in', { link: 'no link' })).statusCode, 422)
})

test('twenty requests an hour: the next one waits, with its words kept, and what did not save is not counted', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  for (let n = 0; n < 5; n++) assert.equal((await ruth.post('/prayers', { request: '' })).statusCode, 422)
  const many = Array.from({ length: 22 }, (_, n) => ruth.post('/prayers', { request: `Please ${n}.` }))
  const statuses = (await Promise.all(many)).map(({ statusCode }) => statusCode)
  assert.deepEqual(statuses.toSorted(), [...Array(20).fill(303), 429, 429], 'all at once are no more')
  const late = await ruth.post('/prayers', { request: 'For Ann, please.' })
  assert.equal(late.statusCode, 429)
  assert.match(late.body, /<textarea[^>]*>\s*For Ann, please\./)
  assert.match(wordsOf(late), /Come back in 60 minutes/)
  assert.equal((await tom.post('/prayers', { request: 'Please.' })).statusCode, 303)
  here.passes(1 * hours)
  assert.equal((await ruth.post('/prayers', { request: 'For Ann, please.' })).statusCode, 303)
})

test('six hundred marks an hour are enough', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  const prayers: string[] = []
  for (let n = 0; n < 12; n++) {
    const posted = await ruth.post('/prayers', { request: `Please ${n}.` })
    prayers.push(String(posted.headers.location))
  }
  const statuses: number[] = []
  for (let round = 0; round < 51; round++) {
    here.passes(61_000)
    for (const prayer of prayers) statuses.push((await ruth.post(`${prayer}/marks`, {})).statusCode)
  }
  assert.equal(statuses.indexOf(429), 600)
})

test('sixty changes of oneself and of one’s requests within an hour are enough, of whichever sort', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const prayer = String((await ruth.post('/prayers', { request: 'Rain.' })).headers.location)
  for (let n = 0; n < 30; n++) {
    assert.equal((await ruth.post('/me/praying', { unseen: n % 2 ? 'no' : 'yes' })).statusCode, 303)
    assert.equal((await ruth.post('/me/words', { about: `Number ${n}` })).statusCode, 303)
  }
  for (const path of ['/me/praying', '/me/words', '/me/name', '/me/apart', '/me/paper-key'])
    assert.equal((await ruth.post(path, {})).statusCode, 429, path)
  for (const what of ['changes', 'answers', 'closings', 'renewals', 'rest', 'return'])
    assert.equal((await ruth.post(`${prayer}/${what}`, { request: 'Snow.' })).statusCode, 429, what)
  assert.match((await ruth.post(`${prayer}/changes`, { request: 'Snow.' })).body, />\nSnow\.<\/textarea>/)
  assert.equal((await ruth.post('/me/notices', {})).statusCode, 429)
  assert.equal(
    (await ruth.post(`${prayer}/withdrawals`, {})).statusCode,
    303,
    'to take something back nobody waits',
  )
})

test('whoever turns the limits off has none', async (t) => {
  const { browser } = await place(t, { env: { RATE_LIMITS: 'off' } })
  for (let n = 0; n < 100; n++) assert.equal((await browser().get(`/claim/${nowhere}`)).statusCode, 410)
})

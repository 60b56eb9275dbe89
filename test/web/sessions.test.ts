import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { fieldOf, place, wordsOf } from './browser.ts'

test('whoever signs out is told first that there is no way back, and comes back by a login link', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  await ruth.get('/')
  assert.ok(ruth.cookies.has('thywill-looked'))
  assert.match(wordsOf(await ruth.get('/sign-out')), /You have no way back in yet\./)
  const out = await ruth.post('/sign-out', {})
  assert.equal(out.statusCode, 303)
  assert.equal(out.headers['clear-site-data'], '"cache", "storage"')
  assert.equal(ruth.cookies.size, 0)
  assert.equal((await ruth.get('/feed')).statusCode, 401)

  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const page = await ruth.get(`/sign-in/${token}`)
  assert.match(wordsOf(page), /Welcome back, Ruth/)
  assert.equal((await ruth.get('/feed')).statusCode, 401, 'looking signs nobody in')
  assert.equal((await ruth.post(`/sign-in/${token}`, {})).headers.location, '/')
  assert.equal((await ruth.get('/feed')).statusCode, 200)
  const again = await ruth.get(`/sign-in/${token}`)
  assert.equal(again.statusCode, 410)
  assert.match(wordsOf(again), /has been used/)
})

test('a session that was signed out is over, also for whoever kept its cookie', async (t) => {
  const { browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  const thief = browser()
  for (const [name, value] of ruth.cookies) thief.cookies.set(name, value)
  assert.equal((await thief.get('/feed')).statusCode, 200)
  await ruth.post('/sign-out', {})
  assert.equal((await thief.get('/feed')).statusCode, 401)
})

test('whoever cannot be written down as signed out is signed out on this device all the same', async (t) => {
  let isBroken = false
  const { comes } = await place(t, {
    site: ({ record }) => ({
      record: (rehearse) => (isBroken ? Promise.reject(new Error('disk')) : record(rehearse)),
    }),
  })
  const ruth = await comes('Ruth')
  isBroken = true
  assert.equal((await ruth.post('/sign-out', {})).statusCode, 500)
  assert.equal((await ruth.get('/feed')).statusCode, 401)
})

test('a session in use lives on, written down at most once a week; one that is not ends after 90 days', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  const ann = await comes('Ann')
  here.written()
  for (let day = 1; day <= 100; day++) {
    here.passes(days)
    const page = await ruth.get('/feed')
    assert.equal(page.statusCode, 200, `day ${day}`)
    await here.does(operator, issueLoginLink, { name: 'Ann' })
  }
  const renewed = here.written().filter((header) => header.startsWith('session.renewed'))
  assert.equal(renewed.length, 14)
  assert.equal((await ann.get('/feed')).statusCode, 401)
})

test('a renewal that fails does not stand in the way of the page', async (t) => {
  let isBroken = false
  const { here, comes } = await place(t, {
    site: ({ record }) => ({
      record: (rehearse) => (isBroken ? Promise.reject(new Error('disk')) : record(rehearse)),
    }),
  })
  const ruth = await comes('Ruth')
  here.passes(8 * days)
  isBroken = true
  assert.equal((await ruth.get('/feed')).statusCode, 200)
})

test('the cookie is out of reach of scripts and of other sites, and under https of every other host', async (t) => {
  const plain = await place(t)
  const ruth = await plain.comes('Ruth')
  assert.deepEqual([...ruth.cookies.keys()].sort(), ['thywill', 'thywill-browser'])
  const secure = await place(t, { env: { BASE_URL: 'https://pray.example' } })
  const ann = await secure.comes('Ann')
  assert.deepEqual([...ann.cookies.keys()].sort(), ['__Host-thywill', '__Host-thywill-browser'])

  const { token } = await secure.here.does(operator, issueLoginLink, { name: 'Ann' })
  const { cookies, headers } = await secure.browser().post(`/sign-in/${token}`, {})
  assert.match(String(headers['strict-transport-security']), /^max-age=31536000/)
  const [cookie] = cookies
  assert.ok(cookie)
  const { name, path, httpOnly, sameSite, secure: isSecure, domain } = cookie
  assert.deepEqual(
    { name, path, httpOnly, sameSite, isSecure, domain },
    { name: '__Host-thywill', path: '/', httpOnly: true, sameSite: 'Lax', isSecure: true, domain: undefined },
  )
})

test('a link can be pasted, and what is none is said to be none', async (t) => {
  const { here, browser, comes } = await place(t)
  await comes('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const answer = await browser().post('/sign-in', { link: ` http://localhost:8000/sign-in/${token} ` })
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, `/sign-in/${token}`)
  const wrong = await browser().post('/sign-in', { link: 'my link' })
  assert.equal(wrong.statusCode, 422)
  assert.equal(fieldOf(wrong, 'link'), 'my link')
  assert.match(wordsOf(wrong), /does not look like a sign-in link/)
})

test('a login link that has expired says so', async (t) => {
  const { here, browser, comes } = await place(t)
  await comes('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  here.passes(1 * hours)
  for (const answer of [
    await browser().get(`/sign-in/${token}`),
    await browser().post(`/sign-in/${token}`, {}),
  ]) {
    assert.equal(answer.statusCode, 410)
    assert.match(wordsOf(answer), /expired/)
  }
})

test('whoever is given or loses a right gets another token with the next page, and the one before ends soon', async (t) => {
  const { here, comes, browser } = await place(t)
  await here.joinsAsAdmin('Ruth')
  const tom = await comes('Tom')
  const before = tom.cookies.get('thywill') ?? ''
  here.passes(1_000)
  await here.does(operator, grantRole, { name: 'Tom', role: 'moderator' })
  here.written()

  assert.equal((await tom.get('/')).statusCode, 200)
  const after = tom.cookies.get('thywill') ?? ''
  assert.notEqual(after, before)
  assert.match(
    here.written().join(),
    /^session\.rekeyed\/1! by=m_\S+ session=s_\S+ token=[0-9a-f]{64} oldToken=[0-9a-f]{64}$/,
  )
  await tom.get('/')
  assert.equal(tom.cookies.get('thywill'), after, 'once is enough')
  assert.deepEqual(here.written(), [])

  const late = browser()
  late.cookies.set('thywill', before)
  assert.match(wordsOf(await late.get('/')), /Prayers|No requests yet/, 'what it had sent already')
  here.passes(61_000)
  assert.match(wordsOf(await late.get('/')), /Ask for prayer\. Pray for one another/)
  assert.match(wordsOf(await tom.get('/')), /Prayers|No requests yet/)
})

test('whoever had a role until a day gets another token when the day is over', async (t) => {
  const { here, comes } = await place(t)
  const tom = await comes('Tom')
  here.passes(1_000)
  await here.does(operator, grantRole, { name: 'Tom', role: 'moderator', until: '2026-11-23' })
  await tom.get('/')
  const asModerator = tom.cookies.get('thywill')
  here.passes(1 * days)
  await tom.get('/')
  assert.equal(tom.cookies.get('thywill'), asModerator)
  here.passes(1 * days)
  await tom.get('/')
  const then = tom.cookies.get('thywill')
  assert.notEqual(then, asModerator)
  await tom.get('/')
  assert.equal(tom.cookies.get('thywill'), then, 'once is enough')
})

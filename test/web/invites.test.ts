import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { fieldOf, place, wordsOf } from './browser.ts'

test('whoever has an invite opens it, says a name and is in', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, {})
  const ruth = browser()
  const page = await ruth.get(`/claim/${token}`)
  assert.equal(page.statusCode, 200)
  assert.match(wordsOf(page), /People here will see your name/)
  const answer = await ruth.post(`/claim/${token}`, { name: 'Ruth', key: fieldOf(page, 'key') ?? '' })
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, '/me/way-back')
  assert.match((await ruth.get('/')).body, /<bdi dir="auto">Ruth<\/bdi>/)
})

test('looking at an invite, however often, never uses it up', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, {})
  for (let times = 0; times < 3; times++) await browser().get(`/claim/${token}`)
  assert.equal((await browser().get(`/claim/${token}`)).statusCode, 200)
  assert.equal((await browser().post(`/claim/${token}`, { name: 'Ruth' })).statusCode, 303)
})

test('an invite that opens nothing says plainly why, to whoever looks and whoever sends', async (t) => {
  const { here, browser } = await place(t)
  const issued = () => here.does(operator, issueInvite, {})
  const used = await issued()
  await browser().post(`/claim/${used.token}`, { name: 'Ruth' })
  const revoked = await issued()
  await here.does(operator, revokeInvite, { invite: revoked.invite })
  const expired = await issued()
  here.passes(31 * days)
  const links: readonly [string, RegExp][] = [
    [used.token, /has been used/],
    [revoked.token, /taken back/],
    [expired.token, /expired/],
    ['AAAAAAAAAAAAAAAAAAAAAA', /does not work/],
  ]
  for (const [token, why] of links) {
    const answers = [
      await browser().get(`/claim/${token}`),
      await browser().post(`/claim/${token}`, { name: 'Ann' }),
    ]
    for (const answer of answers) {
      assert.equal(answer.statusCode, 410)
      assert.match(wordsOf(answer), why)
      assert.match(answer.body, /href="\/sign-in"/, 'there is a way on')
    }
  }
})

test('a name that will not do is asked for again, and what was typed stays', async (t) => {
  const { here, browser, comes } = await place(t)
  await comes('Ruth')
  const { token } = await here.does(operator, issueInvite, {})
  const answer = await browser().post(`/claim/${token}`, { name: 'ruth' })
  assert.equal(answer.statusCode, 422)
  assert.match(wordsOf(answer), /These are free: /)
  assert.equal(fieldOf(answer, 'name'), 'ruth')
  assert.match(answer.body, /id="name-mistake"/)
})

test('the same browser sending the same claim again gets its session', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, {})
  const ruth = browser()
  await ruth.get(`/claim/${token}`)
  await ruth.post(`/claim/${token}`, { name: 'Ruth' })
  ruth.cookies.delete('thywill')
  assert.equal((await ruth.post(`/claim/${token}`, { name: 'Ruth' })).statusCode, 303)
  assert.ok(ruth.cookies.has('thywill'))
  assert.equal((await browser().post(`/claim/${token}`, { name: 'Ruth' })).statusCode, 410, 'another browser')
  here.passes(2 * hours)
  ruth.cookies.delete('thywill')
  assert.equal((await ruth.post(`/claim/${token}`, { name: 'Ruth' })).statusCode, 410, 'later')
})

test('a browser that keeps no cookies is known by the key of its form', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, {})
  const key = fieldOf(await browser().get(`/claim/${token}`), 'key') ?? ''
  for (let times = 0; times < 2; times++) {
    const answer = await browser().post(`/claim/${token}`, { name: 'Ruth', key })
    assert.equal(answer.statusCode, 303)
    assert.ok(answer.cookies.some(({ name }) => name === 'thywill'))
  }
})

test('after signing out nobody else at that browser can send the claim again', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, issueInvite, {})
  const ruth = browser()
  await ruth.get(`/claim/${token}`)
  await ruth.post(`/claim/${token}`, { name: 'Ruth' })
  await ruth.post('/sign-out', {})
  assert.equal((await ruth.post(`/claim/${token}`, { name: 'Ruth' })).statusCode, 410)
})

test('whoever is signed in reads that they belong here already, and the invite stays free', async (t) => {
  const { here, browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  const { token } = await here.does(operator, issueInvite, {})
  const answer = await ruth.get(`/claim/${token}`)
  assert.equal(answer.statusCode, 200)
  assert.match(wordsOf(answer), /already belong here/)
  assert.equal((await ruth.post(`/claim/${token}`, { name: 'Ann' })).statusCode, 403)
  assert.equal((await browser().post(`/claim/${token}`, { name: 'Ann' })).statusCode, 303)
})

test('the first link says that it makes an admin', async (t) => {
  const { here, browser } = await place(t)
  const { token } = await here.does(operator, openFirstLink, {})
  assert.match(wordsOf(await browser().get(`/claim/${token}`)), /you become an admin/)
})

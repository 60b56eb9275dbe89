import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { type Place, place, wordsOf } from './browser.ts'

async function comesBack({ here, browser }: Place, name: string) {
  const { token } = await here.does(operator, issueLoginLink, { name })
  const person = browser()
  assert.equal((await person.post(`/sign-in/${token}`, {})).statusCode, 303)
  return person
}

async function admins(there: Place) {
  await there.here.joinsAsAdmin('Esther')
  return comesBack(there, 'Esther')
}

const linkOn = ({ body }: { body: string }) =>
  /http:\/\/localhost:8000(\/sign-in\/[\w-]{22})</.exec(body)?.[1]

test('an admin makes a link for somebody, the last one ends, and they see for ever who made it', async (t) => {
  const there = await place(t)
  const esther = await admins(there)
  await there.comes('Ruth')
  const first = await esther.post('/admin/login-links', { name: 'ruth' })
  there.here.passes(1 * minutes)
  const second = await esther.post('/admin/login-links', { name: 'Ruth' })
  const [old, link] = [linkOn(first), linkOn(second)]
  assert.ok(old && link && old !== link, wordsOf(second))
  assert.doesNotMatch((await esther.get('/admin/login-links')).body, /sign-in\/[\w-]{22}/, 'it is shown once')
  assert.equal((await there.browser().post(old, {})).statusCode, 410)
  const ruth = there.browser()
  assert.equal((await ruth.post(link, {})).headers.location, '/')
  assert.equal((await there.browser().post(link, {})).statusCode, 410, 'once')
  there.here.passes(30 * 24 * hours)
  await there.here.ledger.rebuild({})
  const devices = wordsOf(await ruth.get('/me/devices'))
  assert.equal(devices.match(/Made .*? by Esther/g)?.length, 2)
  assert.match(devices, /It was used\..*A newer one took its place\./)
})

test('a link that an admin made is good for half an hour', async (t) => {
  const there = await place(t)
  const esther = await admins(there)
  await there.comes('Ruth')
  const link = linkOn(await esther.post('/admin/login-links', { name: 'Ruth' })) ?? ''
  there.here.passes(30 * minutes)
  assert.equal((await there.browser().post(link, {})).statusCode, 410)
})

test('nobody makes a link for themselves; an admin gets one from a second admin or at the command line', async (t) => {
  const there = await place(t)
  const { here } = there
  const esther = await admins(there)
  await there.comes('Deborah')
  await here.does(operator, grantRole, { name: 'Deborah', role: 'admin' })
  const deborah = await comesBack(there, 'Deborah')
  here.written()
  const own = await esther.post('/admin/login-links', { name: 'Esther' })
  assert.equal(own.statusCode, 422)
  assert.match(wordsOf(own), /Nobody makes a link for themselves/)
  assert.deepEqual(here.written(), [])
  const link = linkOn(await deborah.post('/admin/login-links', { name: 'Esther' }))
  assert.ok(link)
  assert.match(here.written().join(), /^login-link\.issued\/1 by=m_/)
})

test('only admins make links, with a sign-in that is fresh, for people who are here', async (t) => {
  const there = await place(t)
  const { here } = there
  const esther = await admins(there)
  const tom = await there.comes('Tom')
  await here.does(operator, grantRole, { name: 'Tom', role: 'moderator' })
  for (const [person, status] of [
    [tom, 404],
    [there.browser(), 401],
  ] as const) {
    assert.equal((await person.get('/admin/login-links')).statusCode, status)
    assert.equal((await person.post('/admin/login-links', { name: 'Esther' })).statusCode, status)
  }
  const unknown = await esther.post('/admin/login-links', { name: 'Nobody' })
  assert.equal(unknown.statusCode, 422)
  assert.match(unknown.body, /value="Nobody"/)
  here.passes(13 * hours)
  assert.equal((await esther.post('/admin/login-links', { name: 'Tom' })).statusCode, 401)
})

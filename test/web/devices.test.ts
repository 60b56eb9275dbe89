import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { type Browser, type Place, place, wordsOf } from './browser.ts'

const phone = {
  'user-agent':
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
}

/** Somebody who is here comes in on one device more. */
async function comesBack({ here, browser }: Place, name: string, shared = ''): Promise<Browser> {
  const person = browser()
  const { token } = await here.does(operator, issueLoginLink, { name })
  assert.equal((await person.post(`/sign-in/${token}`, { shared }, phone)).statusCode, 303)
  return person
}

/** The words of a page; where a tag ends there is no blank. */
const said = (page: Parameters<typeof wordsOf>[0]) => wordsOf(page).replaceAll(' .', '.')

const isIn = async (person: Browser) => (await person.get('/feed')).statusCode === 200
const closings = (body: string) =>
  [...body.matchAll(/action="(\/me\/devices\/s_\w+\/sign-out)"/g)].map(([, path]) => path)

test('somebody sees where they are signed in, how they came and whether it is in use', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  await comesBack(at, 'Ruth')
  await comesBack(at, 'Ruth', 'yes')
  await at.comes('Ann')
  const words = said(await ruth.get('/me/devices'))
  assert.match(
    words,
    /a device that did not say what it is \(this one\) You joined here just now\. Used this week\./,
  )
  assert.match(words, /a phone with Android, Chrome You came by a sign-in link just now\. Used this week\./)
  assert.match(words, /Others use it, too: it ends with the browser, or on 22 November 2026, 19:00 UTC\./)
  assert.equal(closings((await ruth.get('/me/devices')).body).length, 2, 'her own alone')

  at.here.passes(8 * days)
  await ruth.get('/')
  const later = said(await ruth.get('/me/devices'))
  assert.match(later, /\(this one\) You joined here 22 November\. Used this week\./)
  assert.match(later, /Chrome You came by a sign-in link 22 November\. Used within the last two weeks\./)
  assert.doesNotMatch(later, /Others use it, too/, 'that one is over')
  at.here.passes(8 * days)
  assert.match(said(await ruth.get('/me/devices')), /Chrome .*Not used lately\./)
})

test('one device is signed out at once, and so is the one in hand', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const onPhone = await comesBack(at, 'Ruth')
  const ann = await at.comes('Ann')
  const [path = ''] = closings((await ruth.get('/me/devices')).body)
  assert.equal((await ann.post(path, {})).statusCode, 404, 'what is somebody else’s is not there')
  assert.ok(await isIn(onPhone))
  assert.equal((await ruth.post(path, {})).headers.location, '/me/devices')
  assert.deepEqual([await isIn(onPhone), await isIn(ruth)], [false, true])
  assert.equal((await ruth.post(path, {})).statusCode, 404)

  const session = at.here.heldBy(ruth.cookies.get('thywill') ?? '')?.session
  const own = await ruth.post(`/me/devices/${session}/sign-out`, {})
  assert.equal(own.headers.location, '/')
  assert.equal(ruth.cookies.has('thywill'), false)
  assert.ok(!(await isIn(ruth)))
})

test('all others are signed out at once, and nobody else', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const others = [await comesBack(at, 'Ruth'), await comesBack(at, 'Ruth', 'yes')]
  const ann = await at.comes('Ann')
  at.here.written()
  assert.equal((await ruth.post('/me/devices/sign-out', {})).headers.location, '/me/devices')
  assert.equal(at.here.written().filter((header) => header.startsWith('session.closed')).length, 2)
  assert.deepEqual(await Promise.all(others.map(isIn)), [false, false])
  assert.deepEqual([await isIn(ruth), await isIn(ann)], [true, true])
  assert.doesNotMatch((await ruth.get('/me/devices')).body, /action="\/me\/devices\/sign-out"/)
})

test('ending others asks for a fresh sign-in after twelve hours, and then gives the button back', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const other = await comesBack(at, 'Ruth')
  at.here.passes(12 * hours)
  const refused = await ruth.post('/me/devices/sign-out', {})
  assert.equal(refused.statusCode, 401)
  assert.match(wordsOf(refused), /^Show once more that it is you/)
  assert.ok(await isIn(other))

  const { token } = await at.here.does(operator, issueLoginLink, { name: 'Ruth' })
  const sent = { again: 'yes', next: '/me/devices/sign-out', unsent: '&' }
  const back = await ruth.post(`/sign-in/${token}`, sent)
  assert.match(back.body, /<form class="form" method="post" action="\/me\/devices\/sign-out">/)
  await ruth.post('/me/devices/sign-out', {})
  assert.deepEqual([await isIn(other), await isIn(ruth)], [false, true])
})

test('every sign-in link that was made for somebody stands there for good, with who made it', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  assert.match(said(await ruth.get('/me/devices')), /None, ever\./)
  await comesBack(at, 'Ruth')
  const boaz = await at.here.joins('Boaz')
  await at.here.does(operator, grantRole, { name: 'Boaz', role: 'admin' })
  await at.here.does(boaz, issueLoginLink, { name: 'Ruth' })
  at.here.passes(3 * days)
  const words = said(await ruth.get('/me/devices'))
  assert.match(words, /Made 3 days ago by Boaz\. Nobody used it\./)
  assert.match(words, /Made 3 days ago by the person who runs the server\. It was used\./)
})

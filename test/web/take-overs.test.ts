import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { operator } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { memberByName } from '../../src/queries/members.ts'
import { hasAdmin } from '../../src/queries/roles.ts'
import { signInById } from '../../src/queries/sign-ins.ts'
import { memberJoined } from '../../src/records/members.ts'
import { settingChanged } from '../../src/records/settings.ts'
import { type Browser, type Place, place } from './browser.ts'
import { attempts, knocks, numberAt } from './door.ts'

/*
 * The twelve ways in which the older program could be taken over, each tried here as somebody would try it. None works.
 */

interface Route {
  readonly method: string
  readonly url: string
}

interface Town extends Place {
  readonly routes: readonly Route[]
  /** The first admin. */
  readonly esther: Browser
  readonly ruth: Browser
  /** A request that everyone here sees. */
  readonly prayer: string
}

const secretWords = 'Only for those who belong here'

/** A site with an admin, a member and a request, and every route that it has. */
async function town(t: TestContext): Promise<Town> {
  const routes: Route[] = []
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, url })
    })
  }
  subscribe('fastify.initialization', watch)
  const there = await place(t, { env: { RATE_LIMITS: 'off' } })
  unsubscribe('fastify.initialization', watch)
  assert.ok(routes.length > 40, 'the routes are found')

  await there.here.joinsAsAdmin('Esther')
  const esther = await comesBack(there, 'Esther')
  const ruth = await there.comes('Ruth')
  await ruth.post('/prayers', { request: secretWords })
  const [, prayer = ''] = /href="(\/prayers\/p_\w{16})/.exec((await ruth.get('/feed')).body) ?? []
  assert.match((await ruth.get(prayer)).body, new RegExp(secretWords))
  return { ...there, routes, esther, ruth, prayer }
}

async function comesBack({ here, browser }: Place, name: string): Promise<Browser> {
  const { token } = await here.does(operator, issueLoginLink, { name })
  const person = browser()
  assert.equal((await person.post(`/sign-in/${token}`, {})).statusCode, 303)
  return person
}

/** An address for every route, with something for each of its parameters. */
const addressOf = ({ url }: Route, { prayer }: Town) =>
  url
    .replace(':prayer', prayer.replace('/prayers/', ''))
    .replace(/:token/, 'x'.repeat(22))
    .replace(/:\w+|\*/g, 'n_0123456789abcdef')

const nameIn = ({ body }: { body: string }) => /<p class="reader">.*?<bdi[^>]*>([^<]*)</.exec(body)?.[1]
const writes = ({ here }: Place, draft: Draft) => here.ledger.record(() => ({ drafts: [draft], result: {} }))

test('1. whoever only says that they are an admin can do nothing at all', async (t) => {
  const there = await town(t)
  const thief = await knocks(there, 'Esther')
  const [signIn] = await attempts(there, 'Esther')
  const code = await numberAt(thief)
  there.here.written()
  const guarded = there.routes.filter(({ url }) => /^\/(admin|me|people|prayers|feed|vouch)/.test(url))
  assert.ok(guarded.some(({ url }) => url.startsWith('/admin')) && guarded.length > 30)
  for (const route of guarded) {
    const at = addressOf(route, there)
    const answer =
      route.method === 'GET' ? await thief.get(at) : await thief.post(at, { name: 'Esther', role: 'admin' })
    assert.equal(answer.statusCode, 401, `${route.method} ${at}`)
  }
  const own = await thief.post(`/me/sign-ins/${signIn}/approvals`, { code })
  assert.equal(own.statusCode, 401, 'nobody lets themselves in')
  assert.equal((await thief.post('/sign-in/waiting', {})).statusCode, 410)
  assert.deepEqual(there.here.written(), [])
})

test('2. no name makes an admin', async (t) => {
  const there = await town(t)
  for (const name of [
    'admin',
    'Admin',
    ' ADMIN ',
    'аdmin',
    'a.d.m.i.n',
    'administrator',
    'system',
    'operator',
    'Moderator',
  ]) {
    const { token } = await there.here.does(operator, issueInvite, {})
    assert.equal((await there.browser().post(`/claim/${token}`, { name })).statusCode, 422, name)
  }
  const { token } = await there.here.does(operator, issueInvite, {})
  const eve = there.browser()
  await eve.post(`/claim/${token}`, { name: 'Eve', role: 'admin', admin: 'true', makesAdmin: 'true' })
  assert.equal((await eve.get('/admin/recovery')).statusCode, 404)
})

test('3. a link opens only what it was made for, and looking at it opens nothing', async (t) => {
  const there = await town(t)
  const { here, browser } = there
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const { token: invite } = await here.does(operator, issueInvite, {})
  here.written()
  for (const at of [`/sign-in/${token}`, `/claim/${invite}`])
    for (let look = 0; look < 3; look++) {
      const preview = browser()
      assert.equal((await preview.get(at)).statusCode, 200)
      assert.equal((await preview.get('/feed')).statusCode, 401)
    }
  for (const swapped of [`/sign-in/${invite}`, `/claim/${token}`, `/sign-in/mail/${token}`])
    assert.ok([404, 410].includes((await browser().post(swapped, { name: 'Esther' })).statusCode), swapped)
  assert.equal((await browser().post(`/claim/${invite}`, { name: 'Esther' })).statusCode, 422)
  assert.deepEqual(here.written(), [])
  const thief = browser()
  await thief.post(`/sign-in/${token}`, {
    name: 'Esther',
    member: memberByName(here.ledger.cache(), 'Esther')?.id ?? '',
  })
  assert.equal(nameIn(await thief.get('/feed')), 'Ruth')
})

test('4. what the program itself makes gives no right that it does not name', async (t) => {
  const there = await town(t)
  const { here } = there
  const tom = await there.comes('Tom')
  const tomAgain = await comesBack(there, 'Tom')
  await here.ledger.rebuild({})
  assert.equal(here.text().match(/ role\.granted\//g)?.length, 1, 'that of the first admin')
  for (const person of [tom, tomAgain]) assert.equal((await person.get('/admin/recovery')).statusCode, 404)
  assert.equal((await there.esther.get('/admin/recovery')).statusCode, 200)
})

test('5. a rebuild makes nobody an admin, brings no session back, and the archive has none that could be used', async (t) => {
  const there = await place(t)
  const { here } = there
  const first = await there.comes('First')
  const ended = new Map(first.cookies)
  const kept = await there.comes('Second')
  await first.post('/sign-out', {})
  await here.ledger.rebuild({})
  assert.equal(hasAdmin(here.ledger.cache(), here.now()), false, 'the first to come is not made one')
  const thief = there.browser()
  for (const [name, value] of ended) thief.cookies.set(name, value)
  assert.equal((await thief.get('/feed')).statusCode, 401)
  assert.equal((await kept.get('/feed')).statusCode, 200)

  const files = readdirSync(here.options.archive, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  const text = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('')
  for (const cookie of [...kept.cookies.values(), ...ended.values()]) assert.ok(!text.includes(cookie))
  const ids = [...text.matchAll(/\bs_\w{16}|(?<=token=)[0-9a-f]{64}/g)].map(([one]) => one)
  assert.ok(ids.length >= 4)
  for (const id of ids) {
    const reader = there.browser()
    reader.cookies.set('thywill', id)
    assert.equal((await reader.get('/feed')).statusCode, 401, 'what stands in the archive opens nothing')
  }
})

test('6. no other site makes a browser do anything, and looking changes nothing', async (t) => {
  const there = await town(t)
  there.here.written()
  const posts = there.routes.filter(({ method }) => method === 'POST')
  assert.ok(posts.length > 15)
  for (const route of posts)
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', host: 'localhost:8000' },
      { origin: 'null', host: 'localhost:8000' },
    ]) {
      const { statusCode } = await there.esther.post(
        addressOf(route, there),
        { name: 'Ruth', role: 'admin' },
        headers,
      )
      assert.equal(statusCode, 403, route.url)
    }
  const looks = there.routes.filter(({ method, url }) => method === 'GET' && !url.includes('live'))
  for (const route of looks) await there.esther.get(addressOf(route, there))
  assert.deepEqual(there.here.written(), [])
})

test('7. no two members let anybody in to look after the site, and none of them sees the number', async (t) => {
  const there = await town(t)
  const { here, ruth, esther } = there
  const tom = await there.comes('Tom')
  const thief = await knocks(there, 'Esther')
  const [signIn = ''] = await attempts(there, 'Esther')
  const code = await numberAt(thief)
  for (const isOn of [false, true]) {
    if (isOn) await writes(there, settingChanged.of({ by: 'operator', setting: 'vouching', value: 'yes' }))
    for (const friend of [ruth, tom]) {
      const vouched = await friend.post('/vouch', { name: 'Esther', code, sure: 'yes' })
      assert.equal(vouched.statusCode, isOn ? 422 : 404)
      assert.equal((await friend.post(`/me/sign-ins/${signIn}/approvals`, { code })).statusCode, 404)
      const digits = new RegExp(code.replace(' ', ' ?'))
      for (const at of ['/', '/me/sign-ins', '/vouch?name=Esther'])
        assert.doesNotMatch((await friend.get(at)).body, digits)
    }
  }
  assert.doesNotMatch((await esther.get(`/me/sign-ins/${signIn}`)).body, new RegExp(code))
  assert.equal((await thief.post('/sign-in/waiting', {})).statusCode, 410)
  assert.equal(signInById(here.ledger.cache(), signIn)?.state, 'asked')
})

test('8. nobody hides a request of somebody else, whoever they say they are', async (t) => {
  const there = await town(t)
  const { prayer, ruth } = there
  const [stranger, waiting, tom] = [there.browser(), await knocks(there, 'Ruth'), await there.comes('Tom')]
  there.here.written()
  // Whoever may see it can ask moderators to look, with a reason, and then it still stands there.
  for (const [what, refused] of [
    ['flag', 404],
    ['flags', 422],
    ['rest', 403],
    ['withdrawal', 404],
    ['erase', 404],
    ['archive', 404],
    ['deletions', 404],
  ] as const)
    for (const [somebody, status] of [
      [stranger, 401],
      [waiting, 401],
      [tom, refused],
    ] as const)
      assert.equal((await somebody.post(`${prayer}/${what}`, {})).statusCode, status, what)
  await attempts(there, 'Ruth')
  assert.deepEqual(
    there.here.written().filter((header) => !header.startsWith('sign-in.asked')),
    [],
  )
  assert.match((await ruth.get(prayer)).body, new RegExp(secretWords))
})

test('9. nothing private is kept in a browser for whoever comes next', async (t) => {
  const { ruth, prayer, browser } = await town(t)
  for (const at of ['/', '/feed', prayer, '/me', '/me/sign-ins', '/people']) {
    const { headers, body } = await ruth.get(at)
    assert.equal(headers['cache-control'], 'no-store', at)
    assert.match(String(headers['content-security-policy']), /worker-src 'none'/)
    for (const token of ruth.cookies.values())
      assert.ok(!body.includes(token), 'no page has the session in it')
  }
  for (const at of ['/sw.js', '/service-worker.js', '/api/session/info', '/api/session/restore'])
    assert.notEqual((await browser().get(at)).statusCode, 200)
  const script = readdirSync(join(import.meta.dirname, '../../public')).filter((name) => name.endsWith('.js'))
  for (const name of script)
    assert.doesNotMatch(
      readFileSync(join(import.meta.dirname, '../../public', name), 'utf8'),
      /serviceWorker|document\.cookie = (?!`zone=)|localStorage\.setItem/,
    )
  assert.equal((await ruth.post('/sign-out', {})).headers['clear-site-data'], '"cache", "storage"')
})

test('10. who is only waiting reads nothing of the community, at no address', async (t) => {
  const there = await town(t)
  const waiting = await knocks(there, 'Ruth')
  const addresses = there.routes
    .filter(({ method }) => method === 'GET')
    .map((route) => addressOf(route, there))
  for (const at of [
    ...addresses,
    '/export',
    '/export/text-archive',
    '/api/archive',
    '/files/2026/2026-11.txt',
  ]) {
    const { body, statusCode } = await waiting.get(at)
    assert.ok(!body.includes(secretWords) && !body.includes('Esther'), at)
    assert.ok(statusCode !== 500, at)
  }
})

test('11. no address leads to a file or to another site, and no name from an archive is markup', async (t) => {
  const there = await town(t)
  const { here, browser, esther } = there
  for (const at of [
    '/assets/../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/x/..%2f..%2fpackage.json',
    '/assets/x/*',
    '/files/*',
    '/prayers/p_*',
    '/prayers/%25',
  ])
    assert.doesNotMatch((await esther.get(at)).body, /"dependencies"|@1 2026|Only for those/, at)
  for (const next of ['/\\evil.example', '//evil.example', 'https://evil.example', '/\t/evil.example']) {
    const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
    const { headers } = await browser().post(`/sign-in/${token}`, { next })
    assert.equal(headers.location, '/', next)
  }
  const name = '<img src=x onerror="alert(1)">'
  await writes(there, memberJoined.of({ by: 'operator', member: 'm_0000000000000000', name }))
  const page = await esther.get('/people')
  assert.match(page.body, /&lt;img src=x/)
  for (const at of ['/people', '/people/m_0000000000000000', '/feed'])
    assert.doesNotMatch((await esther.get(at)).body, /<img/)
})

test('12. nobody learns who is here, and no mistake tells how the site is made', async (t) => {
  let isBroken = false
  const there = await place(t, {
    env: { RATE_LIMITS: 'off' },
    site: ({ record }) => ({
      record: (rehearse) =>
        isBroken ? Promise.reject(new Error('SQLITE_IOERR /srv/secret')) : record(rehearse),
    }),
  })
  const ruth = await there.comes('Ruth')
  const answers = []
  for (const name of ['Ruth', 'Zack']) {
    const stranger = there.browser()
    const door = await stranger.post('/sign-in/door', { called: name })
    const pages = [door, await stranger.get('/sign-in/waiting'), await stranger.post('/sign-in/waiting', {})]
    answers.push(
      pages.map(({ statusCode, headers, body }) => [
        ...[statusCode, headers.location, headers['content-length']],
        body
          .replaceAll(name, 'NAME')
          .replace(/\d{3} \d{3}/g, '')
          .replace(/[\w-]{22}/g, ''),
      ]),
    )
  }
  assert.deepEqual(answers[0], answers[1])
  for (const at of [
    '/people/m_0000000000000000',
    `/people/${memberByName(there.here.ledger.cache(), 'Ruth')?.id}`,
  ])
    assert.equal((await there.browser().get(at)).statusCode, 401)
  isBroken = true
  const broken = await ruth.post(
    '/me/sign-ins/n_0123456789abcdef/refusals',
    {},
    { accept: 'application/json' },
  )
  assert.equal(broken.statusCode, 500)
  assert.doesNotMatch(broken.body, /SQLITE|secret|at \w+ \(|node:/)
  assert.equal(broken.headers.location, undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldOf, place, wordsOf } from './browser.ts'

/** What differs between two moments, and between two addresses that were asked for: not between two answers. */
const still = (body: string) =>
  body.replace(/data-now="[^"]*"/, '').replace(/<input type="hidden" name="next" [^>]*>\n/g, '')

test('a signed-out visitor cannot tell what is hidden from what is not there', async (t) => {
  const { browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  const { headers } = await ruth.post('/prayers', { request: 'Please.' })
  const visitor = browser()
  const hidden = await visitor.get(String(headers.location))
  assert.equal(hidden.statusCode, 401)
  assert.match(wordsOf(hidden), /^Sign in /)
  for (const path of [
    '/prayers/p_0000000000000000',
    '/prayers/new',
    '/feed',
    '/sign-out',
    '/nothing/at/all',
    '/%zz',
  ]) {
    const absent = await visitor.get(path)
    assert.equal(absent.statusCode, 401, path)
    // Only the menu knows which page this is.
    assert.equal(still(absent.body).replace(/ aria-current="page"/g, ''), still(hidden.body), path)
    assert.deepEqual(Object.keys(absent.headers).sort(), Object.keys(hidden.headers).sort(), path)
  }
  for (const path of [
    '/prayers',
    '/prayers/preview',
    `${headers.location}/marks`,
    '/prayers/p_0000000000000000/marks',
  ])
    assert.equal((await visitor.post(path, { request: 'Please.' })).statusCode, 401, path)
})

test('what is not there is a friendly 404 for a member, however the address is bent', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const paths = [
    '/nothing',
    '/prayers/p_0000000000000000',
    '/prayers/%00',
    '/prayers/%zz',
    '/claim/%E0%A4%A',
    `/prayers/${'x'.repeat(3000)}`,
    '/feed?before=x',
    '/feed?before=1&before=2',
    '/feed?before=99999999999999999999',
  ]
  for (const path of paths) {
    const answer = await ruth.get(path)
    assert.equal(answer.statusCode, 404, path)
    assert.match(wordsOf(answer), /^There is nothing here/)
  }
  assert.equal((await ruth.post('/prayers/p_0000000000000000/marks', {})).statusCode, 404)
  assert.equal((await ruth.post('/feed', {})).statusCode, 404)
})

test('another site cannot act for a member, and a browser that says nothing about itself can', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const crossSite = await ruth.post('/prayers', { request: 'Evil.' }, { 'sec-fetch-site': 'cross-site' })
  assert.equal(crossSite.statusCode, 403)
  assert.match(wordsOf(crossSite), /came from another site, so nothing was done/)
  assert.equal((await ruth.post('/prayers', { request: 'Evil.' }, { origin: 'null' })).statusCode, 403)
  assert.doesNotMatch((await ruth.get('/')).body, /Evil/)
  assert.equal((await ruth.post('/prayers', { request: 'Mine.' })).statusCode, 303)
  assert.equal(
    (await ruth.post('/prayers', { request: 'Mine.' }, { 'sec-fetch-site': 'same-origin' })).statusCode,
    303,
  )
})

test('whoever asks too often is told when to come back, and others are not held up', async (t) => {
  const { app, browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  const visitor = browser()
  let answer = await visitor.get('/nothing')
  for (let n = 0; n < 1300 && answer.statusCode === 401; n++) answer = await visitor.get('/nothing')
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) <= 60)
  assert.match(wordsOf(answer), /Come back in \d+ seconds?\./)
  assert.equal((await visitor.get('/nothing', { cookie: 'thywill=AAAAAAAAAAAAAAAAAAAAAA' })).statusCode, 429)
  assert.equal((await ruth.get('/')).statusCode, 200)
  assert.equal((await app.inject('/healthz')).statusCode, 200)
})

test('a defect is a friendly 500 that shows nothing of itself', async (t) => {
  let isBroken = false
  const { app, comes } = await place(t, {
    site: ({ cache }) => ({
      cache: () => {
        if (isBroken) throw new Error('SQLITE_CORRUPT: somewhere')
        return cache()
      },
    }),
  })
  const ruth = await comes('Ruth')
  isBroken = true
  const answer = await ruth.get('/feed')
  assert.equal(answer.statusCode, 500)
  assert.match(wordsOf(answer), /Something broke on our side/)
  assert.doesNotMatch(answer.body, /SQLITE/)
  assert.equal((await app.inject('/healthz')).body, 'ok\n')
})

test('while the cache is made, pages say so and come back by themselves', async (t) => {
  let percent = 43
  const { app, browser } = await place(t, {
    site: () => ({
      cache: () => assert.fail('nobody asks the cache before it is there'),
      readiness: () => ({ ready: percent === 100, phase: 'rebuild', percent, etaSeconds: 61 }),
    }),
  })
  const page = await browser().get('/feed', { cookie: 'thywill=AAAAAAAAAAAAAAAAAAAAAA' })
  assert.equal(page.statusCode, 503)
  assert.equal(page.headers.refresh, '5')
  assert.match(wordsOf(page), /43% so far\. It will take about 61 seconds more\./)
  const ready = await app.inject('/readyz')
  assert.equal(ready.statusCode, 503)
  assert.deepEqual(ready.json(), { ready: false, phase: 'rebuild', percent: 43, etaSeconds: 61 })
  assert.equal((await app.inject('/healthz')).statusCode, 200)
  percent = 100
  assert.equal((await app.inject('/readyz')).statusCode, 200)
})

test('a form that is sent while the cache is made comes back with its words, to be sent again', async (t) => {
  let isReady = false
  const { comes, browser } = await place(t, {
    site: ({ cache }) => ({
      cache: () => (isReady ? cache() : assert.fail('nobody asks the cache before it is there')),
      readiness: () => ({ ready: isReady, phase: 'rebuild', percent: 43, etaSeconds: 61 }),
    }),
  })
  const words = 'Words <of> an hour & more.\n\nLine two.'
  const sent = { key: 'k1', request: words, forWhom: '', more: 'a' }
  const page = await browser().post('/prayers', sent, { cookie: 'thywill=AAAAAAAAAAAAAAAAAAAAAA' })
  assert.equal(page.statusCode, 503)
  assert.equal(page.headers.refresh, undefined, 'it stays where it is')
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.match(wordsOf(page), /nothing is lost\. .*43% so far\. It will take about 61 seconds more\./)
  assert.match(page.body, /<form class="form" method="post" action="\/prayers">/)
  assert.match(
    page.body,
    /<textarea [^>]*name="request"[^>]*readonly>\n?Words &lt;of&gt; an hour &amp; more\.\n\nLine two\.</,
  )
  assert.equal(fieldOf(page, 'key'), 'k1')
  assert.equal(fieldOf(page, 'more'), 'a')
  assert.match(page.body, /<button class="button">Send it again</)

  const token = 'SBAojBcXSHEfCW6J5klMhg'
  assert.match(
    (await browser().post(`/claim/${token}`, { name: 'Ann' })).body,
    new RegExp(`action="/claim/${token}"`),
  )

  for (const [what, path, headers] of [
    ['another site', '/prayers', { 'sec-fetch-site': 'cross-site' }],
    ['another origin', '/prayers', { origin: 'https://evil.example' }],
    ['no address of ours', '/nothing', {}],
    ['no form', '/prayers', { 'content-type': 'application/json' }],
    ['files', '/prayers', { 'content-type': 'multipart/form-data; boundary=x' }],
  ] as const) {
    const plain = await browser().post(path, sent, headers)
    assert.equal(plain.statusCode, 503, what)
    assert.equal(plain.headers.refresh, '5', what)
    assert.doesNotMatch(plain.body, /Words|<form/, what)
  }
  const long = await browser().post('/prayers', { request: 'x'.repeat(300_000) })
  assert.equal(long.statusCode, 413)
  assert.match(wordsOf(long), /^That is too long/)

  isReady = true
  const ruth = await comes('Ruth')
  assert.equal((await ruth.post('/prayers', sent)).statusCode, 303)
})

test('who runs into a cache that is being mended is asked for a moment', async (t) => {
  const damage = new Error('database disk image is malformed')
  let isDamaged = false
  const { comes } = await place(t, {
    site: ({ cache }) => ({
      isMending: (error) => error === damage,
      cache: () => {
        if (isDamaged) throw damage
        return cache()
      },
    }),
  })
  const ruth = await comes('Ruth')
  isDamaged = true
  for (const path of ['/', '/prayers/new', '/prayers/p_0000000000000000']) {
    const answer = await ruth.get(path)
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers.refresh, '5')
    assert.match(wordsOf(answer), /^One moment: the site is getting ready/)
  }
})

test('nothing but a form is read, so that no words come in that no form can hold', async (t) => {
  const { browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  const cookie = [...ruth.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const type of ['application/json', 'text/plain', 'application/xml']) {
    const answer = await ruth.post('/prayers', { request: 'Please.' }, { cookie, 'content-type': type })
    assert.equal(answer.statusCode, 415, type)
    assert.match(wordsOf(answer), /^That could not be read/)
    const asked = await browser().post('/sign-in/door', { called: 'Ruth' }, { 'content-type': type })
    assert.equal(asked.statusCode, 415, type)
  }
})

test('programs get their refusals as problem details', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const answer = await ruth.get('/nothing', { accept: 'application/json' })
  assert.equal(answer.statusCode, 404)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.equal(answer.json().title, 'There is nothing here')
})

test('every answer carries the policy, and no page may be kept', async (t) => {
  const { app, comes } = await place(t)
  const ruth = await comes('Ruth')
  for (const path of ['/', '/feed', '/sign-out', '/nothing', '/prayers/new']) {
    const { headers } = await ruth.get(path)
    assert.equal(headers['cache-control'], 'no-store', path)
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none'; script-src 'self';.*trusted-types thywill$/,
    )
    assert.equal(headers['referrer-policy'], 'same-origin')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['strict-transport-security'], undefined)
  }
  assert.ok((await app.inject('/healthz')).headers['content-security-policy'])
  assert.equal((await app.inject({ method: 'HEAD', url: '/' })).body, '')
})

test('the log says which route, and never an address, a name, a token or a prayer', async (t) => {
  const lines: string[] = []
  let isBroken = false
  const { comes, browser } = await place(t, {
    env: { LOG_LEVEL: 'trace' },
    lines: { write: (line) => void lines.push(line) },
    site: ({ record }) => ({
      record: (rehearse) => (isBroken ? Promise.reject(new Error('disk')) : record(rehearse)),
    }),
  })
  const ruth = await comes('Rutherford')
  const token = 'SBAojBcXSHEfCW6J5klMhg'
  await browser().get(`/claim/${token}`)
  await browser().get(`/sign-in/${token}`)
  await browser().post('/sign-in', { link: token })
  const { headers } = await ruth.post('/prayers', { request: 'Hidden words' })
  for (const path of [headers.location, '/search', '/feed', '/people']) await ruth.get(`${path}?q=hidden`)
  isBroken = true
  await ruth.post('/prayers', { request: 'Hidden words' })
  await ruth.post('/prayers', { request: 'x'.repeat(300_000) })
  const log = lines.join('')
  assert.match(log, /"route":"\/claim\/:token"/)
  assert.match(log, /"message":"disk"/)
  assert.doesNotMatch(
    log,
    new RegExp(
      `${token}|Hidden|hidden|Rutherford|${headers.location}|${[...ruth.cookies.values()].join('|')}`,
    ),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { operator } from '../../src/kernel/actor.ts'
import { localPath } from '../../src/web/addresses.ts'
import { deviceOf } from '../../src/web/devices.ts'
import { fieldOf, place, wordsOf } from './browser.ts'

test('whoever was on the way somewhere gets there by signing in', async (t) => {
  const { here, browser, comes } = await place(t)
  await comes('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const ruth = browser()
  const asked = await ruth.get('/prayers/new?x=1')
  assert.equal(asked.statusCode, 401)
  assert.equal(fieldOf(asked, 'next'), '/prayers/new?x=1')
  const page = await ruth.post('/sign-in', { link: token, next: '/prayers/new?x=1' })
  assert.match(wordsOf(page), /Welcome back, Ruth/)
  assert.equal(fieldOf(page, 'next'), '/prayers/new?x=1')
  const come = await ruth.post(`/sign-in/${token}`, { next: '/prayers/new?x=1' })
  assert.equal(come.statusCode, 303)
  assert.equal(come.headers.location, '/prayers/new?x=1')
})

test('what somebody had written when their session was over comes back after they sign in', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  ruth.cookies.clear()
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const refused = await ruth.post('/prayers', { request: 'Hard & <won> words', key: 'k' })
  assert.equal(refused.statusCode, 401)
  const unsent = (fieldOf(refused, 'unsent') ?? '').replaceAll('&amp;', '&')
  assert.equal(unsent, 'request=Hard+%26+%3Cwon%3E+words&key=k')

  const back = await ruth.post(`/sign-in/${token}`, { next: '/prayers', unsent })
  assert.equal(back.statusCode, 200)
  assert.match(back.body, /class="reader"><bdi dir="auto">Ruth</, 'the page knows who has come')
  assert.match(back.body, /<form class="form" method="post" action="\/prayers">/)
  assert.match(back.body, /<textarea [^>]*name="request"[^>]*>\n?Hard &amp; &lt;won&gt; words</)
  assert.equal(fieldOf(back, 'key'), 'k')
})

test('nobody is led away from this site, however the address is written', async (t) => {
  const { here, browser, comes } = await place(t)
  await comes('Ruth')
  const elsewhere = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example',
    'evil.example',
    'javascript:alert(1)',
    '/a\\b',
    ' /x',
  ]
  for (const next of elsewhere) {
    assert.equal(localPath(next), undefined, next)
    const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
    const { headers } = await browser().post(`/sign-in/${token}`, { next })
    assert.equal(headers.location, '/', next)
  }
  for (const next of ['/', '/feed?before=7', '/prayers/p_1#x', '/a//b']) assert.equal(localPath(next), next)
})

test('a link that somebody else wrote puts no form into the hands of whoever signs in by it', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const planted = '?next=%2Fpeople%2Fm_0000000000000000%2Fapart&unsent=name%3DTom'
  const asked = [await ruth.get(`/sign-in/again${planted}`)]
  ruth.cookies.clear()
  asked.push(await ruth.get(`/sign-in${planted}`))
  for (const page of asked) {
    assert.equal(page.statusCode, 200)
    assert.equal(fieldOf(page, 'next'), '/people/m_0000000000000000/apart')
    assert.equal(fieldOf(page, 'unsent') ?? '', '')
  }
})

test('on a device that others use, too, the cookie goes with the browser', async (t) => {
  const { here, browser, comes } = await place(t)
  await comes('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const { cookies } = await browser().post(`/sign-in/${token}`, { shared: 'yes' })
  assert.deepEqual(
    cookies.map(({ expires, maxAge }) => [expires, maxAge]),
    [[undefined, undefined]],
  )
})

test('a device is called what its owner calls it', () => {
  const seen: readonly (readonly [userAgent: string | undefined, words: string | undefined])[] = [
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      'a phone with Android, Chrome',
    ],
    [
      'Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Safari/537.36',
      'a tablet with Android, Samsung Internet',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'an iPhone, Safari',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1',
      'an iPhone, Chrome',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
      'a Mac or iPad, Safari',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0',
      'a Mac, Firefox',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
      'a computer with Windows, Edge',
    ],
    ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/126.0.0.0 Safari/537.36', 'a Chromebook, Chrome'],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      'a computer with Linux, Firefox',
    ],
    ['curl/8.5.0', undefined],
    ['x'.repeat(100_000), undefined],
    [undefined, undefined],
  ]
  for (const [userAgent, words] of seen) assert.equal(deviceOf(userAgent), words, String(userAgent))
})

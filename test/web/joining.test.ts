import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendApplication } from '../../src/commands/applications.ts'
import { inviteSomebody, issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { type Browser, fieldOf, type Place, place, wordsOf } from './browser.ts'

/** A place with words that are sealed, and its first admin. */
async function beginning(t: Parameters<typeof place>[0]) {
  const whole = await place(t)
  await whole.here.namesKey()
  const admin = await whole.here.joinsAsAdmin('Ruth')
  return { ...whole, admin, ruth: await signedIn(whole, 'Ruth') }
}

async function signedIn({ here, browser }: Place, name: string): Promise<Browser> {
  const { token } = await here.does(operator, issueLoginLink, { name })
  const person = browser()
  assert.equal((await person.post(`/sign-in/${token}`, {})).statusCode, 303)
  return person
}

const words = { name: 'Esther Vashti', why: 'I know Ruth from school.', contact: 'esther@example.org' }

test('a member makes a link, sees it once with a picture of it, and whoever opens it reads their words', async (t) => {
  const { ruth, browser } = await beginning(t)
  const form = await ruth.get('/invites')
  const sent = { note: 'Come, dear Esther.', key: fieldOf(form, 'key') ?? '' }
  const made = await ruth.post('/invites', sent)
  assert.equal(made.statusCode, 303)
  assert.equal((await ruth.post('/invites', sent)).headers.location, made.headers.location, 'sent twice')
  const page = await ruth.get(String(made.headers.location))
  const [, path = ''] = /value="http:\/\/localhost:8000(\/claim\/[\w-]{22})"/.exec(page.body) ?? []
  assert.match(page.body, /<svg class="picture"[^>]*aria-label="The link as a QR code"/)

  const claim = await browser().get(path)
  assert.match(
    wordsOf(claim),
    /Ruth invited you.*Come, dear Esther.*Who runs this site.*Who can read what.*How to leave/,
  )
  assert.match(claim.body, /href="\/privacy".*href="\/rules"/s)
  const mine = await ruth.get('/invites')
  assert.match(wordsOf(mine), /Come, dear Esther\. .*Open until/)
  assert.ok(!mine.body.includes(path), 'the list has no link')
})

test('nobody but its maker sees the page of a new link, and nobody makes one who is not here', async (t) => {
  const { here, ruth, comes, browser } = await beginning(t)
  const tom = await comes('Tom')
  const { location } = (await ruth.post('/invites', {})).headers
  assert.equal((await tom.get(String(location))).statusCode, 404)
  assert.equal((await ruth.get('/invites/made/AAAAAAAAAAAAAAAAAAAAAA')).statusCode, 404)
  assert.equal((await browser().post('/invites', {})).statusCode, 401)
  assert.equal((await tom.get('/invites/several')).statusCode, 404)
  assert.equal((await tom.post('/invites/several', { seats: '3' })).statusCode, 404)
  here.written()
  const invite = /\/invites\/(i_\w{16})\/revocation/.exec((await ruth.get('/invites')).body)?.[1]
  assert.equal((await tom.post(`/invites/${invite}/revocation`, {})).statusCode, 404)
  assert.deepEqual(here.written(), [])
  assert.equal((await ruth.post(`/invites/${invite}/revocation`, {})).statusCode, 303)
  assert.match(wordsOf(await ruth.get('/invites')), /Taken back/)
  assert.equal((await ruth.get(String(location))).statusCode, 404)
})

test('words that are too long for an invitation stay in the form', async (t) => {
  const { ruth } = await beginning(t)
  const answer = await ruth.post('/invites', { note: 'x'.repeat(501) })
  assert.equal(answer.statusCode, 422)
  assert.match(answer.body, /id="note-mistake"/)
  assert.ok(answer.body.includes('x'.repeat(501)))
  const several = await ruth.post('/invites/several', { seats: '501', days: '366', note: 'Hello.' })
  assert.equal(several.statusCode, 422)
  assert.match(several.body, /id="seats-mistake".*id="days-mistake".*Hello\./s)
})

test('a preview of a link shows the name of the community and nobody else, and uses nothing up', async (t) => {
  const { here, admin, browser } = await beginning(t)
  await here.does(admin, changeSetting, { setting: 'community', value: 'St Mary' })
  const { token } = await here.does(admin, inviteSomebody, { note: 'Come, Esther.' })
  for (const agent of [
    'facebookexternalhit/1.1',
    'WhatsApp/2.23.20.0',
    'TelegramBot (like TwitterBot)',
    'Slackbot-LinkExpanding 1.0',
  ]) {
    const page = await browser().get(`/claim/${token}`, { 'user-agent': agent })
    assert.equal(page.statusCode, 200)
    assert.equal(wordsOf(page), 'St Mary')
    assert.doesNotMatch(page.body, /Ruth|Esther/)
    assert.equal(page.cookies.length, 0)
    const none = await browser().get('/claim/AAAAAAAAAAAAAAAAAAAAAA', { 'user-agent': agent })
    assert.equal(wordsOf(none), 'St Mary', 'whether it opens anything is not told')
  }
  const cubot =
    'Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36'
  const phone = await browser().get(`/claim/${token}`, { 'user-agent': cubot })
  assert.match(phone.body, /name="name"/, 'a phone with such a name is held by a person')
  const seen = await browser().get(`/claim/${token}`)
  const head = seen.body.slice(0, seen.body.indexOf('</head>'))
  assert.match(head, /<meta property="og:title" content="St Mary">/)
  assert.doesNotMatch(head, /Ruth|Esther/)
  assert.equal((await browser().post(`/claim/${token}`, { name: 'Ann' })).statusCode, 303)
})

test('inside another app the browser of the device is asked for first, and nobody is kept out', async (t) => {
  const { here, browser } = await beginning(t)
  const { token } = await here.does(operator, issueInvite, {})
  for (const [agent, name] of [
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]',
      'Safari',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Instagram 300.0',
      'Chrome',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/13.20.0',
      'Safari',
    ],
    ['Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0', 'Chrome'],
  ] as const) {
    const page = await browser().get(`/claim/${token}`, { 'user-agent': agent })
    assert.match(wordsOf(page), new RegExp(`Open this in ${name} first`))
    assert.ok(page.body.includes(`value="http://localhost:8000/claim/${token}"`))
    const anyway = await browser().get(`/claim/${token}?anyway=yes`, { 'user-agent': agent })
    assert.equal(fieldOf(anyway, 'name'), '')
  }
})

test('whoever belongs here and opens an invitation may pass it on; one that is used they may not', async (t) => {
  const { here, ruth, browser } = await beginning(t)
  const { token } = await here.does(operator, issueInvite, {})
  const page = await ruth.get(`/claim/${token}`)
  assert.match(wordsOf(page), /You already belong here\. Pass it on\?/)
  assert.ok(page.body.includes(`data-pass="http://localhost:8000/claim/${token}"`))
  await browser().post(`/claim/${token}`, { name: 'Ann' })
  const used = await ruth.get(`/claim/${token}`)
  assert.match(wordsOf(used), /opens nothing any more/)
  assert.doesNotMatch(used.body, /data-pass/)
})

test('whoever has joined before is led to signing in, and back to where they were', async (t) => {
  const { here, browser } = await beginning(t)
  const { token } = await here.does(operator, issueInvite, {})
  const person = browser()
  const [, href = ''] =
    /href="(\/sign-in\?[^"]*)">I have joined before/.exec((await person.get(`/claim/${token}`)).body) ?? []
  const page = await person.get(href)
  assert.equal(page.statusCode, 200)
  assert.equal(fieldOf(page, 'next'), `/claim/${token}`)
})

test('a newcomer who waits sees that, whatever they open, until an admin has said yes in the browser', async (t) => {
  const { here, admin, ruth, browser } = await beginning(t)
  const { token } = await here.does(admin, issueInvite, { seats: 3 })
  const ann = browser()
  assert.match(wordsOf(await ann.get(`/claim/${token}`)), /An admin says yes to each newcomer/)
  assert.equal((await ann.post(`/claim/${token}`, { name: 'Ann' })).headers.location, '/')
  assert.match(wordsOf(await ann.get('/')), /An admin has to say yes.*Welcome, Ann/)
  for (const path of [
    '/feed',
    '/prayers/new',
    '/people',
    '/invites',
    '/admin/newcomers',
    '/people/tree',
    '/nowhere',
  ])
    assert.equal((await ann.get(path)).statusCode, 403, path)
  assert.equal((await ann.get('/sign-in')).headers.location, '/')

  const list = await ruth.get('/admin/newcomers')
  assert.match(wordsOf(list), /Ann Came through Ruth/)
  const [, action = ''] = /action="(\/admin\/newcomers\/m_\w{16})"/.exec(list.body) ?? []
  assert.equal((await ruth.post(action, { answer: 'perhaps' })).statusCode, 422)
  assert.equal((await ruth.post(action, { answer: 'yes' })).headers.location, '/admin/newcomers')
  assert.match(wordsOf(await ruth.get('/admin/newcomers')), /Nobody waits for you/)
  here.passes(1000)
  assert.match(wordsOf(await ann.get('/')), /Prayers/)
})

test('a newcomer to whom an admin said no reads why on their device, and can have it forget them', async (t) => {
  const { here, admin, ruth, browser } = await beginning(t)
  const { token } = await here.does(admin, issueInvite, { seats: 3 })
  const ann = browser()
  await ann.post(`/claim/${token}`, { name: 'Ann' })
  const [, action = ''] =
    /action="(\/admin\/newcomers\/m_\w{16})"/.exec((await ruth.get('/admin/newcomers')).body) ?? []
  const long = await ruth.post(action, { answer: 'no', reason: 'x'.repeat(1_001) })
  assert.equal(long.statusCode, 422)
  assert.ok(long.body.includes('x'.repeat(1_001)), 'the words stay')
  await ruth.post(action, { answer: 'no', reason: 'We do not know you yet.' })
  assert.match(wordsOf(await ann.get('/')), /An admin has said no.*We do not know you yet\./)
  assert.equal((await ann.get('/feed')).statusCode, 401)
  assert.doesNotMatch((await browser().get('/')).body, /do not know you/)
  await ann.post('/sign-out', {})
  assert.doesNotMatch((await ann.get('/')).body, /do not know you/)
})

test('somebody asks to join, sees how it stands by a link of their own, and comes in by it', async (t) => {
  const { ruth, browser } = await beginning(t)
  const esther = browser()
  assert.match((await esther.get('/')).body, /href="\/apply"/)
  const key = fieldOf(await esther.get('/apply'), 'key') ?? ''
  const sent = await esther.post('/apply', { ...words, key, website: '' })
  const status = String(sent.headers.location)
  assert.match(status, /^\/apply\/[\w-]{22}$/)
  assert.equal((await esther.post('/apply', { ...words, key, website: '' })).headers.location, status)
  assert.match(wordsOf(await esther.get(status)), /it has arrived/)
  assert.doesNotMatch((await esther.get(status)).body, /Vashti|school|example\.org/)

  const list = await ruth.get('/admin/applications')
  assert.match(wordsOf(list), /Esther Vashti .*I know Ruth from school\. Reach them: esther@example\.org/)
  const [, action = ''] = /action="(\/admin\/applications\/q_\w{16})"/.exec(list.body) ?? []
  assert.equal((await ruth.post(action, { answer: 'yes' })).headers.location, '/admin/applications')
  const welcome = await esther.get(status)
  const [, claim = ''] = /href="(\/claim\/[\w-]{22})">Come in/.exec(welcome.body) ?? []
  assert.equal((await esther.post(claim, { name: 'Esther' })).statusCode, 303)
  assert.match((await esther.get('/')).body, /<h1>Prayers/)
  assert.match(wordsOf(await browser().get(status)), /You have joined/)
})

test('an application that is declined says why, and a link that is none says so', async (t) => {
  const { ruth, browser } = await beginning(t)
  const status = String((await browser().post('/apply', words)).headers.location)
  const [, action = ''] =
    /action="(\/admin\/applications\/q_\w{16})"/.exec((await ruth.get('/admin/applications')).body) ?? []
  assert.equal((await ruth.post(action, { answer: 'no', reason: 'x'.repeat(1_001) })).statusCode, 422)
  await ruth.post(action, { answer: 'no', reason: 'We are full.' })
  assert.match(wordsOf(await browser().get(status)), /The answer is no.*We are full\./)
  assert.match(wordsOf(await ruth.get('/admin/applications')), /Esther Vashti : no by Ruth/)
  assert.equal((await browser().get('/apply/AAAAAAAAAAAAAAAAAAAAAA')).statusCode, 410)
})

test('what is wrong with an application is said by its field, and nothing that was written is lost', async (t) => {
  const { browser } = await beginning(t)
  const answer = await browser().post('/apply', { ...words, contact: '' })
  assert.equal(answer.statusCode, 422)
  assert.match(answer.body, /id="contact-mistake"/)
  assert.equal(fieldOf(answer, 'name'), words.name)
  assert.ok(answer.body.includes(words.why))
})

test('the trap for programs asks people one question more, and drops nobody in silence', async (t) => {
  const { here, browser } = await beginning(t)
  here.written()
  const person = browser()
  const asked = await person.post('/apply', { ...words, website: 'https://filled-in-by.a.helper' })
  assert.equal(asked.statusCode, 422)
  assert.match(wordsOf(asked), /What is two and three together\?/)
  assert.equal(fieldOf(asked, 'name'), words.name)
  assert.equal((await person.post('/apply', { ...words, person: '4' })).statusCode, 422)
  assert.deepEqual(here.written(), [])
  assert.equal((await person.post('/apply', { ...words, person: ' five ' })).statusCode, 303)
})

test('a full house says so kindly before and after, and keeps the words', async (t) => {
  const { here, browser } = await beginning(t)
  for (let count = 0; count < 50; count++) await here.does(visitor, sendApplication, words)
  assert.match(wordsOf(await browser().get('/apply')), /Please come back in a week/)
  const answer = await browser().post('/apply', words)
  assert.equal(answer.statusCode, 429)
  assert.ok(answer.body.includes(words.why))
})

test('where people join by invitation only nobody can ask, and the front page does not say so', async (t) => {
  const { here, admin, browser } = await beginning(t)
  await here.does(admin, changeSetting, { setting: 'applications', value: 'no' })
  assert.doesNotMatch((await browser().get('/')).body, /href="\/apply"/)
  const page = await browser().get('/apply')
  assert.equal(page.statusCode, 404)
  assert.match(wordsOf(page), /by invitation only/)
  assert.equal((await browser().post('/apply', words)).statusCode, 404)
})

test('an address sends three applications a day, and a member twenty invitations', async (t) => {
  const { here, admin, ruth, browser } = await beginning(t)
  const sends = () => browser().post('/apply', words)
  for (let count = 0; count < 3; count++) assert.equal((await sends()).statusCode, 303)
  const refused = await sends()
  assert.equal(refused.statusCode, 429)
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.ok(refused.body.includes(words.why), 'the words stay')
  here.passes(24 * hours)
  assert.equal((await sends()).statusCode, 303)

  const again = await signedIn({ here, browser } as Place, admin.name)
  const several = { seats: '2', days: '7', asksAdmin: 'yes' }
  for (let count = 0; count < 20; count++)
    assert.equal((await again.post('/invites/several', several)).statusCode, 303)
  assert.equal((await again.post('/invites/several', several)).statusCode, 429)
  assert.equal((await ruth.post('/invites', {})).statusCode, 429, 'on every device')
})

test('everybody reads the rules and what is kept of them, and members say yes to new ones', async (t) => {
  const { here, admin, ruth, browser } = await beginning(t)
  assert.match(wordsOf(await browser().get('/rules')), /What you read here stays here/)
  assert.match(wordsOf(await browser().get('/privacy')), /You can leave at any time/)
  assert.doesNotMatch((await ruth.get('/rules')).body, /I say yes/)
  await here.does(admin, changeSetting, { setting: 'rules', value: 'Be kind.' })
  const page = await ruth.get('/rules')
  assert.match(wordsOf(page), /Be kind\..*I say yes to both/)
  const shown = { rules: fieldOf(page, 'rules') ?? '', privacy: fieldOf(page, 'privacy') ?? '' }
  await here.does(admin, changeSetting, { setting: 'privacy', value: 'Nothing is kept.' })
  assert.equal((await ruth.post('/rules', shown)).statusCode, 422, 'not to words they have not seen')
  const now = await ruth.get('/privacy')
  await ruth.post('/rules', { rules: fieldOf(now, 'rules') ?? '', privacy: fieldOf(now, 'privacy') ?? '' })
  assert.doesNotMatch((await ruth.get('/rules')).body, /I say yes/)
  assert.equal((await browser().post('/rules', {})).statusCode, 401)
})

test('the tree shows a branch, marks the way to oneself, and lets an admin pause an inviting', async (t) => {
  const { here, admin, ruth, browser } = await beginning(t)
  const { token } = await here.does(admin, inviteSomebody, {})
  const tom = browser()
  await tom.post(`/claim/${token}`, { name: 'Tom' })
  const top = await tom.get('/people/tree')
  assert.match(wordsOf(top), /Ruth 1 person through them \(leads to you\) Tom \(you\)/)
  assert.doesNotMatch(top.body, /Pause/)
  const [, own = ''] = /href="(\/people\/tree\?at=m_\w{16})">Show my own branch/.exec(top.body) ?? []
  assert.match(
    wordsOf(await ruth.get(own.replace(/=.*/, `=${here.heldBy(tom.cookies.get('thywill') ?? '')?.member}`))),
    /Pause their inviting/,
  )
  const member = here.heldBy(tom.cookies.get('thywill') ?? '')?.member
  assert.equal((await tom.post(`/admin/people/${member}/inviting`, { inviting: 'resume' })).statusCode, 404)
  await ruth.post(`/admin/people/${member}/inviting`, { inviting: 'pause' })
  assert.match(wordsOf(await tom.get('/invites')), /an admin has paused it/)
  assert.equal((await tom.post('/invites', {})).statusCode, 403)
  await ruth.post(`/admin/people/${member}/inviting`, { inviting: 'resume' })
  assert.equal((await tom.post('/invites', {})).statusCode, 303)
  for (const wrong of ['m_0000000000000000', 'x', '%00', ''])
    assert.equal((await tom.get(`/people/tree?at=${wrong}`)).statusCode, 404, wrong)
  assert.equal((await browser().get('/people/tree')).statusCode, 401)
})

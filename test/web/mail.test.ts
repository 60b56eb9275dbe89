import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { mailServer } from '../tools/mail-server.ts'
import { type Browser, place, wordsOf } from './browser.ts'
import { isDeactivated } from './standing.ts'

/** A site with a real mail server. */
async function placeWithMail(t: TestContext, env = {}) {
  const mail = await mailServer(t)
  const there = await place(t, { env: { RATE_LIMITS: 'off', ...env }, site: () => ({ outbox: mail.outbox }) })
  await there.here.namesKey()
  return { ...there, mail }
}

type There = Awaited<ReturnType<typeof placeWithMail>>

const numberIn = (words: string) => /\b\d{3} \d{3}\b/.exec(words)?.[0] ?? assert.fail(words)
const tokenIn = (words: string) => /\/sign-in\/mail\/([\w-]{22})\n/.exec(words)?.[1] ?? assert.fail(words)

async function givesAddress({ mail }: There, person: Browser, address: string) {
  assert.equal((await person.post('/me/address', { address })).statusCode, 303)
  const { to, words } = await mail.letter()
  assert.deepEqual(to, [address])
  const done = await person.post('/me/address/number', { code: numberIn(words) })
  assert.equal(done.statusCode, 303, wordsOf(done))
}

async function asks({ browser }: There, who: string): Promise<Browser> {
  const stranger = browser()
  const answer = await stranger.post('/sign-in/mail', { who })
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, '/sign-in/mail')
  return stranger
}

/** Long enough for a letter that should not come. */
const aWhile = () => new Promise((wake) => setTimeout(wake, 150))

test('an address is theirs who type the number that was sent to it, and can be removed', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, here } = there
  const ruth = await comes('Ruth')
  assert.equal((await ruth.post('/me/address', { address: 'ruth at home' })).statusCode, 422)
  await ruth.post('/me/address', { address: ' Ruth@Mail.Example ' })
  const letter = await mail.letter()
  assert.match(wordsOf(await ruth.get('/me/address')), /on its way to Ruth@Mail\.Example/)
  here.written()
  const number = numberIn(letter.words)
  const wrong = number === '000 000' ? '111111' : '000000'
  assert.equal((await ruth.post('/me/address/number', { code: wrong })).statusCode, 422)
  assert.deepEqual(here.written(), [])
  const ann = await comes('Ann')
  assert.equal(
    (await ann.post('/me/address/number', { code: number })).statusCode,
    422,
    'it is bound to who asked',
  )
  here.written()
  await ruth.post('/me/address/number', { code: number })
  assert.match(here.written().join(), /^address\.added\/1! by=m_\S+ member=m_\S+ lookUp=[0-9a-f]{64}$/)
  assert.match(wordsOf(await ruth.get('/me/address')), /Your address is Ruth@Mail\.Example/)
  assert.doesNotMatch(here.text(), /Mail\.Example/i, 'it is sealed')

  await givesAddress(there, ruth, 'ruth@elsewhere.example')
  const gone = await mail.letter()
  assert.deepEqual(gone.to, ['Ruth@mail.example'], 'nobody takes it from them unseen')
  assert.match(gone.words, /from now on no mail/)
  assert.equal((await ruth.post('/me/address/removal', {})).statusCode, 303)
  assert.doesNotMatch(wordsOf(await ruth.get('/me/address')), /elsewhere/)
  assert.deepEqual((await mail.letter()).to, ['ruth@elsewhere.example'])
  await asks(there, 'Ruth')
  await asks(there, 'ruth@elsewhere.example')
  await aWhile()
  assert.equal(mail.taken.length, 4, 'no way in is sent there any more')
})

test('a number for an address dies after five wrong tries and after ten minutes, and wants a fresh sign-in', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, here } = there
  const ruth = await comes('Ruth')
  await ruth.post('/me/address', { address: 'ruth@mail.example' })
  const first = numberIn((await mail.letter()).words)
  const wrong = first === '000 000' ? '111111' : '000000'
  for (let count = 0; count < 5; count++) await ruth.post('/me/address/number', { code: wrong })
  assert.equal((await ruth.post('/me/address/number', { code: first })).statusCode, 422)
  await ruth.post('/me/address', { address: 'ruth@mail.example' })
  here.passes(10 * minutes)
  const late = await ruth.post('/me/address/number', { code: numberIn((await mail.letter()).words) })
  assert.equal(late.statusCode, 422)
  for (let count = 0; count < 3; count++) await ruth.post('/me/address', { address: 'ruth@mail.example' })
  assert.equal((await ruth.post('/me/address', { address: 'other@mail.example' })).statusCode, 429)
  here.passes(12 * hours)
  const stale = await ruth.post('/me/address', { address: 'ruth@mail.example' })
  assert.equal(stale.statusCode, 401)
  assert.match(wordsOf(stale), /Show once more that it is you/)
})

test('whoever gave an address comes back by a letter: with its number here, or its link anywhere', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, here, browser } = there
  await givesAddress(there, await comes('Ruth'), 'ruth@mail.example')
  for (const who of ['ruth', ' RUTH@mail.example ']) {
    const stranger = await asks(there, who)
    const { to, subject, words } = await mail.letter()
    assert.deepEqual(to, ['ruth@mail.example'])
    assert.equal(subject, 'Coming in to ThyWill')
    const [code, token] = [numberIn(words), tokenIn(words)]
    const thief = browser()
    assert.equal(
      (await thief.post('/sign-in/mail/number', { code })).statusCode,
      410,
      'of the browser that asked',
    )
    here.written()
    assert.equal((await stranger.post('/sign-in/mail/number', { code })).headers.location, '/')
    assert.match(here.written().join(), /^session\.opened\/3 .* how=mail/)
    assert.equal((await stranger.get('/feed')).statusCode, 200)
    assert.equal((await stranger.post('/sign-in/mail/number', { code })).statusCode, 410, 'once')

    const phone = browser()
    for (let look = 0; look < 3; look++)
      assert.match(wordsOf(await phone.get(`/sign-in/mail/${token}`)), /Welcome back, Ruth/)
    assert.equal((await phone.get('/feed')).statusCode, 401, 'looking signs nobody in')
    assert.equal((await phone.post(`/sign-in/mail/${token}`, {})).headers.location, '/')
    assert.equal((await phone.get('/feed')).statusCode, 200)
    for (const again of [
      await phone.get(`/sign-in/mail/${token}`),
      await phone.post(`/sign-in/mail/${token}`, {}),
    ])
      assert.equal(again.statusCode, 410)
  }
})

test('a number in a letter dies after five wrong tries and ten minutes, a link after half an hour', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, here, browser } = there
  await givesAddress(there, await comes('Ruth'), 'ruth@mail.example')
  const stranger = await asks(there, 'Ruth')
  const { words } = await mail.letter()
  const wrong = numberIn(words) === '000 000' ? '111111' : '000000'
  for (const status of [422, 422, 422, 422, 410])
    assert.equal((await stranger.post('/sign-in/mail/number', { code: wrong })).statusCode, status)
  const dead = await stranger.post('/sign-in/mail/number', { code: numberIn(words) })
  assert.equal(dead.statusCode, 410)
  assert.match(wordsOf(dead), /good no more/)
  here.passes(30 * minutes)
  assert.equal((await browser().post(`/sign-in/mail/${tokenIn(words)}`, {})).statusCode, 410)

  const slow = await asks(there, 'Ruth')
  const { words: second } = await mail.letter()
  here.passes(10 * minutes)
  assert.equal((await slow.post('/sign-in/mail/number', { code: numberIn(second) })).statusCode, 410)
})

test('a name or an address that is known, unknown or deactivated gets the same answer', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes } = there
  await givesAddress(there, await comes('Ruth'), 'ruth@mail.example')
  await givesAddress(there, await comes('Gone'), 'gone@mail.example')
  await comes('Dina')
  await isDeactivated(there, 'Gone')
  const before = mail.taken.length
  const outcomes = []
  for (const who of [
    'Zack',
    'Dina',
    'Gone',
    'zack@mail.example',
    'gone@mail.example',
    'Ruth',
    'ruth@mail.example',
  ]) {
    const stranger = there.browser()
    const answer = await stranger.post('/sign-in/mail', { who })
    const page = await stranger.get('/sign-in/mail')
    const wrong = await stranger.post('/sign-in/mail/number', { code: 'x' })
    const bare = ({ body }: { body: string }) => body.replace(/[\w-]{22}/g, 'KEY')
    outcomes.push({
      statuses: [answer, page, wrong].map(({ statusCode, headers }) => [statusCode, headers.location]),
      cookies: answer.cookies.map(({ value, ...rest }) => [value.length, { ...rest, expires: null }]),
      bodies: [answer, page, wrong].map(bare),
    })
  }
  for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0])
  await mail.letter()
  await aWhile()
  assert.equal(mail.taken.length, before + 2, 'only Ruth is written to')
})

test('with the mail server down the answer is the same, and nobody sees an address in the log', async (t) => {
  const lines: string[] = []
  const mail = await mailServer(t, [20])
  const there = await place(t, {
    env: { LOG_LEVEL: 'debug' },
    lines: { write: (line) => void lines.push(line) },
    site: () => ({ outbox: mail.outbox }),
  })
  await there.here.namesKey()
  await givesAddress({ ...there, mail }, await there.comes('Ruth'), 'ruth@mail.example')
  await mail.stops()
  const stranger = await asks({ ...there, mail }, 'Ruth')
  assert.match(wordsOf(await stranger.get('/sign-in/mail')), /a letter is on its way/)
  while (mail.notSent.length === 0) await aWhile()
  assert.deepEqual(mail.notSent, [{ code: 'ESOCKET', status: undefined, tries: 2 }])
  assert.doesNotMatch(lines.join(''), /ruth@|Ruth|\d{3} \d{3}/)
})

test('many letters are hushed, and there is always one that lets in', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, here, browser } = there
  await givesAddress(there, await comes('Ruth'), 'ruth@mail.example')
  const sent: number[] = []
  for (let half = 0; half < 8; half++) {
    const before = mail.taken.length
    for (let count = 0; count < 5; count++) await asks(there, 'Ruth')
    await aWhile()
    sent.push(mail.taken.length - before)
    const newest = mail.taken.at(-1)?.words ?? ''
    here.passes(30 * minutes - 1)
    assert.equal((await browser().get(`/sign-in/mail/${tokenIn(newest)}`)).statusCode, 200)
    here.passes(1)
  }
  assert.deepEqual(sent, [3, 1, 2, 1, 2, 1, 1, 1], 'three within an hour, ten, and then one at a time')
})

test('two who share an address each get a letter of their own', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes } = there
  await givesAddress(there, await comes('Ruth'), 'us@mail.example')
  await givesAddress(there, await comes('Boaz'), 'us@mail.example')
  const stranger = await asks(there, 'us@mail.example')
  const letters = [await mail.letter(), await mail.letter()]
  const boaz = letters.find(({ words }) => words.startsWith('Dear Boaz'))
  assert.ok(boaz)
  await stranger.post('/sign-in/mail/number', { code: numberIn(boaz.words) })
  assert.match((await stranger.get('/feed')).body, /class="reader">.*Boaz/)
})

test('without mail there is no such way, and nothing asks for it', async (t) => {
  const { browser, comes } = await place(t)
  assert.doesNotMatch((await browser().get('/sign-in')).body, /By mail/)
  for (const answer of [
    await browser().get('/sign-in/mail'),
    await browser().post('/sign-in/mail', { who: 'Ruth' }),
  ])
    assert.equal(answer.statusCode, 404)
  const ruth = await comes('Ruth')
  assert.match(wordsOf(await ruth.get('/me/address')), /sends no mail/)
  assert.equal((await ruth.post('/me/address', { address: 'ruth@mail.example' })).statusCode, 404)
})

test('what somebody was doing goes on after they came by a letter', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, browser } = there
  await givesAddress(there, await comes('Ruth'), 'ruth@mail.example')
  const stranger = browser()
  const sent = { next: '/prayers', unsent: 'request=Hard+words' }
  const page = await stranger.post('/sign-in/mail', { who: 'Ruth', ...sent })
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /name="unsent" value="request=Hard\+words"/)
  const back = await stranger.post('/sign-in/mail/number', {
    code: numberIn((await mail.letter()).words),
    ...sent,
  })
  assert.match(back.body, /<textarea [^>]*name="request"[^>]*>\n?Hard words</)
})

test('no address, number or link of a letter is anywhere in the archive, also after a rebuild', async (t) => {
  const there = await placeWithMail(t)
  const { mail, comes, here } = there
  await givesAddress(there, await comes('Ruth'), 'ruth@mail.example')
  const stranger = await asks(there, 'Ruth')
  await stranger.post('/sign-in/mail/number', { code: numberIn((await mail.letter()).words) })
  const secrets = [
    'ruth@mail.example',
    ...mail.taken.flatMap(({ words }) => [numberIn(words), numberIn(words).replace(' ', '')]),
    ...mail.taken.slice(1).map(({ words }) => tokenIn(words)),
    ...stranger.cookies.values(),
  ]
  assert.ok(secrets.length >= 7)
  const files = readdirSync(here.options.archive, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  assert.ok(files.length > 0)
  for (const { parentPath, name } of files) {
    // Six digits may be anywhere in a hash: what is looked for stands by itself.
    const text = readFileSync(join(parentPath, name), 'utf8')
    for (const secret of secrets)
      assert.doesNotMatch(
        text,
        new RegExp(`(?<![0-9a-zA-Z])${secret}(?![0-9a-zA-Z])`),
        `${secret} in ${name}`,
      )
  }
  await here.ledger.rebuild({})
  await asks(there, 'Ruth@MAIL.example')
  assert.match((await mail.letter()).words, /^Dear Ruth/)
})

test('a letter opens nothing once its address is theirs no more, and the new one does', async (t) => {
  const there = await placeWithMail(t)
  const { mail, browser, comes } = there
  const ruth = await comes('Ruth')
  await givesAddress(there, ruth, 'ruth@old.example')
  const thief = await asks(there, 'Ruth')
  const { words } = await mail.letter()
  await givesAddress(there, ruth, 'ruth@new.example')
  await mail.letter()
  const byNumber = await thief.post('/sign-in/mail/number', { code: numberIn(words) })
  assert.equal(byNumber.statusCode, 410)
  const byLink = await browser().post(`/sign-in/mail/${tokenIn(words)}`, {})
  assert.equal(byLink.statusCode, 410)
  assert.match(wordsOf(byLink), /an address that is theirs no more/)

  await asks(there, 'Ruth')
  const good = tokenIn((await mail.letter()).words)
  await asks(there, 'Ruth')
  const late = tokenIn((await mail.letter()).words)
  assert.equal((await browser().post(`/sign-in/mail/${good}`, {})).statusCode, 303)
  await ruth.post('/me/address/removal', {})
  assert.equal((await browser().post(`/sign-in/mail/${late}`, {})).statusCode, 410)
})

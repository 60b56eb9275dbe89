import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { fieldOf, place, wordsOf } from './browser.ts'

const idOf = (location: unknown) => /^\/prayers\/(p_[0-9a-z]{16})$/.exec(String(location))?.[1] ?? ''

test('a request is written, checked, shared, and stands first in the feed', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const form = await ruth.get('/prayers/new')
  const key = fieldOf(form, 'key') ?? ''
  const preview = await ruth.post('/prayers/preview', {
    request: ' My mother.\r\n\r\nPlease. ',
    forWhom: 'her',
    consent: 'yes',
    key,
  })
  assert.equal(preview.statusCode, 200)
  assert.match(
    wordsOf(preview),
    /Everyone here \(1 person\) will see this, with your name\. Ruth for her just now My mother\. Please\./,
  )
  assert.equal(fieldOf(preview, 'request'), 'My mother.\n\nPlease.')
  assert.equal(fieldOf(preview, 'key'), key)
  const answer = await ruth.post('/prayers', {
    request: 'My mother.\n\nPlease.',
    forWhom: 'her',
    consent: 'yes',
    key,
  })
  assert.equal(answer.statusCode, 303)
  const id = idOf(answer.headers.location)
  assert.match(wordsOf(await ruth.get(`/prayers/${id}`)), /Shared\. Everyone here can see it now\./)
  assert.match((await ruth.get('/')).body, new RegExp(`<article class="card" id="${id}"`))
})

test('sending a request twice is asking once', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const sent = { request: 'Please pray.', key: 'a-key-of-this-form' }
  const first = await ruth.post('/prayers', sent)
  const second = await ruth.post('/prayers', sent)
  assert.equal(second.headers.location, first.headers.location)
  const other = await ruth.post('/prayers', { ...sent, request: 'Something else.' })
  assert.equal(other.statusCode, 422)
  assert.match(other.body, /Something else\./, 'the words are kept')
  assert.notEqual(fieldOf(other, 'key'), sent.key, 'with a key that can be sent')
})

test('words that cannot be kept come back in the form, with what is wrong beside them', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  for (const path of ['/prayers', '/prayers/preview']) {
    const empty = await ruth.post(path, { request: '  ', forWhom: 'my <friend>' })
    assert.equal(empty.statusCode, 422)
    assert.match(empty.body, /id="request-mistake"/)
    assert.equal(fieldOf(empty, 'forWhom'), 'my &lt;friend&gt;')
    const odd = await ruth.post(path, { request: 'one\u0007two' })
    assert.equal(odd.statusCode, 422)
    assert.match(odd.body, /<textarea[^>]*>\none\u0007two<\/textarea>/)
    assert.equal((await ruth.post(path, {})).statusCode, 422)
  }
})

test('changing the words after the preview keeps them and their key', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const form = await ruth.post('/prayers/new', { request: '\n Leading blank', forWhom: 'him', key: 'kept' })
  assert.match(
    form.body,
    /<textarea[^>]*>\n\n Leading blank<\/textarea>/,
    'a browser drops the first line end',
  )
  assert.equal(fieldOf(form, 'key'), 'kept')
})

test('a full-length request of emoji is accepted, and more than the site takes is a friendly 413', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  assert.equal((await ruth.post('/prayers', { request: '🙏'.repeat(5_000) })).statusCode, 303)
  const long = await ruth.post('/prayers', { request: '🙏'.repeat(5_001) })
  assert.equal(long.statusCode, 422)
  assert.match(wordsOf(long), /5,001 characters/)
  const huge = await ruth.post('/prayers', { request: 'a'.repeat(256 * 1024) })
  assert.equal(huge.statusCode, 413)
  assert.match(wordsOf(huge), /too long/)
})

test('the feed has 20 a page, and "Older" leads through all of them once', async (t) => {
  const { comes } = await place(t, { env: { RATE_LIMITS: 'off' } })
  const ruth = await comes('Ruth')
  for (let n = 0; n < 45; n++) await ruth.post('/prayers', { request: `Request ${n}` })
  const seen: string[] = []
  let url: string | undefined = '/feed'
  let pages = 0
  while (url) {
    const page = await ruth.get(url)
    const cards = [...page.body.matchAll(/Request (\d+)/g)].map(([, n]) => n ?? '')
    assert.ok(cards.length <= 20)
    seen.push(...cards)
    url = /href="(\/feed\?before=\d+)"/.exec(page.body)?.[1]
    pages++
  }
  assert.equal(pages, 3)
  assert.deepEqual(
    seen,
    Array.from({ length: 45 }, (_, n) => String(44 - n)),
  )
})

test('an empty feed says what will be here and how to begin', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  await ruth.post('/me/welcome', {})
  assert.match(wordsOf(await ruth.get('/')), /^Prayers Ask for prayer .*No requests yet\./)
})

test('"I prayed" brings one back to where one was, and undo takes it away', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  const ann = await comes('Ann')
  const id = idOf((await ruth.post('/prayers', { request: 'Please.' })).headers.location)
  const marked = await ann.post(`/prayers/${id}/marks`, { from: '/feed?before=99', key: 'once' })
  assert.equal(marked.statusCode, 303)
  assert.equal(marked.headers.location, `/feed?before=99#${id}`)
  assert.match(wordsOf(await ann.get('/')), /Prayed just now - undo 1 person has prayed/)
  assert.equal(
    (await ann.post(`/prayers/${id}/marks`, { key: 'once' })).statusCode,
    303,
    'the same key is the same mark',
  )
  assert.equal((await ann.post(`/prayers/${id}/marks`, { key: 'twice' })).statusCode, 429, 'within a minute')
  here.passes(2 * minutes)
  assert.equal((await ann.post(`/prayers/${id}/marks`, { key: 'twice' })).statusCode, 303)
  assert.match(wordsOf(await ann.get(`/prayers/${id}`)), /1 person has prayed .*2 times in all$/)
  assert.equal((await ann.post(`/prayers/${id}/unmarks`, {})).headers.location, `/prayers/${id}`)
  assert.equal((await ann.post(`/prayers/${id}/unmarks`, {})).statusCode, 303)
  assert.doesNotMatch(wordsOf(await ann.get(`/prayers/${id}`)), /prayed \d|has prayed/)
  assert.equal((await ann.post(`/prayers/${id}/unmarks`, {})).statusCode, 422)
})

test('who prayed is named for the author alone', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const ann = await comes('Ann')
  const id = idOf((await ruth.post('/prayers', { request: 'Please.' })).headers.location)
  await ann.post(`/prayers/${id}/marks`, {})
  assert.match(wordsOf(await ruth.get(`/prayers/${id}`)), /Only you can see these names\. Ann$/)
  assert.doesNotMatch(wordsOf(await ann.get(`/prayers/${id}`)), /Who prayed|Ann/)
})

test('what a script asks for is the part of the page that the page itself has', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const ann = await comes('Ann')
  const id = idOf((await ruth.post('/prayers', { request: 'Please.' })).headers.location)
  const fragment = await ann.post(`/prayers/${id}/marks`, { from: '/' }, { accept: 'text/html; fragment' })
  assert.equal(fragment.statusCode, 200)
  assert.doesNotMatch(fragment.body, /<html|<main/)
  const card = /<article[\s\S]*<\/article>/
  assert.equal(card.exec(fragment.body)?.[0], card.exec((await ann.get('/')).body)?.[0])
})

test('a mark has happened within the last 30 days', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const id = idOf((await ruth.post('/prayers', { request: 'Please.' })).headers.location)
  for (const prayedAt of ['2026-10-01T07:00:00.000Z', '2026-12-01T07:00:00.000Z', 'yesterday'])
    assert.equal((await ruth.post(`/prayers/${id}/marks`, { prayedAt })).statusCode, 422, prayedAt)
  const answer = await ruth.post(`/prayers/${id}/marks`, { prayedAt: '2026-11-21T07:00:00.000Z' })
  assert.equal(answer.statusCode, 303)
})

test('when nothing can be saved the words are still there, and every page says so', async (t) => {
  let why: Error | undefined
  const damage = new Error('database disk image is malformed')
  const { comes } = await place(t, {
    site: ({ record }) => ({
      isMending: (error) => error === damage,
      record: (rehearse) => (why ? Promise.reject(why) : record(rehearse)),
      state: () =>
        why ? { writable: false, sentence: 'Nothing can be saved just now.' } : { writable: true },
    }),
  })
  const ruth = await comes('Ruth')
  const sent = { request: 'Words of an hour.', forWhom: 'him', consent: 'yes', key: 'the-same-key' }
  const cases: readonly [Error, number, RegExp][] = [
    [new Refusal('read-only', 'The disk is full.'), 503, /That did not save\. Your words are still here\./],
    [
      new Refusal('unknown-outcome', 'Who knows.'),
      503,
      /We cannot tell whether that saved\. Look before you send it again\./,
    ],
    [damage, 503, /That did not save\. Your words are still here\./],
    [new Error('a defect'), 500, /We cannot tell whether that saved\./],
  ]
  for (const [error, status, sentence] of cases) {
    why = error
    const answer = await ruth.post('/prayers', sent)
    assert.equal(answer.statusCode, status)
    assert.match(wordsOf(answer), sentence)
    assert.match(answer.body, /<textarea[^>]*>\nWords of an hour\.<\/textarea>/)
    assert.equal(fieldOf(answer, 'key'), sent.key, 'so that sending it again cannot be asking twice')
    assert.match(wordsOf(await ruth.get('/')), /^Nothing can be saved just now\./)
  }
  why = undefined
  assert.equal((await ruth.post('/prayers', sent)).statusCode, 303)
})

test('a request for fewer than everyone is checked, shared and read only by those it is for', async (t) => {
  const { here, comes } = await place(t)
  await here.namesKey()
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const form = { request: 'Only between us', sees: 'me', key: 'k'.repeat(22) }
  const preview = await ruth.post('/prayers/preview', form)
  assert.match(wordsOf(preview), /Only you will see this.* Keep it for me/)
  const posted = await ruth.post('/prayers', form)
  const { location = '' } = posted.headers
  assert.equal((await ruth.get(location)).statusCode, 200)
  assert.match(wordsOf(await ruth.get(location)), /Kept\. Only you can see it\..* Only between us/)

  const hidden = await tom.get(location)
  const absent = await tom.get('/prayers/p_0000000000000000')
  assert.deepEqual([hidden.statusCode, wordsOf(hidden)], [404, wordsOf(absent)])
  for (const action of ['marks', 'unmarks'])
    assert.equal((await tom.post(`${location}/${action}`, {})).statusCode, 404, action)
  assert.ok(!(await tom.get('/')).body.includes('Only between us'))
  assert.ok((await ruth.get('/')).body.includes('Only between us'))
})

test('a request without a name shows none, and a choice that cannot be is said by its field', async (t) => {
  const { here, comes } = await place(t)
  await here.namesKey()
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const posted = await ruth.post('/prayers', { request: 'I am afraid', nameless: 'yes' })
  const page = await tom.get(String(posted.headers.location))
  assert.match(wordsOf(page), /Someone here/)
  assert.ok(!page.body.includes('Ruth'))

  const wrong = { request: 'I am afraid', nameless: 'yes', sees: 'me' }
  const again = await ruth.post('/prayers', wrong)
  assert.equal(again.statusCode, 422)
  assert.match(wordsOf(again), /so your name can stay/)
  const unknown = await ruth.post('/prayers', { request: 'I am afraid', sees: 'nobody' })
  assert.deepEqual([unknown.statusCode, /Choose who may see this/.test(unknown.body)], [422, true])
})

test('without the key of this site words for fewer than everyone are refused, and kept in the form', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const refused = await ruth.post('/prayers', { request: 'Only between us', sees: 'me' })
  assert.equal(refused.statusCode, 503)
  assert.ok(refused.body.includes('Only between us'))
})

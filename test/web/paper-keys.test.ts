import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hours } from '../../src/kernel/moment.ts'
import { type Browser, fieldOf, place, wordsOf } from './browser.ts'

/** Makes a paper key and reads its words from the page. */
async function makesKey(person: Browser, key = '') {
  const page = await person.post('/me/paper-key', { key })
  assert.equal(page.statusCode, 200)
  const words = [...page.body.matchAll(/<code>([a-z]+)<\/code>/g)].map(([, word]) => word)
  assert.equal(words.length, 13)
  return { page, words: words.join(' ') }
}

test('whoever joins is offered a way back, makes a paper key, signs out and comes back by it', async (t) => {
  const { browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  assert.match(wordsOf(await ruth.get('/me/way-back')), /Keep them where you keep your house key/)
  assert.match(wordsOf(await ruth.get('/sign-out')), /You have no way back in yet\. Make yourself one first/)
  const { page, words } = await makesKey(ruth)
  assert.match(page.body, /<main [^>]*class="secret"/)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.match(wordsOf(await ruth.get('/sign-out')), /You can come back: with the paper key/)
  await ruth.post('/sign-out', {})

  const wrong = await browser().post('/sign-in/paper-key', {
    words: words.replace(/^\S+/, 'xyz'),
    shared: 'yes',
  })
  assert.equal(wrong.statusCode, 422)
  assert.match(wordsOf(wrong), /Word 1, "xyz", is none of a paper key/)
  assert.match(wrong.body, />\nxyz [a-z ]+<\/textarea>/, 'what was typed is kept')
  assert.match(wrong.body, /name="shared" value="yes" checked/)
  const back = await ruth.post('/sign-in/paper-key', { words: words.toUpperCase().replaceAll(' ', '-') })
  assert.deepEqual([back.statusCode, back.headers.location], [303, '/'])
  assert.equal((await ruth.get('/feed')).statusCode, 200)
})

test('a page of a key that is loaded again shows nothing, and the paper stays good', async (t) => {
  const { browser, comes } = await place(t)
  const ruth = await comes('Ruth')
  const { words } = await makesKey(ruth, 'one form')
  assert.match(wordsOf(await ruth.post('/me/paper-key', { key: 'one form' })), /This key was shown already/)
  assert.equal((await browser().post('/sign-in/paper-key', { words })).statusCode, 303)
})

test('after twelve hours a paper key asks who is there, and gives the form back', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  const { words } = await makesKey(ruth)
  const before = ruth.cookies.get('thywill')
  here.passes(13 * hours)
  const refused = await ruth.post('/me/paper-key', { key: 'another' })
  assert.equal(refused.statusCode, 401)
  assert.match(wordsOf(refused), /^Show once more that it is you You are signed in as Ruth/)
  const [next, unsent, again] = ['next', 'unsent', 'again'].map((name) => fieldOf(refused, name) ?? '')
  assert.deepEqual([next, unsent, again], ['/me/paper-key', 'key=another', 'yes'])

  const sent = { words, next: String(next), unsent: String(unsent), again: String(again) }
  const back = await ruth.post('/sign-in/paper-key', sent)
  assert.match(wordsOf(back), /What you wanted is not done yet: send it again/)
  assert.notEqual(ruth.cookies.get('thywill'), before)
  assert.equal(fieldOf(back, 'key'), 'another')
  await makesKey(ruth, 'another')
  assert.match(
    wordsOf(await ruth.post('/sign-in/paper-key', { ...sent, unsent: '' })),
    /opens nothing here now/,
  )
})

test('a visitor makes none, and a page of ways in is nobody else’s', async (t) => {
  const { browser } = await place(t)
  assert.equal((await browser().post('/me/paper-key', {})).statusCode, 401)
  assert.equal((await browser().get('/me/ways-in')).statusCode, 401)
  assert.equal((await browser().get('/sign-in/again')).statusCode, 401)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes } from '../../src/kernel/moment.ts'
import { place, wordsOf } from './browser.ts'

test('what is new since somebody last looked stands apart until their look is over, and what is theirs is no news', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const fresh = async () => {
    const words = wordsOf(await ruth.get('/'))
    return /New since you last looked(.*?)(You have seen these|$)/.exec(words)?.[1] ?? ''
  }
  await tom.post('/prayers', { request: 'For rain.' })
  here.passes(1 * minutes)
  assert.equal(await fresh(), '', 'who comes for the first time has seen nothing before')

  await tom.post('/prayers', { request: 'For wind.' })
  here.passes(1 * minutes)
  await ruth.post('/prayers', { request: 'My own.' })
  here.passes(31 * minutes)
  for (const when of ['at once', 'while they read']) {
    assert.match(await fresh(), /For wind\./, when)
    assert.doesNotMatch(await fresh(), /For rain\./, when)
    here.passes(20 * minutes)
  }
  here.passes(31 * minutes)
  assert.equal(await fresh(), '', 'the next look begins behind it')
  assert.deepEqual(here.text().match(/looked/g), null, 'no record says when anybody was here')
})

test('a cookie that is bent, or of the year 5138, makes nothing new and breaks nothing', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  await ruth.post('/prayers', { request: 'For rain.' })
  for (const value of [
    'x',
    '1.2.3',
    '9999999999999.9999999999999.9999999999999',
    '0000000000000.0000000000000.0000000000000',
  ]) {
    ruth.cookies.set('thywill-looked', value)
    const page = await ruth.get('/')
    assert.equal(page.statusCode, 200, value)
    assert.match(wordsOf(page), /For rain\./)
  }
})

test('words that are looked for in the address of the feed lead to the search', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  const answer = await ruth.get('/feed?q=a%26b')
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/search?q=a%26b'])
})

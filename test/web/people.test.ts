import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memberDeactivated } from '../../src/records/members.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { type Browser, place, wordsOf } from './browser.ts'

const namesOn = (body: string) =>
  [...body.matchAll(/<li><a href="\/people\/m_\w+"><bdi dir="auto">([^<]+)/g)].map(([, name]) => name)

const idOf = async (browser: Browser, name: string) => {
  const { body } = await browser.get(`/people?q=${encodeURIComponent(name)}`)
  return /href="\/people\/(m_\w+)"/.exec(body)?.[1] ?? ''
}

test('the directory has everybody in the order of their names, and finds them as names are compared', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  for (const name of ['Żaneta', 'anna', 'José', 'Lydia', 'Isaac', 'Ольга', 'Ömer']) await comes(name)
  const all = await ruth.get('/people')
  assert.deepEqual(namesOn(all.body), ['anna', 'Isaac', 'José', 'Lydia', 'Ömer', 'Ruth', 'Żaneta', 'Ольга'])
  assert.match(wordsOf(all), /8 people here\..*Ruth \(you\)/)
  const found = async (q: string) => namesOn((await ruth.get(`/people?q=${encodeURIComponent(q)}`)).body)
  assert.deepEqual(await found('jose'), ['José'])
  assert.deepEqual(await found('AN'), ['anna', 'Żaneta'])
  assert.deepEqual(await found('ольга'), ['Ольга'])
  assert.deepEqual(await found('1saac'), ['Isaac'], 'as it looks')
  const nobody = await ruth.get('/people?q=%3Cb%3E')
  assert.match(wordsOf(nobody), /Nobody found for " &lt;b&gt; "\. .*Everybody/)
  assert.deepEqual(await found('x'.repeat(3_000)), [])
})

test('"Next" leads through everybody once', async (t) => {
  const { comes } = await place(t)
  const ruth = await comes('Ruth')
  for (let n = 1; n <= 110; n++) await comes(`Person ${n}`)
  const seen: (string | undefined)[] = []
  let url: string | undefined = '/people?q=person'
  for (let pages = 0; url && pages < 4; pages++) {
    const { body } = await ruth.get(url)
    seen.push(...namesOn(body))
    url = /href="(\/people\?q=person&amp;after=m_\w+)" rel="next"/.exec(body)?.[1]?.replace('&amp;', '&')
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 110 }, (_, n) => `Person ${n + 1}`),
  )
})

test('the directory is without those who have left, and without those from whom one is kept apart', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, ann] = [await comes('Ruth'), await comes('Ann')]
  for (const name of ['Tom', 'Zoe']) await comes(name)
  const [ruthId, annId, tomId] = await Promise.all(['Ruth', 'Ann', 'Tom'].map((name) => idOf(ruth, name)))
  assert.ok(ruthId && annId && tomId)
  await here.ledger.record(() => ({
    drafts: [
      pairSeparated.of({ by: ruthId, one: ruthId, other: annId }),
      memberDeactivated.of({ by: 'operator', member: tomId }),
    ],
    result: null,
  }))
  assert.deepEqual(namesOn((await ruth.get('/people')).body), ['Ruth', 'Zoe'])
  assert.deepEqual(namesOn((await ann.get('/people')).body), ['Ann', 'Zoe'])
  assert.match(wordsOf(await ruth.get('/people')), /2 people here/)
  const absent = await ruth.get('/people?after=m_0000000000000000')
  for (const hidden of [annId, tomId])
    assert.equal(wordsOf(await ruth.get(`/people?after=${hidden}`)), wordsOf(absent))
})

test("the bar leads to people and to a page of one's own, from which one can sign out", async (t) => {
  const { comes, browser } = await place(t)
  const ruth = await comes('Ruth')
  for (const href of ['/people', '/me', '/sign-out']) {
    assert.match((await ruth.get('/')).body, new RegExp(`<a href="${href}"`))
    assert.equal((await browser().get(href)).statusCode, 401)
  }
  const me = await ruth.get('/me')
  assert.match(me.body, /<a href="\/me" aria-current="page">/)
  assert.match(wordsOf(me), /^Ruth .*Sign out of this device$/)
})

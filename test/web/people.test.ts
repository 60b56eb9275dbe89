import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { memberDeactivated, memberJoined } from '../../src/records/members.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { type Browser, fieldOf, place, wordsOf } from './browser.ts'

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

test('a profile shows what its member says of themselves, since when they are here, and who invited them', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const [ruthId, tomId] = [await idOf(tom, 'Ruth'), await idOf(ruth, 'Tom')]
  await here.ledger.record((_cache, stamp) => ({
    drafts: [memberJoined.of({ by: ruthId, member: stamp.id('member'), invitedBy: ruthId, name: 'Ann' })],
    result: null,
  }))
  const annId = await idOf(ruth, 'Ann')
  const saved = await tom.post('/me/words', { about: 'I keep <bees>.\nAnd sing.' })
  assert.equal(saved.headers.location, `/people/${tomId}`)
  assert.match(
    wordsOf(await ruth.get(`/people/${tomId}`)),
    /Tom Here since 22 November 2026\. I keep &lt;bees&gt;\. And sing\./,
  )
  assert.match(wordsOf(await tom.get(`/people/${tomId}`)), /Tom \(you\) .*Change these words/)
  assert.match(wordsOf(await tom.get(`/people/${annId}`)), /Here since 22 November 2026, invited by Ruth \./)
  await tom.post(`/people/${ruthId}/apart`, {})
  assert.match(
    wordsOf(await tom.get(`/people/${annId}`)),
    /Here since 22 November 2026\. More/,
    'nor does it name whom one may not know',
  )

  const wrong = await tom.post('/me/words', { about: 'x'.repeat(501) })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /<textarea[^>]*>\nx{501}<\/textarea>/)
})

test("somebody's requests are on their profile, twenty a page, and prayed for there", async (t) => {
  const { comes } = await place(t, { env: { RATE_LIMITS: 'off' } })
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  for (let n = 1; n <= 25; n++) await ruth.post('/prayers', { request: `Request ${n}.` })
  await tom.post('/prayers', { request: 'Another.' })
  const ruthId = await idOf(tom, 'Ruth')
  const page = await tom.get(`/people/${ruthId}`)
  assert.match(wordsOf(page), /25 requests that you can see\. .*Request 25\. /)
  assert.doesNotMatch(page.body, /Another\.|Request 5\./)
  const older = /href="(\/people\/m_\w+\?before=\d+)" rel="next"/.exec(page.body)?.[1] ?? ''
  const last = await tom.get(older)
  assert.match(wordsOf(last), /Request 5\. .*Request 1\. /)
  const prayer = /id="(p_\w+)"/.exec(last.body)?.[1]
  const marked = await tom.post(`/prayers/${prayer}/marks`, { from: older })
  assert.equal(marked.headers.location, `${older}#${prayer}`)
})

test('a new name stands everywhere at once; the one before only with oneself and admins', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom, ada] = [await comes('Ruth'), await comes('Tom'), await comes('Ada')]
  await here.does(operator, grantRole, { name: 'Ada', role: 'admin' })
  const ruthId = await idOf(tom, 'Ruth')
  await ruth.post('/prayers', { request: 'Please.' })
  assert.equal((await ruth.post('/me/name', { name: 'Naomi' })).headers.location, '/me')
  assert.match((await tom.get('/')).body, /<bdi dir="auto">Naomi<\/bdi>/)
  assert.doesNotMatch(
    (await tom.get(`/people/${ruthId}`)).body + (await tom.get('/people?q=ruth')).body,
    /Ruth/,
  )
  for (const [browser, path] of [
    [ruth, '/me/name'],
    [ada, `/people/${ruthId}`],
  ] as const)
    assert.match(wordsOf(await browser.get(path)), /Ruth kept (for you )?until 20 February 2027/)
  const wrong = await tom.post('/me/name', { name: 'Ruth' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /id="name-mistake">Somebody here has that name/)
  assert.equal(fieldOf(wrong, 'name'), 'Ruth')

  const [, erasure = ''] = /action="(\/me\/name\/\d+\/erasure)"/.exec((await ruth.get('/me/name')).body) ?? []
  assert.equal((await tom.post(erasure, {})).statusCode, 404, 'it is not his')
  assert.equal((await ruth.post(erasure, {})).headers.location, '/me/name')
  for (const [browser, path] of [
    [ruth, '/me/name'],
    [ada, `/people/${ruthId}`],
  ] as const)
    assert.doesNotMatch(wordsOf(await browser.get(path)), /Ruth/)
})

test('whoever prays unseen is counted and not named', async (t) => {
  const { comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const { location } = (await ruth.post('/prayers', { request: 'Please.' })).headers
  await tom.post(`${location}/marks`, {})
  assert.equal((await tom.post('/me/praying', { unseen: 'maybe' })).statusCode, 422)
  await tom.post('/me/praying', { unseen: 'yes' })
  assert.match((await tom.get('/me/praying')).body, /value="yes" checked/)
  assert.match(wordsOf(await ruth.get(String(location))), /1 person has prayed .*Someone who prays unseen$/)
  await tom.post('/me/praying', { unseen: 'no' })
  assert.match(wordsOf(await ruth.get(String(location))), /Tom$/)
})

test('the welcome stands above the prayers until it is put away', async (t) => {
  const { here, comes } = await place(t)
  const ruth = await comes('Ruth')
  const feed = await ruth.get('/')
  assert.match(wordsOf(feed), /Welcome .*Put this away/)
  assert.equal((await ruth.get('/me/ways-in')).statusCode, 200, 'where it leads')
  here.written()
  for (let n = 0; n < 2; n++) assert.equal((await ruth.post('/me/welcome', {})).headers.location, '/')
  assert.equal(here.written().length, 1)
  assert.doesNotMatch(wordsOf(await ruth.get('/')), /Welcome/)
})

test('labels stand beside the name on cards and on the profile, and only admins give and take them', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom, ada] = [await comes('Ruth'), await comes('Tom'), await comes('Ada')]
  await here.does(operator, grantRole, { name: 'Ada', role: 'admin' })
  const ruthId = await idOf(tom, 'Ruth')
  await ruth.post('/prayers', { request: 'Please.' })
  for (const form of [
    { words: 'Supporter', symbol: '⭐' },
    { words: '<Choir>', symbol: '' },
  ]) {
    assert.equal((await ada.post(`/people/${ruthId}/labels`, form)).headers.location, `/people/${ruthId}`)
    here.passes(minutes)
  }
  for (const path of ['/', `/people/${ruthId}`])
    assert.match(wordsOf(await tom.get(path)), /⭐ Supporter &lt;Choir&gt;/, path)
  const wrong = await ada.post(`/people/${ruthId}/labels`, { words: '', symbol: 'two' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /id="words-mistake".*[\s\S]*id="symbol-mistake"/)
  assert.equal(fieldOf(wrong, 'symbol'), 'two')

  const label = /labels\/(b_\w+)\/take/.exec((await ada.get(`/people/${ruthId}`)).body)?.[1]
  assert.doesNotMatch((await tom.get(`/people/${ruthId}`)).body, /labels\//)
  assert.equal((await tom.post(`/people/${ruthId}/labels/${label}/take`, {})).statusCode, 403)
  assert.equal((await tom.post(`/people/${ruthId}/labels`, { words: 'Queen' })).statusCode, 403)
  assert.equal((await ada.post(`/people/${ruthId}/labels/${label}/take`, {})).statusCode, 303)
  assert.doesNotMatch(wordsOf(await tom.get('/')), /Supporter/)
})

test('one keeps apart from a profile or by name, sees the list alone, and takes it back', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  await comes('Ann')
  const [ruthId, tomId] = [await idOf(tom, 'Ruth'), await idOf(ruth, 'Tom')]
  assert.match(wordsOf(await ruth.get(`/people/${tomId}/apart`)), /Nobody is told/)
  assert.equal((await ruth.get(`/people/${ruthId}/apart`)).statusCode, 404, 'not from oneself')
  here.written()
  assert.equal((await ruth.post(`/people/${tomId}/apart`, {})).headers.location, '/me/apart')
  here.passes(minutes)
  assert.equal((await ruth.post('/me/apart', { name: 'ann' })).statusCode, 303)
  assert.equal(here.written().filter((record) => record.startsWith('pair.separated/')).length, 2)
  assert.match(wordsOf(await ruth.get('/me/apart')), /Tom No longer Ann No longer/)
  assert.match(wordsOf(await tom.get('/me/apart')), /Nobody stands here/)
  for (const path of ['', '/apart']) assert.equal((await tom.get(`/people/${ruthId}${path}`)).statusCode, 404)
  const wrong = await tom.post('/me/apart', { name: 'Ruth' })
  const nobody = await tom.post('/me/apart', { name: 'Zoe' })
  assert.equal(wrong.statusCode, 422)
  assert.equal(wordsOf(wrong).replaceAll('Ruth', 'Zoe'), wordsOf(nobody))
  await tom.post(`/people/${ruthId}/rejoin`, {})
  assert.equal((await tom.get(`/people/${ruthId}`)).statusCode, 404)
  await ruth.post(`/people/${tomId}/rejoin`, {})
  assert.equal((await tom.get(`/people/${ruthId}`)).statusCode, 200)
})

test('moderators keep two others apart on a page of theirs, after a sign-in that is not old', async (t) => {
  const { here, comes } = await place(t)
  const [ruth, mo] = [await comes('Ruth'), await comes('Mo')]
  await comes('Tom')
  await here.does(operator, grantRole, { name: 'Mo', role: 'moderator' })
  assert.equal((await ruth.get('/admin/apart')).statusCode, 404)
  for (const [browser, may] of [
    [mo, true],
    [ruth, false],
  ] as const)
    for (const path of ['/', '/people', '/me'])
      assert.equal((await browser.get(path)).body.includes('href="/admin/flags"'), may, 'it is in the bar')
  for (const path of ['/admin/apart', '/admin/calls', '/admin/focus'])
    assert.ok((await mo.get('/admin/flags')).body.includes(`href="${path}"`), 'and all the others behind it')
  assert.equal((await ruth.post('/admin/apart', { one: 'Tom', other: 'Mo' })).statusCode, 404)
  const wrong = await mo.post('/admin/apart', { one: 'Ruth', other: 'Nobody' })
  assert.equal(wrong.statusCode, 422)
  assert.equal(fieldOf(wrong, 'one'), 'Ruth')
  assert.equal((await mo.post('/admin/apart', { one: 'Ruth', other: 'Tom' })).statusCode, 303)
  assert.match(wordsOf(await ruth.get('/people')), /2 people here/)
  const page = await mo.get('/admin/apart')
  assert.match(wordsOf(page), /(Ruth and Tom|Tom and Ruth) since 22 November 2026/)
  const ids = [...page.body.matchAll(/name="(?:one|other)" value="(m_\w+)"/g)].map(([, id]) => id ?? '')
  assert.equal(ids.length, 2)
  assert.equal(
    (await mo.post('/admin/apart/rejoin', { one: ids[0] ?? '', other: ids[1] ?? '' })).statusCode,
    303,
  )
  assert.match(wordsOf(await ruth.get('/people')), /3 people here/)
  here.passes(13 * hours)
  assert.equal((await mo.get('/admin/apart')).statusCode, 401)
})

test('a moderator who finds out who asked says why, and whoever asked is told', async (t) => {
  const { here, comes } = await place(t)
  await here.namesKey()
  const [ruth, mo] = [await comes('Ruth'), await comes('Mo')]
  await here.does(operator, grantRole, { name: 'Mo', role: 'moderator' })
  const { location } = (await ruth.post('/prayers', { request: 'I am afraid.', nameless: 'yes' })).headers
  const path = `${location}/author`
  assert.match(wordsOf(await mo.get(path)), /Why do you need to know/)
  assert.equal((await mo.post(path, { reason: ' ' })).statusCode, 422)
  assert.doesNotMatch((await mo.get(path)).body, /Ruth/)
  here.written()
  const reason = 'Somebody worries for her <life>.'
  assert.equal((await mo.post(path, { reason })).headers.location, path)
  assert.match(here.written().join('\n'), /^author\.shown\/1 by=m_\w+ prayer=p_\w+$/)
  assert.ok(!here.text().includes('worries'), 'the reason is sealed')
  assert.match(wordsOf(await mo.get(path)), /This was asked by Ruth \./)
  assert.match(
    wordsOf(await ruth.get(String(location))),
    /A moderator looked up who asked, on 22 November 2026, because: Somebody worries for her &lt;life&gt;\./,
  )
  assert.doesNotMatch(wordsOf(await mo.get(String(location))), /looked up who asked/)
  here.passes(61 * minutes)
  assert.match(
    wordsOf(await mo.get(path)),
    /Why do you need to know/,
    'after an hour there has to be a reason again',
  )
  const own = await mo.post('/prayers', { request: 'I, too.', nameless: 'yes' })
  assert.equal((await mo.post(`${own.headers.location}/author`, { reason })).statusCode, 422)
})

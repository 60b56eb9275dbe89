import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../src/commands/roles.ts'
import { operator, type Role } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { type Browser, fieldOf, type Place, place, waitingIn, wordsOf } from './browser.ts'

/*
 * What becomes of a request, as people read it: who sees the words that come after it, and where.
 */

const idOf = (location: unknown) => /^\/prayers\/(p_[0-9a-z]{16})$/.exec(String(location))?.[1] ?? ''

test('updates, changes, testimonies and reports are read by those who see the request, on every page, and by nobody else', async (t) => {
  const at = await place(t)
  const { people, prayers } = await scene(at)
  const { ruth } = people
  for (const [kind, prayer] of Object.entries(prayers)) {
    const send = async (what: string, form: Record<string, string>) =>
      assert.equal((await ruth.post(`/prayers/${prayer}/${what}`, form)).statusCode, 303, `${kind} ${what}`)
    at.here.passes(2 * hours)
    await send('changes', { request: `Changed lion ${kind}.` })
    await send('updates', { update: `First zebra ${kind}.` })
    await send('updates', { update: `Second zebra ${kind}.` })
    await send('answers', { testimony: `Thankful zebra ${kind}.` })
  }
  const seenBy = {
    everyone: ['ruth', 'tom', 'luke', 'mo'],
    nameless: ['ruth', 'tom', 'luke', 'mo'],
    team: ['ruth', 'luke'],
    me: ['ruth'],
  }
  for (const [who, person] of Object.entries(people)) {
    const answered = wordsOf(await person.get('/answered'))
    for (const [kind, prayer] of Object.entries(prayers)) {
      const sees = seenBy[kind as keyof typeof seenBy].includes(who)
      const what = `${kind} for ${who}`
      for (const words of [`Second zebra ${kind}.`, `Thankful zebra ${kind}.`, `Changed lion ${kind}.`])
        assert.equal(answered.includes(words), sees, `${words} ${what}`)
      const page = await person.get(`/prayers/${prayer}`)
      assert.equal(page.statusCode, sees ? 200 : 404, what)
      assert.equal(wordsOf(page).includes(`First zebra ${kind}.`), sees, what)
      assert.equal(/Changed on 22 November/.test(wordsOf(page)), sees, what)
      const earlier = await person.get(`/prayers/${prayer}/earlier`)
      const mayRead = sees && (who === 'ruth' || who === 'mo')
      assert.equal(earlier.statusCode, mayRead ? 200 : 404, what)
      assert.equal(wordsOf(earlier).includes(`Lion ${kind}.`), mayRead, what)
      assert.equal(page.body.includes(`/prayers/${prayer}/earlier`), mayRead, what)
      if (kind === 'nameless') assert.doesNotMatch(page.body.replace(/<header[\s\S]*?<\/header>/, ''), /Ruth/)
    }
    const count = Object.values(seenBy).filter((some) => some.includes(who)).length
    if (count > 0)
      assert.match(answered, new RegExp(`${count} requests? answered, ${count} in the last 30 days`))
    else assert.match(answered, /Nothing marked answered yet\. These are worth waiting for\./)
  }
})

test('a moderator reads what a team member reported on its flag alone, until they have looked; whoever asked is told nothing', async (t) => {
  const at = await place(t)
  const { people, prayers } = await scene(at)
  const { ruth, tom, luke, ann, mo } = people
  const reports = (person: Browser, prayer: string) =>
    person.post(`/prayers/${prayer}/flags`, { reason: 'It names somebody.' })
  const empty = await luke.post(`/prayers/${prayers.team}/flags`, { reason: ' ' })
  assert.equal(empty.statusCode, 422)
  assert.match(empty.body, /id="reason-mistake"/)
  for (const [person, prayer, status] of [
    [tom, prayers.team, 404],
    [tom, prayers.me, 404],
    [ann, prayers.everyone, 404],
    [mo, prayers.team, 404],
    [ruth, prayers.team, 403],
    [luke, prayers.team, 303],
    [luke, prayers.team, 303],
  ] as const)
    assert.equal((await reports(person, prayer)).statusCode, status)
  assert.ok(!at.here.text().includes('It names somebody.'), 'the reason is kept locked')

  const flags = await mo.get('/admin/flags')
  assert.equal(flags.body.match(/Lion team\./g)?.length, 1, 'asked twice is asked once')
  assert.match(
    wordsOf(flags),
    /Luke , just now.* It names somebody\. Lion team\. Only the prayer team can see this/,
  )
  assert.equal(waitingIn(await mo.get('/')), 1, 'every page says that one waits')
  assert.equal((await mo.get(`/prayers/${prayers.team}`)).statusCode, 404)
  for (const person of [ruth, tom, luke, ann]) {
    assert.equal((await person.get('/admin/flags')).statusCode, 404)
    assert.equal(waitingIn(await person.get('/')), undefined)
  }
  assert.doesNotMatch(wordsOf(await ruth.get(`/prayers/${prayers.team}`)), /Luke|names somebody/)

  const settle = /action="(\/admin\/flags\/\d+\/settlements)"/.exec(flags.body)?.[1] ?? ''
  assert.equal((await luke.post(settle, {})).statusCode, 404)
  at.here.written()
  for (const _ of ['once', 'twice']) assert.equal((await mo.post(settle, {})).statusCode, 303)
  assert.equal(at.here.written().length, 1)
  assert.match(wordsOf(await mo.get('/admin/flags')), /Nothing waits for you\./)
  assert.equal(waitingIn(await mo.get('/')), 0)

  assert.equal((await reports(luke, prayers.team)).statusCode, 303, 'it may trouble somebody again')
  await ruth.post(`/prayers/${prayers.team}/withdrawals`, {})
  const withdrawn = wordsOf(await mo.get('/admin/flags'))
  assert.match(withdrawn, /has taken it back/)
  assert.doesNotMatch(withdrawn, /Lion team/)
})

test('when somebody has died it is said quietly, and nothing there is cheerful or by itself', async (t) => {
  const at = await place(t)
  const { people, prayers } = await scene(at)
  const { ruth, tom } = people
  const prayer = prayers.everyone
  await tom.post(`/prayers/${prayer}/marks`, {})
  assert.equal(
    (await ruth.post(`/prayers/${prayer}/closings`, {})).statusCode,
    422,
    'something has to be chosen',
  )
  await ruth.post(`/prayers/${prayer}/closings`, { outcome: 'died', words: 'On Tuesday, at home.' })
  at.here.passes(60 * days)
  for (const person of [ruth, tom]) {
    const page = await person.get(`/prayers/${prayer}`)
    assert.match(wordsOf(page), /Has died, 22 November 2026.* On Tuesday, at home\./)
    assert.doesNotMatch(page.body, /class="state answered"|I prayed|comes to rest|class="saved"|class="care"/)
    assert.ok(!(await person.get('/answered')).body.includes(prayer))
    assert.ok(!(await person.get('/')).body.includes(prayer))
  }
  const late = await tom.post(`/prayers/${prayer}/marks`, {})
  assert.equal(late.statusCode, 403, 'a page that was opened before counts nothing any more')
  assert.match(wordsOf(late), /Somebody has died, and no prayers are counted here any more\./)
  assert.match(wordsOf(await tom.get(`/prayers/${prayer}`)), /1 person has prayed/)
  assert.equal(
    (await tom.post('/pray/1-2/1', { prayer })).headers.location,
    '/pray/1-2/2',
    'and nobody is held up',
  )
  await ruth.post(`/prayers/${prayers.nameless}/closings`, { outcome: 'died' })
  assert.doesNotMatch(wordsOf(await ruth.get(`/prayers/${prayers.nameless}`)), /you will see their name/)
  await ruth.post(`/prayers/${prayer}/closings`, { outcome: 'unneeded', words: '' })
  assert.match(wordsOf(await tom.get(`/prayers/${prayer}`)), /No longer needed/, 'it can be corrected')
  await ruth.post(`/prayers/${prayer}/return`, { from: '/' })
  assert.ok((await tom.get('/')).body.includes(prayer), 'and brought back')
})

test('words that could not be saved come back in their form, and the answer says so', async (t) => {
  let isFull = false
  const at = await place(t, {
    site: ({ record }) => ({
      record: (rehearse) =>
        isFull ? Promise.reject(new Refusal('read-only', 'The disk is full.')) : record(rehearse),
    }),
  })
  const { people, prayers } = await scene(at)
  isFull = true
  for (const [what, field] of [
    ['changes', 'request'],
    ['updates', 'update'],
    ['answers', 'testimony'],
    ['flags', 'reason'],
  ] as const) {
    const person = what === 'flags' ? people.tom : people.ruth
    const form = { [field]: 'Words that took an hour.', key: 'once' }
    const answer = await person.post(`/prayers/${prayers.everyone}/${what}`, form)
    assert.equal(answer.statusCode, 503, what)
    assert.match(wordsOf(answer), /^That did not save\. Your words are still here\./)
    assert.match(answer.body, />\nWords that took an hour\.<\/textarea>/)
    if (what === 'updates' || what === 'flags')
      assert.match(answer.body, /name="key" value="once"/, 'sent again it is the same')
  }
})

test('each form keeps what was written, with what is wrong beside it, and opens with what stands there now', async (t) => {
  const at = await place(t)
  const { people, prayers } = await scene(at)
  const { ruth } = people
  const form = (what: string) => `/prayers/${prayers.everyone}/${what}`
  const long = 'x'.repeat(5_001)
  for (const [what, fields, wrong] of [
    ['changes', { request: '', forWhom: 'my <friend>', topic: 'grief', day: '2020-01-01' }, 'request'],
    ['changes', { request: 'So.', forWhom: 'my <friend>' }, 'consent'],
    ['changes', { request: 'So.', day: '2020-01-01' }, 'day'],
    ['changes', { request: 'So.', topic: 'lions' }, 'topic'],
    ['updates', { update: long }, 'update'],
    ['answers', { testimony: long }, 'testimony'],
    ['closings', { outcome: 'lions', words: 'Kept <words>' }, 'outcome'],
    ['closings', { outcome: 'died', words: long }, 'words'],
    ['renewals', { span: '1000' }, 'span'],
  ] as const) {
    const answer = await ruth.post(form(what), fields)
    assert.equal(answer.statusCode, 422, what)
    assert.match(answer.body, new RegExp(`id="${wrong}-mistake"`), `${what} ${wrong}`)
    if ('forWhom' in fields) assert.equal(fieldOf(answer, 'forWhom'), 'my &lt;friend&gt;')
    if ('words' in fields && wrong === 'outcome') assert.match(answer.body, />\nKept &lt;words&gt;</)
    if (wrong === 'update' || wrong === 'testimony') assert.ok(answer.body.includes(long), what)
  }
  await ruth.post(form('answers'), { testimony: 'She is well.' })
  assert.match((await ruth.get(form('answers'))).body, />\nShe is well\.<\/textarea>/)
  await ruth.post(form('answers'), { testimony: 'She is quite well.' })
  const page = wordsOf(await people.tom.get('/answered'))
  assert.ok(page.includes('She is quite well.') && !page.includes('She is well.'))
  assert.match((await ruth.get(form('changes'))).body, />\nLion everyone\.<\/textarea>/)
})

test('what was answered is read page by page, newest told first, each once, also by topic', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const told: string[] = []
  for (let count = 0; count < 45; count++) {
    if (count % 15 === 0) at.here.passes(2 * hours)
    const { headers } = await ruth.post('/prayers', { request: `Lion ${count}.` })
    const prayer = idOf(headers.location)
    if (count % 3 === 0)
      await ruth.post(`/prayers/${prayer}/changes`, { request: 'For work.', topic: 'work' })
    told.push(prayer)
  }
  // The first asked is told last.
  const order = [...told].reverse()
  for (const prayer of order) await ruth.post(`/prayers/${prayer}/answers`, {})
  const expected = [...order].reverse()
  const through = async (first: string) => {
    const found: string[] = []
    let next: string | undefined = first
    while (next !== undefined) {
      const { body } = await ruth.get(next)
      found.push(...[...body.matchAll(/<article class="card" id="(p_\w+)"/g)].map(([, id = '']) => id))
      next = /<a href="([^"]+)" rel="next">/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    return found
  }
  assert.deepEqual(await through('/answered'), expected)
  const ofWork = expected.filter((prayer) => told.indexOf(prayer) % 3 === 0)
  assert.deepEqual(await through('/answered?topic=work'), ofWork)
  for (const wrong of ['/answered?topic=lions', '/answered?before=x', '/answered?topic=work&topic=grief'])
    assert.equal((await ruth.get(wrong)).statusCode, 404, wrong)
})

/** Ruth asks in each way; Luke is of the team, Mo a moderator, and Ann and Ruth are kept apart. */
async function scene({ here, comes }: Place) {
  await here.namesKey()
  const withRole = async (name: string, role: Role) => {
    const person = await comes(name)
    await here.does(operator, grantRole, { name, role })
    await person.get('/')
    return person
  }
  const people = {
    ruth: await comes('Ruth'),
    tom: await comes('Tom'),
    luke: await withRole('Luke', 'team'),
    mo: await withRole('Mo', 'moderator'),
    ann: await comes('Ann'),
  }
  const found = (await people.ruth.get('/people?q=Ann')).body
  const ann = /href="\/people\/(m_\w+)"/.exec(found)?.[1]
  assert.equal((await people.ruth.post(`/people/${ann}/apart`, {})).statusCode, 303)
  const asks = async (kind: string, form: Record<string, string>) => {
    const { headers } = await people.ruth.post('/prayers', { request: `Lion ${kind}.`, ...form })
    return idOf(headers.location)
  }
  const prayers = {
    everyone: await asks('everyone', {}),
    nameless: await asks('nameless', { nameless: 'yes' }),
    team: await asks('team', { sees: 'team' }),
    me: await asks('me', { sees: 'me' }),
  }
  return { people, prayers }
}

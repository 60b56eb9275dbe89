import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { grantRole } from '../../src/commands/roles.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { operator } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { fieldOf, type Place, place, waitingIn, wordsOf } from './browser.ts'

/** Everything that can be chosen, chosen. */
const whole = {
  ...{ request: 'Please pray.', forWhom: 'Lydia', consent: 'yes', topic: 'health', day: '2026-12-24' },
  ...{ lasts: '14', sees: 'everyone', key: 'k'.repeat(22) },
}

const headerOf = ({ here }: Place) => here.written().find((header) => header.startsWith('prayer.posted'))

/** Says it as an admin would. */
async function sets({ here }: Place, setting: string, value: string) {
  const admin = await here.joinsAsAdmin('Ada')
  await here.does(admin, changeSetting, { setting, value })
}

test('the form says who will see it, and opens its choices only when something in them is set or wrong', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  await at.comes('Luke')
  const open = /<details class="choices" open>/
  const plain = await ruth.get('/prayers/new')
  assert.match(wordsOf(plain), /Everyone here will see this, with your name\./)
  assert.match(wordsOf(plain), /Everyone here \(2 people\) The prayer team, of which nobody is yet Only me\./)
  assert.doesNotMatch(plain.body, open)
  await at.here.does(operator, grantRole, { name: 'Luke', role: 'team' })
  assert.match(wordsOf(await ruth.get('/prayers/new')), /The prayer team: Luke Only me\./)
  const choices = { forWhom: 'Lydia', consent: 'yes', topic: 'health', day: '2026-12-24', lasts: '90' }
  for (const [field, value] of Object.entries({ ...choices, sees: 'me', nameless: 'yes' })) {
    const answer = await ruth.post('/prayers/new', { request: 'Please.', [field]: value })
    assert.match(answer.body, open, field)
  }
  assert.match((await ruth.post('/prayers/preview', { request: 'Please.', topic: 'money' })).body, open)
})

test('all that was chosen is on the page where one checks it, in what is shared, and in the record', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const preview = await ruth.post('/prayers/preview', whole)
  assert.match(
    wordsOf(preview),
    /Everyone here \(1 person\) will see this, with your name\. Ruth for Lydia just now Health, matters on 24 December 2026 Please pray\. We pray for it until 24 December 2026/,
  )
  for (const [name, value] of Object.entries(whole)) assert.equal(fieldOf(preview, name), value, name)
  at.here.written()
  const first = await ruth.post('/prayers', whole)
  assert.equal(first.statusCode, 303)
  const header = headerOf(at)
  assert.match(
    String(header),
    / sees=everyone topic=health day=2026-12-24 lapsesAt=2026-12-24T23:59:59\.999Z consent=yes$/,
  )
  const card = wordsOf(await ruth.get(String(first.headers.location)))
  assert.match(card, /Ruth \(you\) for Lydia just now Health, matters on 24 December 2026 Please pray\./)
  assert.equal((await ruth.post('/prayers', whole)).headers.location, first.headers.location)
  assert.equal(headerOf(at), undefined, 'a form that is sent twice is one request')
})

test('a request lasts to the end of a day where the community lives, and what only its author sees for ever', async (t) => {
  const at = await place(t)
  await at.here.namesKey()
  await sets(at, 'timeZone', 'America/New_York')
  const ruth = await at.comes('Ruth')
  // It is 2 in the night of 22 November there.
  const cases: readonly [Record<string, string>, string | undefined][] = [
    [{}, '2026-12-23T04:59:59.999Z'],
    [{ lasts: '14' }, '2026-12-07T04:59:59.999Z'],
    [{ lasts: '90' }, '2027-02-21T04:59:59.999Z'],
    [{ lasts: '14', day: '2027-07-01' }, '2027-07-02T03:59:59.999Z'],
    [{ lasts: 'open' }, undefined],
    [{ lasts: '14', sees: 'me' }, undefined],
  ]
  for (const [choices, lapsesAt] of cases) {
    at.here.written()
    assert.equal((await ruth.post('/prayers', { request: 'Please.', ...choices })).statusCode, 303)
    assert.equal(/ lapsesAt=(\S+)/.exec(headerOf(at) ?? '')?.[1], lapsesAt, JSON.stringify(choices))
  }
})

test('each choice that cannot be is refused by its field, and every word is kept', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const cases: readonly [field: string, value: string, sentence: RegExp][] = [
    ['consent', '', /Others will read who it is for/],
    ['consent', 'perhaps', /Say whether they agree/],
    ['topic', 'money', /Choose one of these topics/],
    ['day', '2026-11-21', /This day is over/],
    ['day', '2036-11-23', /more than 10 years away/],
    ['day', '2026-02-30', /Choose a day of the calendar/],
    ['day', 'tomorrow', /Choose a day of the calendar/],
    ['lasts', '365', /Choose how long/],
    ['sees', 'nobody', /Choose who may see this/],
    ['nameless', 'no', /Choose whether people see your name/],
    ['forWhom', 'a\nb', /Keep this to one line/],
    ['forWhom', '🙏'.repeat(101), /101 characters; at most 100/],
  ]
  at.here.written()
  for (const path of ['/prayers/preview', '/prayers'])
    for (const [field, value, sentence] of cases) {
      const answer = await ruth.post(path, { ...whole, [field]: value })
      const what = `${path} ${field}=${value.slice(0, 20)}`
      assert.equal(answer.statusCode, 422, what)
      const mistake = new RegExp(`id="${field}-mistake">([^<]*)<`).exec(answer.body)?.[1] ?? ''
      assert.match(mistake, sentence, what)
      assert.match(answer.body, new RegExp(`<a href="#${field}">`), what)
      assert.match(answer.body, />\nPlease pray\.<\/textarea>/, what)
      if (field === 'day')
        assert.equal(fieldOf(answer, 'day') ?? /type="date" value="([^"]*)"/.exec(answer.body)?.[1], value)
      if (field !== 'forWhom') assert.equal(fieldOf(answer, 'forWhom'), 'Lydia', what)
    }
  assert.deepEqual(at.here.written(), [])
  for (const day of ['2026-11-22', '2036-11-22'])
    assert.equal((await ruth.post('/prayers', { request: 'Please.', day })).statusCode, 303, day)
  assert.equal(
    (await ruth.post('/prayers/preview', { ...whole, consent: '', sees: 'me' })).statusCode,
    200,
    'nobody else reads who it is for',
  )
})

test('what was begun is offered back, by its day, until it is shared or thrown away', async (t) => {
  const at = await place(t)
  await at.here.namesKey()
  const [ruth, tom] = [await at.comes('Ruth'), await at.comes('Tom')]
  assert.equal((await ruth.post('/prayers/preview', whole)).statusCode, 200)
  at.here.passes(2 * days)
  const offered = await ruth.get('/prayers/new')
  assert.match(wordsOf(offered), /You began a request 2 days ago Go on with it Throw it away/)
  assert.ok(!offered.body.includes('Lydia'), 'and not shown before one wants it')
  assert.doesNotMatch(wordsOf(await tom.get('/prayers/new')), /You began/)
  assert.ok(!(await tom.get('/prayers/new?draft=yes')).body.includes('Lydia'))
  const gone = await ruth.get('/prayers/new?draft=yes')
  assert.match(gone.body, />\nPlease pray\.<\/textarea>/)
  for (const name of ['key', 'forWhom']) assert.equal(fieldOf(gone, name), whole[name as 'key'])
  assert.match(gone.body, /value="health" selected/)

  await ruth.post('/prayers', { request: 'Something else.', key: 'o'.repeat(22) })
  assert.match(wordsOf(await ruth.get('/prayers/new')), /You began/, 'another request leaves it')
  await ruth.post('/prayers', whole)
  assert.doesNotMatch(wordsOf(await ruth.get('/prayers/new')), /You began/)

  const kept = await ruth.post('/drafts', { request: 'Half a sen', key: 'n'.repeat(22) })
  assert.equal(kept.statusCode, 200)
  assert.match((await ruth.get('/prayers/new?draft=yes')).body, />\nHalf a sen<\/textarea>/)
  assert.equal((await ruth.post('/drafts/removal', {})).headers.location, '/prayers/new')
  assert.doesNotMatch(wordsOf(await ruth.get('/prayers/new')), /You began/)
  for (const words of ['Please pray.', 'Half a sen'])
    assert.equal(at.here.text().includes(words), words === 'Please pray.')
})

test('a draft that cannot be kept is said, and the form comes back with its words', async (t) => {
  const failures: unknown[] = []
  const at = await place(t, { onDraftFailure: (error) => failures.push(error) })
  await at.here.namesKey()
  const ruth = await at.comes('Ruth')
  // No file can be made where a file stands instead of the folder, as on a disk that is full.
  writeFileSync(join(at.here.options.cache, 'drafts'), '')
  const preview = await ruth.post('/prayers/preview', whole)
  assert.equal(preview.statusCode, 200)
  assert.match(wordsOf(preview), /No draft of this could be kept just now/)
  assert.equal(fieldOf(preview, 'request'), 'Please pray.')
  const kept = await ruth.post('/drafts', whole)
  assert.equal(kept.statusCode, 503)
  assert.match(kept.body, />\nPlease pray\.<\/textarea>/)
  assert.equal(failures.length > 0, true, 'whoever runs the site is told')
  assert.ok(!String(failures).includes('Please pray.'))
  rmSync(join(at.here.options.cache, 'drafts'))
  assert.doesNotMatch(wordsOf(await ruth.post('/prayers/preview', whole)), /No draft/)
  assert.equal((await ruth.post('/drafts', { request: '🙏'.repeat(5_001) })).statusCode, 422)
})

test('words that sound like danger have help beside them, and a call can be asked for without losing a word', async (t) => {
  const at = await place(t)
  await at.here.namesKey()
  const ruth = await at.comes('Ruth')
  const words = { request: 'I do not want to live any more.', key: 'd'.repeat(22) }
  const beside = /You need not be alone with this .*findahelpline\.com/
  assert.doesNotMatch(wordsOf(await ruth.post('/prayers/preview', whole)), beside)
  at.here.written()
  for (const path of ['/prayers/preview', '/prayers/new'])
    assert.match(wordsOf(await ruth.post(path, words)), beside, path)
  assert.match((await ruth.post('/drafts', words)).body, /^<div id="beside">[\s\S]*findahelpline/)
  assert.deepEqual(at.here.written(), [], 'nothing is written down by it')

  const asked = await ruth.post('/calls', words)
  assert.equal(asked.headers.location, '/prayers/new?draft=yes')
  const back = await ruth.get('/prayers/new?draft=yes')
  assert.match(back.body, />\nI do not want to live any more\.<\/textarea>/)
  assert.match(
    wordsOf(back),
    /You asked for a call just now ?\. The moderators see your name, and none of your words\./,
  )
  assert.match(
    (await ruth.post('/calls', words, { accept: 'text/html; fragment' })).body,
    /You asked for a call/,
  )
  const written = at.here.written()
  assert.equal(written.length, 1, 'asked once')
  assert.match(String(written[0]), /^call\.asked\/1 by=m_\w+$/)
  assert.ok(!at.here.text().includes('want to live'))
})

test('a call that cannot be asked for leaves the words where they are', async (t) => {
  const reason = 'The disk is full.'
  let isFull = false
  const at = await place(t, {
    onDraftFailure: () => {},
    site: ({ record }) => ({
      record: (rehearse) => (isFull ? Promise.reject(new Refusal('read-only', reason)) : record(rehearse)),
    }),
  })
  await at.here.namesKey()
  const ruth = await at.comes('Ruth')
  writeFileSync(join(at.here.options.cache, 'drafts'), '')
  isFull = true
  const answer = await ruth.post('/calls', { request: 'I do not want to live any more.' })
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, />\nI do not want to live any more\.<\/textarea>/)
  assert.match(wordsOf(answer), /That did not save\. Your words are still here\. The disk is full\./)
  assert.equal((await ruth.post('/calls', {})).statusCode, 503)
})

test('a moderator reads on every page that somebody asks for a call, who and since when, and takes it on', async (t) => {
  const at = await place(t)
  await at.here.namesKey()
  const [ruth, tom, ann] = [await at.comes('Ruth'), await at.comes('Tom'), await at.comes('Ann')]
  const [mo, apart] = [await at.comes('Mo'), await at.comes('Max')]
  for (const name of ['Mo', 'Max']) await at.here.does(operator, grantRole, { name, role: 'moderator' })
  const idOf = async (name: string) =>
    /people\/(m_\w+)"/.exec((await tom.get(`/people?q=${name}`)).body)?.[1] ?? ''
  const [id, max] = [await idOf('Ruth'), await idOf('Max')]
  await at.here.ledger.record(() => ({
    drafts: [pairSeparated.of({ by: id, one: id, other: max })],
    result: undefined,
  }))
  assert.match(wordsOf(await mo.get('/admin/calls')), /Nobody waits for you/)
  await ruth.post('/calls', { request: 'I want to die.' })
  at.here.passes(3 * hours)
  const banner = /Somebody asks to be called\./
  assert.match(wordsOf(await mo.get('/')), banner)
  assert.equal(waitingIn(await mo.get('/')), 1)
  assert.match(wordsOf(await mo.get('/admin/flags')), /Who asks to be called 1 waiting/)
  assert.equal(waitingIn(await apart.get('/')), 0, 'nobody counts whom they may not meet')
  assert.match(wordsOf(await mo.get('/admin/calls')), /Ruth Asked 3 hours ago I have taken this on/)
  for (const [who, person] of Object.entries({ tom, ann, apart })) {
    assert.doesNotMatch(wordsOf(await person.get('/')), banner, who)
    assert.ok(!(await person.get('/admin/calls')).body.includes('Ruth'), who)
    assert.equal((await person.post(`/admin/calls/${id}`, {})).statusCode, 404, who)
  }
  assert.equal((await mo.post(`/admin/calls/${id}`, {})).statusCode, 303)
  assert.doesNotMatch(wordsOf(await mo.get('/')), banner)
  assert.equal(waitingIn(await mo.get('/')), 0)
  assert.match(
    wordsOf(await mo.get('/admin/calls')),
    /Nobody waits for you\. Taken on within a week Ruth by Mo ?, just now/,
  )
  const told = await ruth.post('/prayers/preview', { request: 'I want to die.' })
  assert.match(wordsOf(told), /Mo has taken on to call you\. Ask someone to call me/)
  at.here.written()
  assert.equal((await mo.post(`/admin/calls/${id}`, {})).statusCode, 303)
  assert.deepEqual(at.here.written(), [], 'taken on once')
})

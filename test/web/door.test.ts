import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { memberByName } from '../../src/queries/members.ts'
import { openSignIns } from '../../src/queries/sign-ins.ts'
import { memberDeactivated } from '../../src/records/members.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { settingChanged } from '../../src/records/settings.ts'
import { type Browser, type Place, place, wordsOf } from './browser.ts'
import { attempts, knocks, numberAt } from './door.ts'

/** Long enough for what follows an answer. */
const settles = ({ here }: Place) =>
  here.ledger.settled().then(() => new Promise((wake) => setTimeout(wake, 20)))

/** Writes something down that no page does yet. */
const happens = ({ here }: Place, draft: Draft) => here.ledger.record(() => ({ drafts: [draft], result: {} }))

const voicesCount = (there: Place, value: 'yes' | 'no') =>
  happens(there, settingChanged.of({ by: 'operator', setting: 'vouching', value }))

async function idOf(there: Place, name: string) {
  const id = memberByName(there.here.ledger.cache(), name)?.id
  assert.ok(id)
  return id
}

test('whoever has another device in here types there what this one shows, and comes in here', async (t) => {
  const there = await place(t)
  const ruth = await there.comes('Ruth')
  const anotherOfRuth = there.browser()
  for (const [name, value] of ruth.cookies) anotherOfRuth.cookies.set(name, value)
  const ann = await there.comes('Ann')
  assert.doesNotMatch((await ruth.get('/')).body, /wants to come in as you/)

  const fresh = await knocks(there, 'ruth ')
  const [id = ''] = await attempts(there, 'Ruth')
  const waiting = await fresh.get('/sign-in/waiting')
  assert.equal(waiting.headers.refresh, '10')
  assert.equal((await fresh.get('/feed')).statusCode, 401, 'whoever waits may do nothing else')
  assert.equal((await fresh.post('/sign-in/waiting', {})).statusCode, 410)
  for (const device of [ruth, anotherOfRuth])
    assert.match(
      (await device.get('/feed')).body,
      new RegExp(`href="/me/sign-ins/${id}">Somebody wants to come in as you`),
    )
  assert.doesNotMatch((await ann.get('/')).body, /wants to come in/)
  for (const way of ['', '/approvals', '/refusals'])
    assert.equal(
      (await (way ? ann.post(`/me/sign-ins/${id}${way}`, { code: '1' }) : ann.get(`/me/sign-ins/${id}`)))
        .statusCode,
      404,
    )

  const number = await numberAt(fresh)
  const asks = wordsOf(await ruth.get(`/me/sign-ins/${id}`))
  assert.match(asks, /Somebody wants to come in as you: was this you\?/)
  assert.doesNotMatch(asks, new RegExp(number), 'only the new device shows it')
  const yes = await ruth.post(`/me/sign-ins/${id}/approvals`, { code: number })
  assert.equal(yes.statusCode, 303, wordsOf(yes))
  assert.match(wordsOf(await fresh.get('/sign-in/waiting')), /You can come in, ruth/)
  assert.equal((await fresh.get('/feed')).statusCode, 401, 'looking lets nobody in')

  const twin = there.browser()
  for (const [name, value] of fresh.cookies) twin.cookies.set(name, value)
  there.here.written()
  assert.equal((await fresh.post('/sign-in/waiting', {})).headers.location, '/')
  assert.match(there.here.written().join('\n'), /^sign-in\.used\/1! .*\nsession\.opened\/3 .* how=device/)
  assert.equal((await fresh.get('/feed')).statusCode, 200)
  assert.equal((await twin.post('/sign-in/waiting', {})).statusCode, 410, 'once')
  assert.match(wordsOf(await twin.get('/sign-in/waiting')), /somebody has come in already/)
})

test('a device lying open lets in another, which can do no more than it could', async (t) => {
  const there = await place(t)
  const ruth = await there.comes('Ruth')
  const mayMakeKeys = async (person: Browser) => (await person.post('/me/paper-key', {})).statusCode === 200
  const letsIn = async () => {
    const next = await knocks(there, 'Ruth')
    const number = await numberAt(next)
    await attempts(there, 'Ruth')
    assert.equal((await ruth.post('/me/sign-ins', { code: number })).statusCode, 303)
    assert.equal((await next.post('/sign-in/waiting', {})).statusCode, 303)
    return next
  }
  assert.ok(await mayMakeKeys(await letsIn()), 'she has come a moment ago')
  there.here.passes(13 * hours)
  assert.ok(!(await mayMakeKeys(ruth)))
  const stolen = await letsIn()
  assert.equal((await stolen.get('/feed')).statusCode, 200)
  assert.ok(!(await mayMakeKeys(stolen)))
  assert.ok(!(await mayMakeKeys(await letsIn())))
})

test('a number typed wrongly five times is dead, also for who types it rightly then, and a new one is offered', async (t) => {
  const there = await place(t)
  const ruth = await there.comes('Ruth')
  const fresh = await knocks(there, 'Ruth')
  const [id] = await attempts(there, 'Ruth')
  const number = await numberAt(fresh)
  const wrong = number === '000 000' ? '000001' : '000000'
  for (let count = 1; count <= 5; count++) {
    const answer = await ruth.post(`/me/sign-ins/${id}/approvals`, { code: wrong })
    assert.equal(answer.statusCode, 422)
    assert.match(wordsOf(answer), count < 5 ? /That is not the number/ : /That number is good no more/)
  }
  assert.equal((await ruth.post(`/me/sign-ins/${id}/approvals`, { code: number })).statusCode, 422)
  assert.match(wordsOf(await fresh.get('/sign-in/waiting')), /typed wrongly five times/)
  assert.equal((await fresh.post('/sign-in/waiting/number', {})).statusCode, 303)
  const second = await numberAt(fresh)
  assert.equal(
    (await ruth.post(`/me/sign-ins/${id}/approvals`, { code: second.replace(' ', '') })).statusCode,
    303,
  )
  assert.equal((await fresh.post('/sign-in/waiting', {})).headers.location, '/')
})

test('a number is good for ten minutes, and whoever waits may do so for a day', async (t) => {
  const there = await place(t)
  const { here } = there
  const ruth = await there.comes('Ruth')
  const fresh = await knocks(there, 'Ruth')
  const [id] = await attempts(there, 'Ruth')
  const number = await numberAt(fresh)
  here.passes(10 * minutes)
  assert.equal((await ruth.post(`/me/sign-ins/${id}/approvals`, { code: number })).statusCode, 422)
  here.passes(23 * hours)
  await fresh.post('/sign-in/waiting/number', {})
  assert.equal(
    (await ruth.post(`/me/sign-ins/${id}/approvals`, { code: await numberAt(fresh) })).statusCode,
    303,
  )
  here.passes(1 * hours)
  assert.equal((await fresh.post('/sign-in/waiting', {})).statusCode, 410, 'a day after it was asked')
  assert.equal((await fresh.get('/sign-in/waiting')).headers.location, '/sign-in')
  assert.match(wordsOf(await ruth.get(`/me/sign-ins/${id}`)), /was too long ago/)
  assert.doesNotMatch((await ruth.get('/feed')).body, /come in as you/)
})

test('"This was not me" ends it, also after somebody was let in, and the one who waits reads so', async (t) => {
  const there = await place(t)
  const ruth = await there.comes('Ruth')
  for (const isApproved of [false, true]) {
    const thief = await knocks(there, 'Ruth')
    const [id] = await attempts(there, 'Ruth')
    const number = await numberAt(thief)
    if (isApproved) await ruth.post(`/me/sign-ins/${id}/approvals`, { code: number })
    assert.equal((await ruth.post(`/me/sign-ins/${id}/refusals`, {})).statusCode, 303)
    assert.match(wordsOf(await thief.get('/sign-in/waiting')), /has ended/)
    assert.equal(
      (await ruth.post(`/me/sign-ins/${id}/approvals`, { code: number })).statusCode,
      isApproved ? 422 : 404,
    )
    assert.equal((await thief.post('/sign-in/waiting', {})).statusCode, 410)
    assert.doesNotMatch((await ruth.get('/')).body, /come in as you/)
  }
})

test('a name that is known, unknown or deactivated gets the same answer, and the same is done for it', async (t) => {
  const asked: string[] = []
  const there = await place(t, {
    site: ({ record }) => ({
      record: (rehearse) => {
        asked.push('record')
        return record(rehearse)
      },
    }),
  })
  await there.comes('Ruth')
  await there.comes('Gone')
  await happens(there, memberDeactivated.of({ by: 'operator', member: await idOf(there, 'Gone') }))
  const outcomes = []
  for (const name of ['Ruth', 'Zadok', 'Gone']) {
    asked.length = 0
    const stranger = there.browser()
    const answer = await stranger.post('/sign-in/door', { called: name })
    await settles(there)
    const page = await stranger.get('/sign-in/waiting')
    const again = await stranger.post('/sign-in/waiting', {})
    const number = await stranger.post('/sign-in/waiting/number', {})
    const bare = ({ body }: { body: string }) =>
      body
        .replaceAll(name, 'NAME')
        .replace(/\d{3} \d{3}/g, 'NUMBER')
        .replace(/[\w-]{22}/g, 'KEY')
    outcomes.push({
      asked: [...asked],
      statuses: [answer, page, again, number].map(({ statusCode, headers }) => [
        statusCode,
        headers.location,
        headers.refresh,
      ]),
      cookies: answer.cookies.map(({ name: cookie, value, ...rest }) => [
        cookie,
        value.length - name.length,
        rest.maxAge,
      ]),
      bodies: [answer, page, again].map(bare),
    })
  }
  assert.equal(outcomes.length, 3)
  for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0])
  assert.deepEqual(outcomes[0]?.asked, ['record', 'record'], 'both when asking and when coming in')
})

test('the answer at the door waits for nothing, so its time tells nothing', async (t) => {
  let isStuck = false
  const there = await place(t, {
    site: ({ record }) => ({
      record: (rehearse) =>
        isStuck
          ? new Promise((wake) => setTimeout(wake, 300)).then(() => record(rehearse))
          : record(rehearse),
    }),
  })
  await there.comes('Ruth')
  isStuck = true
  const started = performance.now()
  await knocks(there, 'Ruth')
  assert.ok(performance.now() - started < 250)
  isStuck = false
  await attempts(there, 'Ruth')
})

test('whoever floods a name writes little, shows one banner, and keeps nobody out', async (t) => {
  const there = await place(t, { env: { RATE_LIMITS: 'off' } })
  const ruth = await there.comes('Ruth')
  for (let count = 0; count < 12; count++) await knocks(there, 'Ruth')
  await settles(there)
  assert.equal((await attempts(there, 'Ruth')).length, 5, 'no more within an hour')
  const { body } = await ruth.get('/')
  assert.equal(body.match(/come in as you/g)?.length, 1)
  assert.match(body, /href="\/me\/sign-ins">Somebody has tried several times/)

  const ruthsPhone = await knocks(there, 'Ruth')
  await settles(there)
  const typed = await ruth.post('/me/sign-ins', { code: await numberAt(ruthsPhone) })
  assert.match(String(typed.headers.location), /^\/me\/sign-ins\/n_/)
  assert.equal((await ruthsPhone.post('/sign-in/waiting', {})).headers.location, '/')
  assert.equal((await ruthsPhone.get('/feed')).statusCode, 200)

  assert.equal((await ruth.post('/me/sign-ins/refusals', {})).statusCode, 303)
  assert.equal(openSignIns(there.here.ledger.cache(), await idOf(there, 'Ruth'), there.here.now()).length, 0)
  assert.doesNotMatch((await ruth.get('/')).body, /come in as you/)
  assert.equal((await ruth.get('/feed')).statusCode, 200)
  assert.equal((await ruth.post('/me/sign-ins', { code: '123456' })).statusCode, 422)
})

/** Mary at the door, and people who could let her in. */
async function maryWaits(t: TestContext) {
  const there = await place(t)
  await there.here.joinsAsAdmin('Esther')
  await there.comes('Mary')
  const [ruth, ann] = [await there.comes('Ruth'), await there.comes('Ann')]
  await voicesCount(there, 'yes')
  const mary = await knocks(there, 'Mary')
  await attempts(there, 'Mary')
  const code = await numberAt(mary)
  return { there, mary, ruth, ann, yes: { name: 'Mary', code, sure: 'yes' } }
}

test('two people who know the voice let somebody in, where the community wants it so', async (t) => {
  const { there, mary, ruth, ann, yes } = await maryWaits(t)
  assert.match(
    wordsOf(await ruth.get('/vouch?name=Mary')),
    /Are you speaking with Mary now, and do you know their voice\?/,
  )
  assert.match(wordsOf(await mary.get('/sign-in/waiting')), /call two people here who know your voice/)
  assert.equal((await ruth.post('/vouch', { ...yes, sure: '' })).statusCode, 422)
  assert.equal((await ruth.post('/vouch', yes)).headers.location, '/vouch?done=first')
  assert.equal(
    (await ruth.post('/vouch', yes)).headers.location,
    '/vouch?done=first',
    'one voice counts once',
  )
  assert.equal((await mary.post('/sign-in/waiting', {})).statusCode, 410)
  assert.equal((await ann.post('/vouch', yes)).headers.location, '/vouch?done=enough')
  there.here.written()
  assert.equal((await mary.post('/sign-in/waiting', {})).headers.location, '/')
  assert.match(there.here.written().join(), /session\.opened\/3 .* how=vouched/)

  await voicesCount(there, 'no')
  for (const answer of [await ruth.get('/vouch'), await ruth.post('/vouch', yes)])
    assert.equal(answer.statusCode, 404)
})

test('nobody vouches for whoever looks after something, is kept apart, is gone, or does not wait: all read the same', async (t) => {
  const { there, mary, ruth, ann, yes } = await maryWaits(t)
  const refusedAs = async (form: Record<string, string>) => {
    const answer = await ruth.post('/vouch', form)
    assert.equal(answer.statusCode, 422)
    return answer.body.replaceAll(form.name ?? '', 'NAME')
  }
  const nobody = await refusedAs({ ...yes, name: 'Nobody' })
  assert.equal(await refusedAs({ ...yes, name: 'Ann' }), nobody, 'who does not wait')

  const esther = await knocks(there, 'Esther')
  await attempts(there, 'Esther')
  assert.equal(await refusedAs({ name: 'Esther', code: await numberAt(esther), sure: 'yes' }), nobody)

  const [one, other] = [await idOf(there, 'Mary'), await idOf(there, 'Ruth')]
  await happens(there, pairSeparated.of({ by: one, one, other }))
  assert.equal(await refusedAs(yes), nobody, 'kept apart')

  const tom = await there.comes('Tom')
  assert.equal((await ann.post('/vouch', yes)).headers.location, '/vouch?done=first')
  assert.equal((await tom.post('/vouch', yes)).headers.location, '/vouch?done=enough')
  await there.here.does(operator, grantRole, { name: 'Mary', role: 'team' })
  assert.equal((await mary.post('/sign-in/waiting', {})).statusCode, 410, 'a role given since')
})

test('a rebuild keeps who waits, and who vouched', async (t) => {
  const { there, mary, ruth, ann, yes } = await maryWaits(t)
  await ruth.post('/vouch', yes)
  const before = await attempts(there, 'Mary')
  await there.here.ledger.rebuild({})
  assert.deepEqual(await attempts(there, 'Mary'), before)
  assert.equal((await ann.post('/vouch', yes)).headers.location, '/vouch?done=enough')
  await there.here.ledger.rebuild({})
  assert.equal((await mary.post('/sign-in/waiting', {})).headers.location, '/')
})

test('asking is counted, whether or not there is somebody of that name', async (t) => {
  const there = await place(t)
  await there.comes('Ruth')
  for (const name of ['Ruth', 'Nobody']) for (let count = 0; count < 5; count++) await knocks(there, name)
  const answer = await there.browser().post('/sign-in/door', { called: 'Ruth' })
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) > 0)
})

test('what is not even a name is said to be none, and whoever is in here needs no door', async (t) => {
  const there = await place(t)
  const ruth = await there.comes('Ruth')
  assert.equal((await there.browser().post('/sign-in/door', { called: ' ' })).statusCode, 422)
  const long = await there.browser().post('/sign-in/door', { called: 'x'.repeat(101) })
  assert.equal(long.statusCode, 422)
  assert.match(long.body, /x{101}/, 'it is kept')
  assert.equal((await ruth.get('/sign-in/waiting')).headers.location, '/')
  assert.equal((await there.browser().get('/sign-in/waiting')).headers.location, '/sign-in')
  assert.equal((await there.browser().post('/sign-in/waiting/number', {})).headers.location, '/sign-in')
  assert.equal((await there.browser().post('/sign-in/waiting', {})).statusCode, 410)
  const broken = there.browser()
  broken.cookies.set('thywill-door', `${'x'.repeat(22)}.${Date.parse(there.here.now())}.%25E0%25`)
  assert.equal((await broken.get('/sign-in/waiting')).statusCode, 200)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decideApplication,
  eraseApplications,
  lapseApplications,
  sendApplication,
} from '../../src/commands/applications.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { type Member, operator, schedule, visitor } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import {
  applicationState,
  applicationsPage,
  countWaiting,
  erasedUpTo,
  keptFor,
  openFor,
} from '../../src/queries/applications.ts'
import { type Community, claims, community, refusal } from '../tools/community.ts'
import { foundIn } from '../tools/found-in.ts'

const words = { name: 'Esther Vashti', why: 'I know Ruth from school.', contact: 'esther@example.org' }
const key = 'Rk3mZ0t9cQ1vYw5bXh7LpA'

async function beginning(t: Parameters<typeof community>[0]) {
  const here = await community(t)
  await here.namesKey()
  return { here, ruth: await here.joinsAsAdmin('Ruth') }
}

const asks = (here: Community, raw: object = {}) => here.does(visitor, sendApplication, { ...words, ...raw })
const page = (here: Community) => applicationsPage(here.ledger.cache(), here.ledger.keyring, here.now())
const stateFor = (here: Community, token: string) =>
  applicationState(
    here.ledger.cache(),
    here.ledger.keyring,
    { token: digest(token), url: 'url', claim: 'claim' },
    here.now(),
  )

test('what somebody writes who asks to join is sealed, and admins read it', async (t) => {
  const { here } = await beginning(t)
  here.written()
  const { application, token } = await asks(here)
  assert.deepEqual(here.written(), [
    `application.sent/1 by=visitor application=${application} token=${digest(token)}`,
  ])
  for (const secret of [...Object.values(words), token]) {
    assert.deepEqual(foundIn(here.options.archive, secret), [])
    assert.deepEqual(foundIn(here.options.cache, secret), [])
  }
  assert.deepEqual(page(here).open, [{ id: application, ...words, sentAt: here.now() }])
  assert.equal(stateFor(here, token)?.state, 'open')
  assert.equal(stateFor(here, `${token}x`), undefined)
})

test('each field has to be there, and says what is wrong with it', async (t) => {
  const { here } = await beginning(t)
  for (const [field, wrong] of [
    ['name', ''],
    ['name', 'x'.repeat(101)],
    ['why', ' '],
    ['why', 'x'.repeat(3_001)],
    ['contact', ''],
    ['contact', 'a\u0000b'],
  ] as const) {
    const { fields } = await refusal('invalid', asks(here, { [field]: wrong }))
    assert.deepEqual(Object.keys(fields), [field])
  }
  assert.equal(countWaiting(here.ledger.cache()), 0)
})

test('nothing tells whether somebody has that name here, or has asked already', async (t) => {
  const { here } = await beginning(t)
  const answers = [await asks(here, { name: 'Ruth' }), await asks(here, { name: 'Nobody' }), await asks(here)]
  assert.equal(new Set(answers.map((answer) => Object.keys(answer).join())).size, 1)
})

test('the same form sent twice is one application with one link', async (t) => {
  const { here } = await beginning(t)
  const once = await asks(here, { key })
  assert.deepEqual(await asks(here, { key }), once)
  assert.equal(countWaiting(here.ledger.cache()), 1)
  assert.deepEqual(foundIn(here.options.archive, key), [])
})

test('fifty wait at most, and the next are asked kindly to come back', async (t) => {
  const { here, ruth } = await beginning(t)
  const sent = await Promise.all(Array.from({ length: 50 }, () => asks(here)))
  const { message } = await refusal('too-soon', asks(here))
  assert.match(message, /come back in a week/)
  await here.does(ruth, decideApplication, { application: sent[0]?.application, answer: 'no' })
  await asks(here)
  await refusal('too-soon', asks(here))
})

test('a community may take no applications, and whoever is here sends none', async (t) => {
  const { here, ruth } = await beginning(t)
  await refusal('forbidden', here.does(ruth, sendApplication, words))
  await here.does(ruth, changeSetting, { setting: 'applications', value: 'no' })
  await refusal('not-found', asks(here))
})

test('without the key nothing is taken that could not be kept locked', async (t) => {
  const here = await community(t)
  await refusal('read-only', asks(here))
})

test('a yes makes an invitation for a week that only whoever asked can use, by the link they have', async (t) => {
  const { here, ruth } = await beginning(t)
  const { application, token } = await asks(here)
  await here.does(ruth, changeSetting, { setting: 'adminSaysYes', value: 'yes' })
  here.written()
  await here.does(ruth, decideApplication, { application, answer: 'yes' })
  await here.does(ruth, decideApplication, { application, answer: 'yes' })
  assert.deepEqual(
    here.written().map((header) => header.replace(/ (invite|until|token)=\S+/g, '')),
    [
      `invite.issued/2 by=${ruth.member} seats=1 application=${application}`,
      `application.approved/1 by=${ruth.member} application=${application}`,
    ],
  )
  await refusal('conflict', here.does(ruth, decideApplication, { application, answer: 'no' }))
  assert.equal(stateFor(here, token)?.invite?.state, 'open')
  assert.deepEqual(page(here).open, [])
  assert.deepEqual(
    page(here).decided.map(({ name, answer, decidedBy }) => [name, answer, decidedBy]),
    [['Esther Vashti', 'approved', 'Ruth']],
  )
  const { cookie } = await claims(here, { token, name: 'Esther' })
  assert.ok(here.heldBy(cookie), 'an admin has said yes already')
  assert.equal(stateFor(here, token)?.invite?.state, 'used')
})

test('an invitation that came of an application is over after a week', async (t) => {
  const { here, ruth } = await beginning(t)
  const { application, token } = await asks(here)
  await here.does(ruth, decideApplication, { application, answer: 'yes' })
  here.passes(7 * days)
  await refusal('gone', here.does(visitor, claimInvite, { token, name: 'Esther' }))
  assert.equal(stateFor(here, token)?.invite?.state, 'expired')
})

test('a no has a reason that whoever asked reads, and lets nobody in', async (t) => {
  const { here, ruth } = await beginning(t)
  const { application, token } = await asks(here)
  const says = (raw: object) => here.does(ruth, decideApplication, { application, ...raw })
  await refusal('invalid', says({ answer: 'perhaps' }))
  const { fields } = await refusal('invalid', says({ answer: 'no', reason: 'x'.repeat(1_001) }))
  assert.ok(fields.reason)
  await says({ answer: 'no', reason: 'We are full.' })
  assert.ok(!here.text().includes('We are full'))
  assert.equal(stateFor(here, token)?.reason, 'We are full.')
  await refusal('gone', here.does(visitor, claimInvite, { token, name: 'Esther' }))
  await refusal('conflict', says({ answer: 'yes' }))
})

test('only an admin who came in lately decides', async (t) => {
  const { here, ruth } = await beginning(t)
  const tom = await here.joins('Tom')
  const { application } = await asks(here)
  const says = (who: Member) => here.does(who, decideApplication, { application, answer: 'yes' })
  await refusal('forbidden', says(tom))
  await refusal('sign-in', here.does(visitor, decideApplication, { application, answer: 'yes' }))
  const unknown = { application: 'q_0000000000000000', answer: 'yes' }
  await refusal('not-found', here.does(ruth, decideApplication, unknown))
  here.passes(13 * hours)
  await refusal('fresh', says(ruth))
})

test('after a rebuild the same applications wait, with the same words', async (t) => {
  const { here, ruth } = await beginning(t)
  const links = [await asks(here), await asks(here, { name: 'Mordecai' }), await asks(here)]
  await here.does(ruth, decideApplication, { application: links[0]?.application, answer: 'yes' })
  await here.does(ruth, decideApplication, {
    ...{ application: links[2]?.application, answer: 'no' },
    reason: 'No.',
  })
  const before = [page(here), ...links.map(({ token }) => stateFor(here, token))]
  await here.ledger.rebuild()
  assert.deepEqual([page(here), ...links.map(({ token }) => stateFor(here, token))], before)
  assert.equal(page(here).open.length, 1)
})

test('what nobody answers in sixty days lapses and makes room, and whoever asked reads that it was no judgement', async (t) => {
  const { here, ruth } = await beginning(t)
  const sent = await Promise.all(Array.from({ length: 49 }, () => asks(here)))
  here.passes(1 * days)
  const last = await asks(here)
  await refusal('too-soon', asks(here))
  const lapse = () => here.does(schedule, lapseApplications, {})
  await refusal('forbidden', here.does(ruth, lapseApplications, {}))

  here.passes(openFor - 1 * days - 1)
  assert.deepEqual(await lapse(), { applications: 0 })
  here.passes(1)
  here.written()
  assert.deepEqual(await lapse(), { applications: 49 })
  const headers = here.written()
  assert.equal(headers.length, 49)
  assert.equal(headers[0], `application.declined/1 by=schedule application=${sent[0]?.application}`)
  assert.deepEqual(
    page(here).open.map(({ id }) => id),
    [last.application],
  )
  assert.equal(page(here).decided[0]?.answer, 'lapsed')
  const state = stateFor(here, sent[0]?.token ?? '')
  assert.deepEqual([state?.state, state?.decidedAt, state?.reason], ['lapsed', here.now(), null])
  const again = await here.joins('Ann')
  await here.does(operator, grantRole, { name: 'Ann', role: 'admin' })
  const late = here.does(again, decideApplication, { application: sent[0]?.application, answer: 'yes' })
  await refusal('conflict', late)
  await asks(here)

  here.passes(keptFor)
  assert.deepEqual(await here.does(schedule, eraseApplications, {}), { applications: 49 })
})

test('thirty days after the answer its words are erased for good, and how it stands stays', async (t) => {
  const { here, ruth } = await beginning(t)
  const no = await asks(here)
  const yes = await asks(here, { name: 'Mordecai' })
  const waits = await asks(here, { name: 'Haman' })
  const says = (application: string, raw: object) =>
    here.does(ruth, decideApplication, { application, ...raw })
  await says(no.application, { answer: 'no', reason: 'We are full.' })
  await says(yes.application, { answer: 'yes' })
  const decidedAt = here.now()

  const erase = () => here.does(schedule, eraseApplications, {})
  here.passes(keptFor - 1)
  assert.deepEqual(await erase(), { applications: 0 })
  assert.equal(erasedUpTo(here.ledger.cache(), here.now()), here.now(), 'nothing is due')
  here.passes(1 + 2 * days)
  assert.ok(erasedUpTo(here.ledger.cache(), here.now()) < here.now(), 'and now it is')
  here.written()
  assert.deepEqual(await erase(), { applications: 2 })
  assert.equal(here.written().filter((header) => header.startsWith('record.erased/1!')).length, 7)
  // The first may come before the erasure that these records ask for.
  await here.ledger.settled()
  await here.ledger.settled()

  assert.match(here.text(), /^~contact erased /m)
  assert.equal(here.text().match(/^\| sealed/gm)?.length, 3, 'what waits is all that is left')
  assert.deepEqual(await erase(), { applications: 0 })
  const state = stateFor(here, no.token)
  assert.deepEqual([state?.state, state?.decidedAt, state?.reason], ['declined', decidedAt, null])
  assert.equal(stateFor(here, yes.token)?.state, 'approved')
  assert.deepEqual(
    page(here).open.map(({ id, name }) => [id, name]),
    [[waits.application, 'Haman']],
  )
  await refusal('forbidden', here.does(ruth, eraseApplications, {}))
})

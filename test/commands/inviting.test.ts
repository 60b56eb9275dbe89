import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inviteSomebody, issueInvite, revokeInvite } from '../../src/commands/invites.ts'
import { pauseInviting, resumeInviting } from '../../src/commands/inviting.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import { days, hours, later } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { inviteByToken } from '../../src/queries/invites.ts'
import { myInvites } from '../../src/queries/my-invites.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { claims, community, refusal } from '../tools/community.ts'
import { foundIn } from '../tools/found-in.ts'

const key = 'Rk3mZ0t9cQ1vYw5bXh7LpA'

test('a member invites one person for a week, and nobody more', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  here.written()
  const { invite, token, expiresAt } = await here.does(ruth, inviteSomebody, { seats: '9', days: '300' })
  assert.equal(expiresAt, later(here.now(), 7 * days))
  assert.deepEqual(here.written(), [
    `invite.issued/2 by=${ruth.member} invite=${invite} token=${digest(token)} seats=1 until=${expiresAt}`,
  ])
  await refusal('forbidden', here.does(ruth, issueInvite, { seats: 2 }))
  await refusal('sign-in', here.does(visitor, inviteSomebody, {}))
})

test('five invitations are open at a time: one that is used, over or taken back makes room', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const invite = () => here.does(ruth, inviteSomebody, {})
  const open = []
  for (let count = 0; count < 5; count++) open.push(await invite())
  assert.equal(myInvites(here.reading(ruth)).left, 0)
  await refusal('forbidden', invite())

  await here.does(ruth, revokeInvite, { invite: open[0]?.invite })
  await invite()
  await claims(here, { token: open[1]?.token, name: 'Tom' })
  await invite()
  await refusal('forbidden', invite())
  here.passes(7 * days)
  assert.equal(myInvites(here.reading(ruth)).left, 5)
  await invite()
})

test('two that are asked for in one batch do not both get the last place', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const asked = Array.from({ length: 7 }, () => here.does(ruth, inviteSomebody, {}))
  const outcomes = await Promise.allSettled(asked)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 5)
})

test('the same form sent twice makes one link, and shows it both times', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const once = await here.does(ruth, inviteSomebody, { key })
  assert.deepEqual(await here.does(ruth, inviteSomebody, { key }), once)
  assert.equal(myInvites(here.reading(ruth)).invites.length, 1)
  const his = await here.does(tom, inviteSomebody, { key })
  assert.notEqual(his.token, once.token, 'another member, another link')
  await here.does(ruth, inviteSomebody, { key: 'short' })
  await refusal('conflict', here.does(ruth, inviteSomebody, { key: 'short' }))
})

test('words to whoever is invited are sealed, and read by them and whoever wrote them', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joins('Ruth')
  const { token } = await here.does(ruth, inviteSomebody, { note: '  Come, dear Esther. ' })
  assert.ok(!here.text().includes('Esther'))
  assert.equal(myInvites(here.reading(ruth)).invites[0]?.note, 'Come, dear Esther.')
  assert.ok(inviteByToken(here.ledger.cache(), digest(token), here.now())?.note?.startsWith('sealed 1 '))
  const { fields } = await refusal('invalid', here.does(ruth, inviteSomebody, { note: 'x'.repeat(501) }))
  assert.ok(fields.note)
})

test('whose inviting is paused invites nobody, and their links open nothing until it is over', async (t) => {
  const here = await community(t)
  const [admin, tom] = [await here.joinsAsAdmin('Ruth'), await here.joins('Tom')]
  const { token } = await here.does(tom, inviteSomebody, {})
  here.written()
  await here.does(admin, pauseInviting, { member: tom.member })
  await here.does(admin, pauseInviting, { member: tom.member })
  assert.deepEqual(here.written(), [`inviting.paused/1! by=${admin.member} member=${tom.member}`])
  await refusal('forbidden', here.does(tom, inviteSomebody, {}))
  await refusal('gone', here.does(visitor, claimInvite, { token, name: 'Ann' }))
  assert.equal(myInvites(here.reading(tom)).isPaused, true)

  await here.does(admin, resumeInviting, { member: tom.member })
  await here.does(admin, resumeInviting, { member: tom.member })
  assert.deepEqual(here.written(), [`inviting.resumed/1 by=${admin.member} member=${tom.member}`])
  await here.does(tom, inviteSomebody, {})
  await claims(here, { token, name: 'Ann' })

  await refusal('forbidden', here.does(tom, pauseInviting, { member: admin.member }))
  await refusal('not-found', here.does(admin, pauseInviting, { member: 'm_0000000000000000' }))
  here.passes(13 * hours)
  await refusal('fresh', here.does(admin, pauseInviting, { member: tom.member }))
})

test('my list names who came, but nobody from whom I am kept apart, and how many places are left', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token } = await here.does(ruth, issueInvite, { seats: 4, asksAdmin: 'no' })
  await claims(here, { token, name: 'Tom' })
  const { member } = await claims(here, { token, name: 'Ann' })
  const [invite] = myInvites(here.reading(ruth)).invites
  assert.deepEqual(
    [invite?.came.map(({ name }) => name), invite?.left, invite?.others, invite?.state],
    [['Tom', 'Ann'], 2, 0, 'open'],
  )
  await here.ledger.record(() => ({
    drafts: [pairSeparated.of({ by: ruth.member, one: ruth.member, other: member })],
    result: undefined,
  }))
  const [then] = myInvites(here.reading(ruth)).invites
  assert.deepEqual([then?.came.map(({ name }) => name), then?.left, then?.others], [['Tom'], 2, 1])
})

test('places left, notes and pauses are after a rebuild what they were before', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token } = await here.does(ruth, issueInvite, { seats: 30, days: '365', note: 'Welcome.' })
  await claims(here, { token, name: 'Tom' })
  await here.does(ruth, inviteSomebody, {})
  await here.does(ruth, revokeInvite, { invite: (await here.does(ruth, inviteSomebody, {})).invite })
  await here.does(ruth, pauseInviting, { member: ruth.member })
  const before = myInvites(here.reading(ruth))
  assert.deepEqual(before.invites.map(({ state, left }) => [state, left]).sort(), [
    ['open', 1],
    ['open', 29],
    ['revoked', 1],
  ])
  await here.ledger.rebuild()
  assert.deepEqual(myInvites(here.reading(ruth)), before)
})

test('no token of an invitation stands anywhere in the archive', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const links = [
    await here.does(ruth, inviteSomebody, { key }),
    await here.does(ruth, inviteSomebody, {}),
    await here.does(ruth, issueInvite, { seats: 2 }),
    await here.does(operator, issueInvite, {}),
  ]
  for (const { token } of links) {
    assert.deepEqual(foundIn(here.options.archive, token), [])
    assert.equal(foundIn(here.options.archive, digest(token)).length, 1, 'its digest does')
  }
  assert.deepEqual(foundIn(here.options.archive, key), [])
})

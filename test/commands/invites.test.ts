import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import { days, hours, later } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { inviteByToken } from '../../src/queries/invites.ts'
import { hasAdmin } from '../../src/queries/roles.ts'
import { claims, community, refusal } from '../tools/community.ts'

test('an invite is for one person and a week, unless somebody says otherwise', async (t) => {
  const here = await community(t)
  here.written()
  const plain = await here.does(operator, issueInvite, {})
  const asked = await here.does(operator, issueInvite, { admin: true, seats: '500', hours: 8760 })
  assert.equal(plain.expiresAt, later(here.now(), 168 * hours))
  assert.deepEqual(here.written(), [
    `invite.issued/2 by=operator invite=${plain.invite} token=${digest(plain.token)} seats=1 until=${plain.expiresAt}`,
    `invite.issued/2 by=operator invite=${asked.invite} token=${digest(asked.token)} seats=500 until=${later(here.now(), 365 * days)} role=admin`,
  ])
})

test('seats and hours that make no sense are refused by their fields', async (t) => {
  const here = await community(t)
  here.written()
  for (const wrong of [
    0,
    501,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    '1e2',
    ' 1',
    '0x1',
    'many',
    null,
    [1],
    {},
  ]) {
    const { fields } = await refusal(
      'invalid',
      here.does(operator, issueInvite, { seats: wrong, hours: 8761 }),
    )
    assert.deepEqual(Object.keys(fields).sort(), ['hours', 'seats'], String(wrong))
  }
  await refusal('invalid', here.does(operator, issueInvite, { admin: 'perhaps' }))
  assert.deepEqual(here.written(), [])
})

test('an admin invites members, but only the operator invites an admin', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token } = await here.does(ruth, issueInvite, { seats: 3 })
  await refusal('forbidden', here.does(ruth, issueInvite, { admin: true }))
  assert.deepEqual(invited(token), { state: 'open', invitedBy: 'Ruth', makesAdmin: false })

  const admins = await here.does(operator, issueInvite, { admin: true })
  assert.deepEqual(invited(admins.token), { state: 'open', invitedBy: null, makesAdmin: true })
  const { cookie } = await claims(here, { token: admins.token, name: 'Tom' })
  assert.deepEqual(here.heldBy(cookie)?.roles, ['admin'])

  function invited(token: string) {
    const { state, invitedBy, makesAdmin } =
      inviteByToken(here.ledger.cache(), digest(token), here.now()) ?? {}
    return { state, invitedBy, makesAdmin }
  }
})

test('an invite that is taken back opens nothing, and taking it back twice is taking it back once', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const { invite, token } = await here.does(operator, issueInvite, {})
  here.written()
  await here.does(ruth, revokeInvite, { invite })
  await here.does(operator, revokeInvite, { invite })
  assert.deepEqual(here.written(), [`invite.revoked/1! by=${ruth.member} invite=${invite}`])
  assert.equal(inviteByToken(here.ledger.cache(), digest(token), here.now())?.state, 'revoked')
})

test('an invite that does not exist cannot be taken back', async (t) => {
  const here = await community(t)
  for (const invite of ['i_0000000000000000', '', '../../x']) {
    await refusal('not-found', here.does(operator, revokeInvite, { invite }))
  }
})

test('while there is no admin each start opens a fresh first link and ends the last', async (t) => {
  const here = await community(t)
  const state = (token: string) => inviteByToken(here.ledger.cache(), digest(token), here.now())?.state
  const first = await here.does(operator, openFirstLink, {})
  here.passes(1 * hours)
  here.written()
  const second = await here.does(operator, openFirstLink, {})
  assert.ok(first.token && second.token)
  assert.deepEqual(here.written(), [
    `invite.revoked/1! by=operator invite=${first.invite}`,
    `invite.issued/2 by=operator invite=${second.invite} token=${digest(second.token)} seats=1 until=${later(here.now(), 7 * days)} role=admin first=yes`,
  ])
  assert.equal(state(first.token), 'revoked')
  assert.equal(state(second.token), 'open')
})

test('a first link that has expired or was used is not revoked besides', async (t) => {
  const here = await community(t)
  await here.does(operator, openFirstLink, {})
  here.passes(7 * days)
  await here.joinsAsAdmin('Ruth')
  here.written()
  await here.does(operator, openFirstLink, {})
  assert.deepEqual(here.written(), [])
})

test('once there is an admin no first link is opened, and none stays open', async (t) => {
  const here = await community(t)
  const { token, ...left } = await here.does(operator, openFirstLink, {})
  assert.ok(token && 'invite' in left)
  const admins = await here.does(operator, issueInvite, { admin: true })
  await claims(here, { token: admins.token, name: 'Ruth' })
  assert.ok(hasAdmin(here.ledger.cache(), here.now()))
  assert.equal(inviteByToken(here.ledger.cache(), digest(token), here.now())?.state, 'revoked')
  here.written()

  assert.deepEqual(await here.does(operator, openFirstLink, {}), { token: null })
  assert.deepEqual(here.written(), [`invite.revoked/1! by=operator invite=${left.invite}`])
  await refusal('forbidden', here.does(visitor, openFirstLink, {}))
})

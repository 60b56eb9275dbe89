import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { holds, operator } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { hasAdmin } from '../../src/queries/roles.ts'
import { actorNow } from '../../src/queries/sessions.ts'
import { community, refusal } from '../tools/community.ts'

test('the operator makes a member an admin by name, and takes it back', async (t) => {
  const here = await community(t)
  await here.joinsAsAdmin('Ruth')
  const tom = await here.joins("Tom O'Hara")
  here.written()
  const role = 'admin'
  await here.does(operator, grantRole, { name: ' tom  O’HARA ', role })
  await here.does(operator, revokeRole, { name: "Tom O'Hara", role })
  assert.deepEqual(here.written(), [
    `role.granted/2 by=operator member=${tom.member} role=admin`,
    `role.revoked/2! by=operator member=${tom.member} role=admin`,
  ])
})

test('granting what is held and revoking what is not does nothing', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  here.written()
  const role = 'admin'
  assert.deepEqual(await here.does(operator, grantRole, { name: 'Ruth', role }), {
    member: ruth.member,
    name: 'Ruth',
  })
  assert.deepEqual(await here.does(operator, revokeRole, { name: 'Tom', role }), {
    member: tom.member,
    name: 'Tom',
  })
  assert.deepEqual(here.written(), [])
})

test('the last admin stays one', async (t) => {
  const here = await community(t)
  await here.joinsAsAdmin('Ruth')
  await here.joins('Tom')
  const role = 'admin'
  await here.does(operator, grantRole, { name: 'Tom', role })
  const both = ['Ruth', 'Tom'].map((name) => here.does(operator, revokeRole, { name, role }))
  const [ruth, tom] = await Promise.allSettled(both)
  assert.equal(ruth?.status, 'fulfilled')
  assert.equal(tom?.status, 'rejected')
  assert.match(String(tom?.status === 'rejected' && tom.reason), /Tom is the only admin/)
  assert.ok(hasAdmin(here.ledger.cache(), here.now()))
})

test('a name that nobody has, and a role that there is not, are refused in a sentence', async (t) => {
  const here = await community(t)
  await here.joins('Ruth')
  for (const name of ['Ann', '', "'; drop table members; --"]) {
    const { message } = await refusal('invalid', here.does(operator, grantRole, { name, role: 'admin' }))
    assert.equal(message, `Nobody here is called "${name}".`)
  }
  for (const role of ['pope', '', null, 7]) {
    const { fields } = await refusal('invalid', here.does(operator, grantRole, { name: 'Ruth', role }))
    assert.equal(fields.role, 'A role is one of: admin, moderator, team.')
  }
})

test('a role with a last day counts until the end of it, and an hour later no more', async (t) => {
  const here = await community(t)
  await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  here.written()
  await here.does(operator, grantRole, { name: 'Tom', role: 'moderator', until: '2026-11-23' })
  assert.deepEqual(here.written(), [
    `role.granted/2 by=operator member=${tom.member} role=moderator until=2026-11-23T23:59:59.999Z`,
  ])
  const now = () => actorNow(here.ledger.cache(), tom, here.now())
  assert.ok(holds(now(), 'moderator'))
  here.passes(40 * hours)
  assert.ok(holds(now(), 'moderator'))
  here.passes(1 * hours)
  assert.ok(!holds(now(), 'moderator'))
  for (const until of ['2026-11-22', 'soon', '2027-02-30'])
    await refusal('invalid', here.does(operator, grantRole, { name: 'Tom', role: 'team', until }))
})

test('an admin whose time is over is none: the last other one stays', async (t) => {
  const here = await community(t)
  await here.joinsAsAdmin('Ruth')
  await here.joins('Tom')
  await here.does(operator, grantRole, { name: 'Tom', role: 'admin', until: '2026-11-22' })
  here.passes(24 * hours)
  await refusal('invalid', here.does(operator, revokeRole, { name: 'Ruth', role: 'admin' }))
})

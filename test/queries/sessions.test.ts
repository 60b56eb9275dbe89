import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { signOut } from '../../src/commands/sessions.ts'
import { operator } from '../../src/kernel/actor.ts'
import { days, later } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'
import { type Community, claims, community } from '../tools/community.ts'

test('a session that was asked for before ends on time, though nothing was written since', async (t) => {
  const here = await community(t)
  const token = await signedIn(here)
  const { until, actor } = sessionByToken(here.ledger.cache(), token, here.now()) ?? assert.fail()
  const sequence = here.ledger.head().sequence
  assert.equal(until, later(here.now(), 90 * days))

  here.passes(90 * days - 1)
  assert.equal(sessionByToken(here.ledger.cache(), token, here.now())?.actor.session, actor.session)
  here.passes(1)
  assert.equal(sessionByToken(here.ledger.cache(), token, here.now()), undefined)
  assert.equal(here.ledger.head().sequence, sequence)
})

test('a session that was asked for before has the roles of now, and is gone once it is closed', async (t) => {
  const here = await community(t)
  await here.joinsAsAdmin('Ann')
  const token = await signedIn(here)
  const actor = () => sessionByToken(here.ledger.cache(), token, here.now())?.actor
  assert.deepEqual(actor()?.roles, [])
  await here.does(operator, grantRole, { name: 'Ruth', role: 'admin' })
  assert.deepEqual(actor()?.roles, ['admin'])
  await here.does(operator, revokeRole, { name: 'Ruth', role: 'admin' })
  assert.deepEqual(actor()?.roles, [])
  await here.does(actor() ?? assert.fail(), signOut, {})
  assert.equal(actor(), undefined)
})

/** Ruth comes by an invite; answers the digest of the token in her cookie. */
async function signedIn(here: Community): Promise<string> {
  const { token } = await here.does(operator, issueInvite, {})
  return digest((await claims(here, { token, name: 'Ruth' })).cookie)
}

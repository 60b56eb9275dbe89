import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from '../../src/commands/command.ts'
import { issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { markPrayer, unmarkPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { renewSession, signOut } from '../../src/commands/sessions.ts'
import { type Actor, operator, visitor } from '../../src/kernel/actor.ts'
import { community, refusal } from '../tools/community.ts'

test('a visitor is asked to sign in before anything of a member is tried', async (t) => {
  const here = await community(t)
  const tried = <Who extends Actor, Input, Result>(command: Command<Who, Input, Result>) =>
    refusal('sign-in', here.does(visitor, command, {}))
  await Promise.all([tried(postPrayer), tried(markPrayer), tried(unmarkPrayer), tried(renewSession)])
  await Promise.all([tried(issueInvite), tried(revokeInvite)])
  assert.deepEqual(here.written(), [])
})

test('no member without a role gives or takes roles and login links, and nobody but the operator opens the first link', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  here.written()
  const raw = { name: 'Ruth', role: 'admin' }
  await refusal('forbidden', here.does(tom, grantRole, raw))
  await refusal('forbidden', here.does(tom, revokeRole, raw))
  await refusal('forbidden', here.does(tom, issueLoginLink, raw))
  for (const actor of [ruth, tom, visitor]) await refusal('forbidden', here.does(actor, openFirstLink, raw))
  assert.deepEqual(here.written(), [])
})

test('a member who is no admin invites nobody and takes no invite back', async (t) => {
  const here = await community(t)
  await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  const { invite } = await here.does(operator, issueInvite, {})
  await refusal('forbidden', here.does(tom, issueInvite, {}))
  await refusal('not-found', here.does(tom, revokeInvite, { invite }))
})

test('a role revoked a moment ago no longer counts, in the same batch either', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  await here.joins('Tom')
  await here.does(operator, grantRole, { name: 'Tom', role: 'admin' })
  await here.does(ruth, issueInvite, {})
  here.written()

  const revoked = here.does(operator, revokeRole, { name: 'Ruth', role: 'admin' })
  await refusal('forbidden', here.does(ruth, issueInvite, {}))
  await revoked
  assert.deepEqual(here.written(), [`role.revoked/2! by=operator member=${ruth.member} role=admin`])
})

test('a session closed a moment ago writes nothing more, in the same batch either', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  here.written()

  const left = here.does(ruth, signOut, {})
  await refusal('sign-in', here.does(ruth, postPrayer, { request: 'Please pray for me.' }))
  await left
  assert.deepEqual(here.written(), [`session.closed/1! by=${ruth.member} session=${ruth.session}`])
})

test('a member acts with the roles they have, whatever the caller says', async (t) => {
  const here = await community(t)
  const tom = await here.joins('Tom')
  await refusal('forbidden', here.does({ ...tom, roles: ['admin'] }, issueInvite, {}))
})

test('what is no form at all is refused in a sentence', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  for (const raw of [null, undefined, 'request=x', ['x'], 7]) {
    const { message, fields } = await refusal('invalid', here.does(ruth, postPrayer, raw))
    assert.equal(message, 'Something in the form is not right.')
    assert.deepEqual(fields, {})
  }
})

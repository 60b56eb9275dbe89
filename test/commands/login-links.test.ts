import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { operator } from '../../src/kernel/actor.ts'
import { later, minutes } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { loginLinkByToken } from '../../src/queries/login-links.ts'
import { community, refusal } from '../tools/community.ts'

test('a login link is for one member and half an hour, and ends the one before', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.joins('Tom')
  const toms = await here.does(operator, issueLoginLink, { name: 'Tom' })
  const first = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  here.written()

  const second = await here.does(operator, issueLoginLink, { name: 'RUTH' })
  assert.equal(second.name, 'Ruth')
  assert.equal(second.expiresAt, later(here.now(), 30 * minutes))
  const [revoked, issued] = here.written()
  assert.match(revoked ?? '', /^login-link.revoked\/1! by=operator link=l_\w{16}$/)
  assert.match(
    issued ?? '',
    new RegExp(`member=${ruth.member} token=${digest(second.token)} until=${second.expiresAt}$`),
  )

  const state = (token: string) => loginLinkByToken(here.ledger.cache(), digest(token), here.now())?.state
  assert.deepEqual(
    [toms, first, second].map(({ token }) => state(token)),
    ['open', 'revoked', 'open'],
  )
})

test('looking at a link does not use it up', async (t) => {
  const here = await community(t)
  await here.joins('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  for (let look = 0; look < 3; look++) {
    const { state, name } = loginLinkByToken(here.ledger.cache(), digest(token), here.now()) ?? {}
    assert.deepEqual({ state, name }, { state: 'open', name: 'Ruth' })
  }
})

test('nobody gets a link for somebody who is not here', async (t) => {
  const here = await community(t)
  const { message } = await refusal('invalid', here.does(operator, issueLoginLink, { name: 'Ann' }))
  assert.equal(message, 'Nobody here is called "Ann".')
  await refusal('invalid', here.does(operator, issueLoginLink, {}))
})

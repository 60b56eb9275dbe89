import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import { hours, later, minutes } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { inviteByToken } from '../../src/queries/invites.ts'
import { memberByName } from '../../src/queries/members.ts'
import { countMembers } from '../tools/cache.ts'
import { claims, community, refusal } from '../tools/community.ts'

const browser = 'Rk3mZ0t9cQ1vYw5bXh7LpA'
const otherBrowser = 'Hs8dFq2NzE4uTg6jKc0MvB'

test('whoever claims an invite is a member and signed in, in one group of records', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token, invite } = await here.does(ruth, issueInvite, {})
  here.written()

  const { member, session, cookie, until } = await claims(here, { token, name: 'Tom', browser })
  assert.deepEqual(here.written(), [
    `member.joined/2 by=${ruth.member} member=${member} invite=${invite} invitedBy=${ruth.member}`,
    `invite.claimed/1 by=${member} invite=${invite} member=${member} browser=${digest(browser)}`,
    `rules.accepted/1 by=${member} rules=0 privacy=0`,
    `session.opened/3 by=${member} session=${session} token=${digest(cookie)} until=${until} how=claim`,
  ])
  assert.match(
    here.text(),
    /^@\d+\+3 .*member\.joined[^@]*^@\d+\+2 .*invite\.claimed[^@]*^@\d+\+1 .*rules\.accepted[^@]*^@\d+ .*session\.opened/m,
  )
  assert.equal(until, later(here.now(), 90 * 24 * hours))
  assert.deepEqual(here.heldBy(cookie), {
    is: 'member',
    member,
    name: 'Tom',
    session,
    signedInAt: here.now(),
    roles: [],
  })
})

test('the first link makes an admin, as the format shows it', async (t) => {
  const here = await community(t)
  const link = await here.does(operator, openFirstLink, {})
  here.written()
  const { member, cookie } = await claims(here, { token: link.token, name: 'Ruth' })
  assert.deepEqual(
    here.written().map((header) => header.replace(/ (invite|browser|session|token|until)=.*/, '')),
    [
      `member.joined/2 by=operator member=${member}`,
      `role.granted/2 by=operator member=${member} role=admin`,
      `invite.claimed/1 by=${member}`,
      `rules.accepted/1 by=${member} rules=0 privacy=0`,
      `session.opened/3 by=${member}`,
    ],
  )
  assert.deepEqual(here.heldBy(cookie)?.roles, ['admin'])
})

test('no token stands in the archive, only its digest', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, {})
  const { cookie } = await claims(here, { token, name: 'Ruth', browser })
  for (const secret of [token, cookie, browser]) {
    assert.ok(here.text().includes(digest(secret)), 'the digest is there')
    assert.ok(!here.text().includes(secret))
  }
})

test('a link that was never issued, is used, has expired or was revoked says so and how to go on', async (t) => {
  const here = await community(t)
  const used = await here.does(operator, issueInvite, {})
  const expired = await here.does(operator, issueInvite, { hours: 1 })
  const revoked = await here.does(operator, issueInvite, {})
  await claims(here, { token: used.token, name: 'Ruth' })
  await here.does(operator, revokeInvite, { invite: revoked.invite })
  here.passes(1 * hours)
  here.written()

  const sentences = new Set<string>()
  for (const [token, word] of [
    ['', /does not work/],
    ['nobody-ever-issued-this', /does not work/],
    [`${used.token} `, /does not work/],
    [used.token, /has been used/],
    [expired.token, /has expired/],
    [revoked.token, /taken back/],
  ] as const) {
    const { message } = await refusal('gone', here.does(visitor, claimInvite, { token, name: 'Tom' }))
    assert.match(message, word)
    assert.match(message, /ask/i, 'and a way on')
    sentences.add(message)
  }
  assert.equal(sentences.size, 4)
  assert.deepEqual(here.written(), [])
})

test('a dead link says so before it finds fault with a name', async (t) => {
  const here = await community(t)
  await refusal('gone', here.does(visitor, claimInvite, { token: 'none', name: '' }))
})

test('an invite is open until its last seat is taken, and its page says which', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, { seats: 2 })
  const state = () => inviteByToken(here.ledger.cache(), digest(token), here.now())?.state
  await claims(here, { token, name: 'Ruth' })
  assert.equal(state(), 'open')
  await claims(here, { token, name: 'Tom' })
  assert.equal(state(), 'used')
  await refusal('gone', here.does(visitor, claimInvite, { token, name: 'Ann' }))
})

test('two people who take the last seat in one batch are one member', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, {})
  const both = ['Ruth', 'Tom'].map((name) => here.does(visitor, claimInvite, { token, name }))
  assert.deepEqual(
    (await Promise.allSettled(both)).map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  assert.equal(countMembers(here.ledger.cache()), 1)
})

test('the first link ends as soon as there is an admin', async (t) => {
  const here = await community(t)
  await here.joins('Tom')
  const { token } = await here.does(operator, openFirstLink, {})
  assert.ok(token)
  await here.does(operator, grantRole, { name: 'Tom', role: 'admin' })
  const { message } = await refusal('gone', here.does(visitor, claimInvite, { token, name: 'Ann' }))
  assert.match(message, /taken back/)
})

test('the same browser that sends the same claim again within an hour gets a session', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, {})
  const first = await claims(here, { token, name: 'Ruth', browser })
  here.written()
  here.passes(59 * minutes)

  const again = await claims(here, { token, name: ' ruth', browser })
  assert.equal(again.member, first.member)
  assert.notEqual(again.cookie, first.cookie)
  assert.deepEqual(here.written(), [
    `session.opened/3 by=${first.member} session=${again.session} token=${digest(again.cookie)} until=${again.until} how=claim`,
  ])
  assert.equal(here.heldBy(first.cookie)?.member, here.heldBy(again.cookie)?.member)
})

test('the key of a form proves the same browser where it keeps no cookies', async (t) => {
  const here = await community(t)
  const key = otherBrowser
  const { token } = await here.does(operator, issueInvite, {})
  const first = await claims(here, { token, name: 'Ruth', key })
  assert.equal((await claims(here, { token, name: 'Ruth', key })).member, first.member)
  assert.equal((await claims(here, { token, name: 'Ruth', browser, key })).member, first.member)
})

test('nobody else comes in by a claim: another browser, another name, another invite, or an hour later', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, { seats: 9 })
  const other = await here.does(operator, issueInvite, { seats: 9 })
  await claims(here, { token, name: 'Ruth', browser })
  await claims(here, { token, name: 'Tom', browser })
  here.written()

  await refusal('invalid', here.does(visitor, claimInvite, { token, name: 'Ruth' }))
  await refusal('invalid', here.does(visitor, claimInvite, { token, name: 'Ruth', browser: otherBrowser }))
  await refusal('invalid', here.does(visitor, claimInvite, { token, name: 'Ruth', browser: digest(browser) }))
  await refusal('invalid', here.does(visitor, claimInvite, { token: other.token, name: 'Ruth', browser }))
  here.passes(1 * hours)
  await refusal('invalid', here.does(visitor, claimInvite, { token, name: 'Ruth', browser }))
  assert.deepEqual(here.written(), [])
})

test('a proof that could be guessed is none', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, { seats: 9 })
  const guessed = { key: '1', browser: 'x'.repeat(21) }
  await claims(here, { token, name: 'Ruth', ...guessed })
  await refusal('invalid', here.does(visitor, claimInvite, { token, name: 'Ruth', ...guessed }))
})

test('a member who opens their own invite again is simply here', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, {})
  const { cookie, member } = await claims(here, { token, name: 'Ruth' })
  const ruth = here.heldBy(cookie)
  assert.ok(ruth)
  here.written()
  const claimed = await here.does(ruth, claimInvite, { token, name: 'Ruth' })
  assert.deepEqual(claimed, { alreadyHere: true, member })
  assert.deepEqual(here.written(), [])
})

test("a member does not take somebody else's seat", async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const { token } = await here.does(operator, issueInvite, {})
  const { message } = await refusal('forbidden', here.does(ruth, claimInvite, { token, name: 'Ann' }))
  assert.match(message, /You belong here already, as Ruth\./)
  await claims(here, { token, name: 'Ann' })
})

test('a name is kept composed, and nobody else gets one that looks like it', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, { seats: 500 })
  const { cookie } = await claims(here, { token, name: '  Zoe\u0308  O’Hara ' })
  assert.equal(here.heldBy(cookie)?.name, "Zoë O'Hara")

  for (const name of ["Zoë O'Hara", "ZOË O'HARA", "zo\u00eb o'hara", "Zoë О'Hara"]) {
    const { fields } = await refusal('invalid', here.does(visitor, claimInvite, { token, name }))
    const free = fields.name?.match(/These are free: (.+)\.$/)?.[1]?.split(', ') ?? []
    assert.equal(free.length, 3)
    for (const variant of free) assert.equal(memberByName(here.ledger.cache(), variant), undefined)
  }
})

test('every variant that is offered can be had', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, { seats: 500 })
  await claims(here, { token, name: 'Mary' })
  for (let round = 0; round < 5; round++) {
    const { message } = await refusal('invalid', here.does(visitor, claimInvite, { token, name: 'Mary' }))
    for (const name of message.match(/These are free: (.+)\.$/)?.[1]?.split(', ') ?? []) {
      await claims(here, { token, name })
    }
  }
  assert.equal(countMembers(here.ledger.cache()), 16)
})

test('a name that will not do is refused by its field, and the invite stays open', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, {})
  here.written()
  const hostile = [
    '',
    ' ',
    'x',
    'x'.repeat(41),
    'admin',
    'Operator',
    'a\u0000b',
    '<b>Tom</b>',
    'Tom\u202e',
    7,
    null,
    ['Tom'],
  ]
  for (const name of hostile) {
    const { fields } = await refusal('invalid', here.does(visitor, claimInvite, { token, name }))
    assert.ok(fields.name, String(name))
  }
  await refusal('invalid', here.does(visitor, claimInvite, { token }))
  assert.deepEqual(here.written(), [])
  await claims(here, { token, name: 'Tom' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeOtherSessions, closeSession } from '../../src/commands/devices.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { signInByLink } from '../../src/commands/sessions.ts'
import { approveSignIn, askSignIn, finishSignIn } from '../../src/commands/sign-ins.ts'
import { closeAllSessions, closeSessionsOf } from '../../src/commands/signing-out.ts'
import { deactivateMember, reactivateMember } from '../../src/commands/standing.ts'
import { holds, isAdmin, type Member, operator, visitor } from '../../src/kernel/actor.ts'
import { days } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { adminPerson } from '../../src/queries/admin/people.ts'
import { directory } from '../../src/queries/directory.ts'
import { inviteByToken } from '../../src/queries/invites.ts'
import { loginLinkByToken } from '../../src/queries/login-links.ts'
import { memberById } from '../../src/queries/members.ts'
import { recentPrayers } from '../../src/queries/prayers.ts'
import { hasAdmin, holderNames } from '../../src/queries/roles.ts'
import { actorNow, openSessionsOf } from '../../src/queries/sessions.ts'
import { openSignIns } from '../../src/queries/sign-ins.ts'
import { countMembers } from '../tools/cache.ts'
import { type Community, claims, community, refusal } from '../tools/community.ts'

const cache = (here: Community) => here.ledger.cache()
const nobody = { q: undefined, after: undefined }

test('whoever is deactivated is out everywhere, and in no list; what they asked stays', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  for (const role of ['admin', 'team'] as const) await here.does(operator, grantRole, { name: 'Tom', role })
  await here.does(tom, postPrayer, { request: 'Please pray.' })
  const invite = await here.does(tom, issueInvite, {})
  const used = await here.does(operator, issueLoginLink, { name: 'Tom' })
  await here.does(visitor, signInByLink, { token: used.token })
  const link = await here.does(operator, issueLoginLink, { name: 'Tom' })
  assert.equal(openSessionsOf(cache(here), tom.member, here.now()).length, 2)
  here.written()

  await here.does(ruth, deactivateMember, { member: tom.member })
  const kinds = here.written().map((header) => header.split(' ')[0])
  const written = ['invite.revoked/1!', 'login-link.revoked/1!', 'member.deactivated/1!']
  assert.deepEqual(kinds.toSorted(), [...written, 'session.closed/1!', 'session.closed/1!'])
  assert.equal(actorNow(cache(here), tom, here.now()).is, 'visitor')
  assert.deepEqual(openSessionsOf(cache(here), tom.member, here.now()), [])
  assert.equal(inviteByToken(cache(here), digest(invite.token), here.now())?.state, 'revoked')
  assert.equal(loginLinkByToken(cache(here), digest(link.token), here.now())?.state, 'revoked')
  await refusal('gone', here.does(visitor, signInByLink, { token: link.token }))
  const late = await here.does(operator, issueLoginLink, { name: 'Tom' })
  await refusal('forbidden', here.does(visitor, signInByLink, { token: late.token }))
  const reader = here.reading(ruth)
  assert.deepEqual(
    directory(reader, nobody).people.map(({ name }) => name),
    ['Ruth'],
  )
  assert.equal(countMembers(cache(here)), 1)
  assert.deepEqual(holderNames(cache(here), 'team', here.now()), [])
  assert.match(JSON.stringify(recentPrayers(reader).cards), /Please pray\./)
})

test('whoever is reactivated has the roles they had, and comes in by a new link', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  await here.does(ruth, grantRole, { member: tom.member, role: 'moderator' })
  await here.does(ruth, grantRole, { member: tom.member, role: 'team', until: '2026-11-25' })
  await here.does(ruth, deactivateMember, { member: tom.member })
  await refusal('invalid', here.does(operator, grantRole, { name: 'Tom', role: 'admin' }))
  here.passes(7 * days)
  await here.does(operator, reactivateMember, { name: 'Tom' })
  await here.ledger.rebuild()
  const { token } = await here.does(operator, issueLoginLink, { name: 'Tom' })
  const { cookie } = await here.does(visitor, signInByLink, { token })
  const again = here.heldBy(cookie) as Member
  assert.ok(holds(again, 'moderator'))
  assert.ok(!holds(again, 'team'), 'a role whose time is over does not come back')
  here.written()
  await here.does(operator, reactivateMember, { name: 'Tom' })
  assert.deepEqual(here.written(), [], 'whoever is here is not here again')
})

test('the last admin for good stays one, on every path', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  const role = 'admin'
  const paths = [
    () => here.does(operator, revokeRole, { name: 'Ruth', role }),
    () => here.does(ruth, revokeRole, { member: ruth.member, role }),
    () => here.does(operator, grantRole, { name: 'Ruth', role, until: '2026-12-31' }),
    () => here.does(operator, deactivateMember, { name: 'Ruth' }),
  ]
  for (const path of paths) assert.match((await refusal('invalid', path())).message, /Ruth is the only admin/)
  await here.does(operator, grantRole, { name: 'Tom', role, until: '2026-12-31' })
  for (const path of paths)
    assert.match((await refusal('invalid', path())).message, /Ruth is the only admin for good/)
  await here.does(operator, grantRole, { name: 'Tom', role })
  await here.does(operator, grantRole, { name: 'Ruth', role, until: '2026-12-31' })
  await refusal('invalid', here.does(operator, deactivateMember, { name: 'Tom' }))
  here.passes(60 * days)
  assert.ok(hasAdmin(cache(here), here.now()))
  assert.ok(!isAdmin(actorNow(cache(here), ruth, here.now())))
  assert.ok(isAdmin(actorNow(cache(here), tom, here.now())))
  const both = await community(t)
  await both.joinsAsAdmin('Ann')
  await both.joins('Eve')
  await both.does(operator, grantRole, { name: 'Eve', role })
  const out = ['Ann', 'Eve'].map((name) => both.does(operator, deactivateMember, { name }))
  const ended = (await Promise.allSettled(out)).map(({ status }) => status)
  assert.deepEqual(ended.toSorted(), ['fulfilled', 'rejected'], 'of two at once one stays')
})

test('nobody shuts themselves out, or whoever is not here', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  await here.joins('Tom')
  await here.does(operator, grantRole, { name: 'Tom', role: 'admin' })
  await refusal('invalid', here.does(ruth, deactivateMember, { member: ruth.member }))
  await refusal('not-found', here.does(ruth, deactivateMember, { member: 'm_0000000000000000' }))
  await refusal('invalid', here.does(ruth, deactivateMember, { name: 'Nobody' }))
})

test('whoever was shut out opens no session by sending once more the claim they came by', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token } = await here.does(operator, issueInvite, {})
  const claim = { token, name: 'Tom', browser: 'b'.repeat(22) }
  const { member } = await here.does(visitor, claimInvite, claim)
  const again = await here.does(visitor, claimInvite, claim)
  assert.equal(again.member, member)
  await here.does(ruth, deactivateMember, { member })
  await refusal('gone', here.does(visitor, claimInvite, claim))
  await here.does(ruth, reactivateMember, { member })
  assert.deepEqual(openSessionsOf(cache(here), member, here.now()), [])
})

test('whoever is signed out lets nobody in any more whom they had let in, or who waits, as them', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  const browser = 'b'.repeat(22)
  const letIn = async () => {
    const { signIn } = await here.does(visitor, askSignIn, { name: 'Tom', browser })
    await here.does(tom, approveSignIn, { signIn })
  }
  await letIn()
  await here.does(ruth, closeSessionsOf, { member: tom.member })
  await refusal('gone', here.does(visitor, finishSignIn, { browser }))
  await here.does(visitor, askSignIn, { name: 'Tom', browser })
  await here.does(ruth, closeAllSessions, {})
  await refusal('gone', here.does(visitor, finishSignIn, { browser }))
  assert.deepEqual(openSignIns(cache(here), tom.member, here.now()), [])
})

test('an admin signs somebody out, or everyone but for themselves, and everybody stays', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const [tom, ann] = [await here.joins('Tom'), await here.joins('Ann')]
  const isIn = (one: Member) => actorNow(cache(here), one, here.now()).is === 'member'
  await here.does(ruth, closeSessionsOf, { member: tom.member })
  assert.deepEqual([ruth, tom, ann].map(isIn), [true, false, true])
  await here.does(ruth, closeAllSessions, {})
  assert.deepEqual([ruth, tom, ann].map(isIn), [true, false, false])
  assert.equal(countMembers(cache(here)), 3)
  assert.equal(adminPerson(cache(here), tom.member, { me: ruth.member, now: here.now() })?.sessions, 0)
  await refusal('forbidden', here.does(operator, closeSessionsOf, { member: ann.member }))
  here.written()
  await here.does(ruth, closeAllSessions, {})
  assert.deepEqual(here.written(), [], 'where nobody is signed in nothing is written')
})

test('whoever signs their other devices out ends what one of those let in that has not come in yet', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const browser = 'b'.repeat(22)
  for (const signsOut of ['others', 'one']) {
    const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
    const stolen = here.heldBy((await here.does(visitor, signInByLink, { token })).cookie)
    assert.ok(stolen)
    const { signIn } = await here.does(visitor, askSignIn, { name: 'Ruth', browser })
    await here.does(stolen, approveSignIn, { signIn })
    if (signsOut === 'others') await here.does(ruth, closeOtherSessions, {})
    else await here.does(ruth, closeSession, { session: stolen.session })
    await refusal('gone', here.does(visitor, finishSignIn, { browser }))
    assert.deepEqual(openSessionsOf(cache(here), ruth.member, here.now()), [ruth.session])
  }
})

test('a claim that is sent once more opens nothing when the session that it opened was signed out', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, {})
  const claim = { token, name: 'Tom', browser: 'b'.repeat(22) }
  const { session } = await claims(here, claim)
  const link = await here.does(operator, issueLoginLink, { name: 'Tom' })
  const elsewhere = here.heldBy((await here.does(visitor, signInByLink, { token: link.token })).cookie)
  assert.ok(elsewhere)
  await here.does(elsewhere, closeSession, { session })
  await refusal('gone', here.does(visitor, claimInvite, claim))
  assert.deepEqual(openSessionsOf(cache(here), elsewhere.member, here.now()), [elsewhere.session])
})

test('whoever is an admin no more has no link left that they made, and lets nobody in by a link for several', async (t) => {
  for (const isOut of [false, true]) {
    const here = await community(t)
    const ruth = await here.joinsAsAdmin('Ruth')
    const tom = await here.joins('Tom')
    await here.joins('Ann')
    await here.does(operator, grantRole, { name: 'Tom', role: 'admin' })
    const { token } = await here.does(tom, issueLoginLink, { name: 'Ann' })
    const several = await here.does(tom, issueInvite, { seats: 9, asksAdmin: 'no' })
    const kept = await here.does(ruth, issueLoginLink, { name: 'Tom' })
    if (isOut) await here.does(ruth, deactivateMember, { member: tom.member })
    else await here.does(ruth, revokeRole, { member: tom.member, role: 'admin' })
    await refusal('gone', here.does(visitor, signInByLink, { token }))
    const state = loginLinkByToken(cache(here), digest(kept.token), here.now())?.state
    assert.equal(state, isOut ? 'revoked' : 'open', 'a link for them ends only when they are out')
    const claim = here.does(visitor, claimInvite, { token: several.token, name: 'Eve' })
    if (isOut) await refusal('gone', claim)
    else assert.equal(memberById(cache(here), (await claim).member)?.standing, 'waiting')
  }
})

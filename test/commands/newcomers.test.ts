import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptRules } from '../../src/commands/agreements.ts'
import { inviteSomebody, issueInvite, openFirstLink } from '../../src/commands/invites.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { admitMember, declineMember } from '../../src/commands/newcomers.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { type Actor, operator, visitor } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { acceptedBy, agreementNow } from '../../src/queries/agreements.ts'
import { standingOf } from '../../src/queries/members.ts'
import { declinedPage, newcomersPage } from '../../src/queries/newcomers.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'
import { countMembers } from '../tools/cache.ts'
import { type Community, claims, community, refusal } from '../tools/community.ts'

/** Who holds this cookie, whether they wait or not. */
const holder = (here: Community, cookie: string): Actor => {
  const actor = sessionByToken(here.ledger.cache(), digest(cookie), here.now())?.actor
  assert.ok(actor)
  return actor
}
const standing = (here: Community, member: string) => standingOf(here.ledger.cache(), member)

test('whoever comes by a link for several waits for an admin, unless the admin said otherwise', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const several = await here.does(ruth, issueInvite, { seats: '3' })
  const open = await here.does(ruth, issueInvite, { seats: '3', asksAdmin: 'no' })
  const strict = await here.does(ruth, issueInvite, { asksAdmin: 'yes' })
  const alone = await here.does(ruth, issueInvite, {})
  const comes = async (token: string, name: string) =>
    standing(here, (await claims(here, { token, name })).member)
  assert.equal(await comes(several.token, 'Ann'), 'waiting')
  assert.equal(await comes(open.token, 'Ben'), 'here')
  assert.equal(await comes(strict.token, 'Cleo'), 'waiting')
  assert.equal(await comes(alone.token, 'Dan'), 'here')
  assert.equal(countMembers(here.ledger.cache()), 3, 'who waits is not counted')
})

test('where an admin says yes to each newcomer, only whom an admin invited comes in at once', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joinsAsAdmin('Ruth'), await here.joins('Tom')]
  const before = await here.does(tom, inviteSomebody, {})
  await here.does(ruth, changeSetting, { setting: 'adminSaysYes', value: 'yes' })
  const comes = async (token: string, name: string) =>
    standing(here, (await claims(here, { token, name })).member)
  assert.equal(await comes(before.token, 'Ann'), 'waiting', 'also by an invitation of before')
  assert.equal(await comes((await here.does(ruth, inviteSomebody, {})).token, 'Ben'), 'here')
  assert.equal(await comes((await here.does(operator, issueInvite, {})).token, 'Cleo'), 'here')
})

test('whoever waits may only sign out, until an admin says yes', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token } = await here.does(ruth, issueInvite, { seats: 3 })
  const { cookie, member } = await claims(here, { token, name: 'Ann' })
  const ann = holder(here, cookie)
  assert.equal(ann.is, 'waiting')
  await refusal('forbidden', here.does(ann, postPrayer, { request: 'Please pray.' }))
  await refusal('forbidden', here.does(ann, inviteSomebody, {}))
  await refusal('forbidden', here.does(ann, admitMember, { member }))
  const other = await here.does(operator, issueInvite, {})
  await refusal('forbidden', here.does(ann, claimInvite, { token: other.token, name: 'Another' }))
  assert.deepEqual(
    newcomersPage(here.ledger.cache()).newcomers.map(({ name, invitedBy }) => [name, invitedBy]),
    [['Ann', 'Ruth']],
  )

  here.passes(1 * hours)
  here.written()
  await here.does(ruth, admitMember, { member })
  await here.does(ruth, admitMember, { member })
  assert.deepEqual(here.written(), [`member.admitted/1 by=${ruth.member} member=${member}`])
  assert.equal(holder(here, cookie).is, 'member')
  await here.does(ann, postPrayer, { request: 'Please pray.' })
  const needsToken = sessionByToken(here.ledger.cache(), digest(cookie), here.now())?.needsToken
  assert.equal(needsToken, true, 'other rights, another token')
})

test('an admin says no with words that only the newcomer reads, and nobody comes in any more', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joinsAsAdmin('Ruth')
  const { token } = await here.does(ruth, issueInvite, { seats: 3 })
  const { cookie, member } = await claims(here, { token, name: 'Ann' })
  await refusal('invalid', here.does(ruth, declineMember, { member, reason: 'x'.repeat(1_001) }))
  await here.does(ruth, declineMember, { member, reason: 'We do not know you.' })
  await here.does(ruth, declineMember, { member })
  assert.ok(!here.text().includes('We do not know you'))
  const declined = () => declinedPage(here.ledger.cache(), here.ledger.keyring, digest(cookie))
  assert.deepEqual(declined(), { reason: 'We do not know you.' })
  assert.equal(sessionByToken(here.ledger.cache(), digest(cookie), here.now()), undefined)
  assert.deepEqual(newcomersPage(here.ledger.cache()).newcomers, [])
  await here.ledger.rebuild()
  assert.deepEqual(declined(), { reason: 'We do not know you.' })

  await refusal('not-found', here.does(ruth, admitMember, { member }))
  await refusal('not-found', here.does(ruth, declineMember, { member: ruth.member }))
  await refusal('not-found', here.does(ruth, declineMember, { member: 'm_0000000000000000' }))
})

test('only an admin answers newcomers, and nobody is an admin before an admin says yes', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, openFirstLink, {})
  assert.ok(token)
  const { member, cookie } = await claims(here, { token, name: 'Ruth' })
  const ruth = holder(here, cookie)
  assert.equal(ruth.is, 'member', 'the first admin waits for nobody')
  const tom = await here.joins('Tom')
  const link = await here.does(ruth, issueInvite, { seats: 2 })
  const ann = await claims(here, { token: link.token, name: 'Ann' })
  await refusal('forbidden', here.does(tom, admitMember, { member: ann.member }))
  await refusal('forbidden', here.does(tom, declineMember, { member: ann.member }))
  await refusal('sign-in', here.does(visitor, admitMember, { member }))
})

test('whoever joins says yes to the rules of that day, and to no words that they were not shown', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const cache = () => here.ledger.cache()
  assert.deepEqual(acceptedBy(cache(), ruth.member), { rules: 0, privacy: 0 })
  await here.does(ruth, changeSetting, { setting: 'rules', value: 'Be kind.' })
  const { rules } = agreementNow(cache())
  assert.ok(rules > 0)

  const { token } = await here.does(ruth, inviteSomebody, {})
  const joins = (shown: object) => claims(here, { token, name: 'Ann', ...shown })
  const { fields } = await refusal('invalid', joins({ rules: '0', privacy: '0' }))
  assert.ok(fields.rules)
  await refusal('invalid', joins({ rules: 'x' }))
  const { member } = await joins({ rules: String(rules), privacy: '0' })
  assert.deepEqual(acceptedBy(cache(), member), { rules, privacy: 0 })

  here.written()
  await here.does(ruth, acceptRules, { rules: String(rules), privacy: '0' })
  await here.does(ruth, acceptRules, { rules: String(rules), privacy: '0' })
  await refusal('invalid', here.does(ruth, acceptRules, { rules: '0', privacy: '0' }))
  assert.deepEqual(here.written(), [`rules.accepted/1 by=${ruth.member} rules=${rules} privacy=0`])
})

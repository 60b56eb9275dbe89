import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { renewSession, signInByLink, signOut } from '../../src/commands/sessions.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import { days, hours, later, minutes } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { type Community, claims, community, refusal } from '../tools/community.ts'

test('a login link opens a session and is used up by it, in one group', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'ruth' })
  here.written()

  const { cookie, until, member, session } = await here.does(visitor, signInByLink, { token })
  assert.equal(member, ruth.member)
  const [used, opened] = here.written()
  assert.match(used ?? '', new RegExp(`^login-link.used/1! by=${member} link=l_`))
  assert.equal(
    opened,
    `session.opened/3 by=${member} session=${session} token=${digest(cookie)} until=${until} how=link`,
  )
  assert.equal(here.heldBy(cookie)?.name, 'Ruth')
  assert.ok(!here.text().includes(token))
})

test('a login link works once, for half an hour, and until a newer one is issued', async (t) => {
  const here = await community(t)
  await here.joins('Ruth')
  const issue = () => here.does(operator, issueLoginLink, { name: 'Ruth' })
  const whyNot = async (token: string) =>
    (await refusal('gone', here.does(visitor, signInByLink, { token }))).message

  const used = await issue()
  await here.does(visitor, signInByLink, { token: used.token })
  assert.match(await whyNot(used.token), /has been used/)

  const replaced = await issue()
  const expired = await issue()
  assert.match(await whyNot(replaced.token), /replaced by a newer one/)
  assert.equal(expired.expiresAt, later(here.now(), 30 * minutes))
  here.passes(30 * minutes)
  assert.match(await whyNot(expired.token), /has expired/)
  assert.match(await whyNot('never issued'), /does not work/)
})

test('a link used twice in one batch opens one session', async (t) => {
  const here = await community(t)
  await here.joins('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const both = [1, 2].map(() => here.does(visitor, signInByLink, { token }))
  const statuses = (await Promise.allSettled(both)).map(({ status }) => status)
  assert.deepEqual(statuses, ['fulfilled', 'rejected'])
})

test('signing in by link signs out whoever was signed in on that browser', async (t) => {
  const here = await community(t)
  const { cookie: toms } = await comes(here, 'Tom')
  await here.joins('Ruth')
  const tom = here.heldBy(toms)
  assert.ok(tom)
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })

  const { cookie } = await here.does(tom, signInByLink, { token })
  assert.equal(here.heldBy(toms), undefined)
  assert.equal(here.heldBy(cookie)?.name, 'Ruth')
})

test('whoever signs out is out at once, on that browser only', async (t) => {
  const here = await community(t)
  const { cookie } = await comes(here, 'Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const elsewhere = await here.does(visitor, signInByLink, { token })
  const ruth = here.heldBy(cookie)
  assert.ok(ruth)

  await here.does(ruth, signOut, {})
  assert.equal(here.heldBy(cookie), undefined)
  assert.equal(here.heldBy(elsewhere.cookie)?.name, 'Ruth')
})

test('signing out twice, or without a session, is signing out once', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.does(ruth, signOut, {})
  here.written()
  await here.does(ruth, signOut, {})
  await here.does(visitor, signOut, {})
  assert.deepEqual(here.written(), [])
})

test('a session ends after 90 days without use', async (t) => {
  const here = await community(t)
  const { cookie } = await comes(here, 'Ruth')
  here.passes(90 * days - 1)
  assert.ok(here.heldBy(cookie))
  here.passes(1)
  assert.equal(here.heldBy(cookie), undefined)
})

test('a session in use is renewed for 90 days, at most once a week', async (t) => {
  const here = await community(t)
  const { cookie } = await comes(here, 'Ruth')
  const ruth = here.heldBy(cookie)
  assert.ok(ruth)
  here.written()

  here.passes(7 * days - 1)
  await here.does(ruth, renewSession, {})
  assert.deepEqual(here.written(), [])

  here.passes(1)
  const renewed = later(here.now(), 90 * days)
  await here.does(ruth, renewSession, {})
  await here.does(ruth, renewSession, {})
  assert.deepEqual(here.written(), [
    `session.renewed/1 by=${ruth.member} session=${ruth.session} until=${renewed}`,
  ])
  here.passes(90 * days - 1)
  assert.ok(here.heldBy(cookie))
})

test('a session that is always in use ends a year after it was opened', async (t) => {
  const here = await community(t)
  const { cookie } = await comes(here, 'Ruth')
  const opened = here.now()
  for (let week = 1; week <= 52; week++) {
    here.passes(7 * days)
    const ruth = here.heldBy(cookie)
    assert.ok(ruth, `week ${week}`)
    await here.does(ruth, renewSession, {})
  }
  here.written()
  assert.ok(here.now() < later(opened, 365 * days))
  here.passes(days - 1)
  assert.ok(here.heldBy(cookie))
  here.passes(1)
  assert.equal(here.heldBy(cookie), undefined)
})

test('on a device that others use, too, a session ends after twelve hours and is never renewed', async (t) => {
  const here = await community(t)
  await here.joins('Ruth')
  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  here.written()
  const given = { token, shared: 'yes', device: 'a phone with Android, Chrome' }
  const { cookie, until, isShared } = await here.does(visitor, signInByLink, given)
  assert.deepEqual([until, isShared], [later(here.now(), 12 * hours), true])
  assert.match(here.written().at(-1) ?? '', /^session\.opened\/3 .* how=link shared=yes$/)
  assert.match(here.text(), /\n\| a phone with Android, Chrome\n/)
  const ruth = here.heldBy(cookie)
  assert.ok(ruth)
  here.passes(12 * hours - 1)
  await here.does(ruth, renewSession, {})
  assert.deepEqual(here.written(), [])
  here.passes(1)
  assert.equal(here.heldBy(cookie), undefined)
})

test('a cookie that nobody was given opens nothing', async (t) => {
  const here = await community(t)
  const { cookie } = await comes(here, 'Ruth')
  for (const other of ['', 'x', `${cookie}x`, digest(cookie), 'a'.repeat(100_000)]) {
    assert.equal(here.heldBy(other), undefined)
  }
})

async function comes(here: Community, name: string) {
  const { token } = await here.does(operator, issueInvite, {})
  return claims(here, { token, name })
}

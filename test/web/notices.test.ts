import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { admitMember } from '../../src/commands/newcomers.ts'
import { readAllNotices } from '../../src/commands/notices.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { hours } from '../../src/kernel/moment.ts'
import { memberByName } from '../../src/queries/members.ts'
import { noticesPage, unreadNotices } from '../../src/queries/notices.ts'
import { prayerClosed, prayerWithdrawn } from '../../src/records/prayer-states.ts'
import { prayerUpdated } from '../../src/records/prayer-words.ts'
import { claims } from '../tools/community.ts'
import { type Browser, type Place, place, wordsOf } from './browser.ts'

const asks = async (browser: Browser, request: string, more: Record<string, string> = {}) =>
  String((await browser.post('/prayers', { request, ...more })).headers.location)

const idIn = (path: string) => path.split('/')[2] ?? ''

const unreadOf = async (browser: Browser) =>
  Number(/<span class="unread">(\d+)/.exec((await browser.get('/me')).body)?.[1] ?? 0)

const happens = ({ here }: Place, ...drafts: readonly Draft[]) =>
  here.ledger.record(() => ({ drafts, result: null }))

test('who prayed on a day, for whichever request, is told the next morning in one notice, together with what they said, and not before', async (t) => {
  const there = await place(t)
  const { here, comes } = there
  const [ruth, tom, ann] = [await comes('Ruth'), await comes('Tom'), await comes('Ann')]
  await ann.post('/me/praying', { unseen: 'yes' })
  const prayer = await asks(ruth, 'For rain.')
  await ruth.post(`${prayer}/marks`, {})
  await tom.post(`${prayer}/marks`, {})
  await ann.post(`${prayer}/marks`, {})
  await ann.post(`${prayer}/encouragements`, { phrase: 'You are not alone.' })
  here.passes(1 * hours)
  await tom.post(`${prayer}/marks`, {})
  await tom.post(`${await asks(ruth, 'For wind.')}/marks`, {})
  assert.equal(await unreadOf(ruth), 0)
  here.passes(22 * hours)
  assert.match(here.now(), /T06:00/)
  assert.match(wordsOf(await ruth.get('/notices')), /Nothing new\./)
  here.passes(1 * hours)
  assert.equal(await unreadOf(ruth), 1)
  here.written()
  assert.match(
    wordsOf(await ruth.get('/notices')),
    /New\. Tom and someone who prays unseen prayed for what you asked, and you were encouraged: You are not alone\. someone who prays unseen For rain\. Tom prayed for what you asked\. For wind\. /,
  )
  assert.deepEqual(here.written(), [], 'to look changes nothing')
  assert.equal(await unreadOf(tom), 0)
})

test('what is marked as read is what was told: what waits for its morning comes as new', async (t) => {
  const there = await place(t)
  const { here, comes } = there
  await here.namesKey()
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  await here.does(operator, grantRole, { name: 'Ruth', role: 'team' })
  await ruth.get('/')
  const [first, second] = [await asks(ruth, 'First.'), await asks(ruth, 'Second.')]
  await tom.post(`${first}/marks`, {})
  here.passes(24 * hours)
  await tom.post(`${second}/marks`, {})
  await here.does(operator, grantRole, { name: 'Ruth', role: 'moderator' })
  await ruth.get('/')
  assert.equal(await unreadOf(ruth), 3)
  const page = await ruth.get('/notices')
  assert.match(
    wordsOf(page),
    /New\. You were given a role: moderator\. .*New\. Tom prayed .*New\. You were given a role: prayer team/,
  )
  const upTo = /name="upTo" value="(\d+)"/.exec(page.body)?.[1] ?? ''
  here.written()
  await ruth.post('/notices/read', { upTo })
  assert.deepEqual(
    here.written().map((record) => record.split(' ')[0]),
    ['notices.read/2', 'notice.read/2'],
  )
  assert.equal(await unreadOf(ruth), 0)
  await ruth.post('/notices/read', { upTo })
  assert.deepEqual(here.written(), [], 'sent twice it is done once')
  here.passes(24 * hours)
  assert.equal(await unreadOf(ruth), 1)
  assert.match(wordsOf(await ruth.get('/notices')), /New\. Tom prayed for what you asked\. Second\./)
  const [, one = ''] = /action="(\/notices\/\d+\/read)"/.exec((await ruth.get('/notices')).body) ?? []
  assert.equal((await ruth.post(one, {})).headers.location, '/notices')
  assert.equal(await unreadOf(ruth), 0)
  here.written()
  for (const other of ['/notices/1/read', '/notices/999999/read'])
    assert.equal((await tom.post(other, {})).statusCode, 303)
  assert.equal((await tom.post('/notices/x/read', {})).statusCode, 422)
  assert.equal((await tom.post('/notices/read', {})).statusCode, 422)
  assert.deepEqual(here.written(), [], 'what is no notice of theirs cannot be read')
})

test('that somebody read a notice does not say in clear which request without a name is theirs', async (t) => {
  const there = await place(t)
  const { here, comes } = there
  await here.namesKey()
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const prayers = [
    await asks(ruth, 'For rain.', { nameless: 'yes' }),
    await asks(ruth, 'For sun.', { nameless: 'yes' }),
    await asks(ruth, 'For snow.', { nameless: 'yes' }),
  ]
  for (const prayer of prayers) {
    await tom.post(`${prayer}/marks`, {})
    here.passes(24 * hours)
  }
  const page = await ruth.get('/notices')
  const marks = [...page.body.matchAll(/action="\/notices\/(\d+)\/read"/g)].map(([, mark]) => String(mark))
  assert.equal(marks.length, 3)
  here.written()
  assert.equal((await ruth.post(`/notices/${marks.at(1)}/read`, {})).statusCode, 303)
  assert.equal(await unreadOf(ruth), 2)
  await ruth.post('/notices/read', { upTo: marks.at(0) ?? '' })
  const told = here.text().split('notice.read/')[1] ?? ''
  for (const mark of marks) assert.doesNotMatch(told, new RegExp(`[= ]${mark}\\b`))
  const written = here.written()
  assert.deepEqual(written.length, 2)
  assert.match(String(written[0]), /^notice\.read\/2 by=m_\w{16} notice=[0-9a-f]{32}$/)
  assert.match(String(written[1]), /^notices\.read\/2 by=m_\w{16}$/)
  assert.equal(await unreadOf(ruth), 0)
  await here.ledger.rebuild()
  assert.equal(await unreadOf(ruth), 0, 'and a new cache knows it')
})

test('those who prayed hear what became of it, until it is taken back', async (t) => {
  const there = await place(t)
  const { here, comes } = there
  const [ruth, tom, ann] = [await comes('Ruth'), await comes('Tom'), await comes('Ann')]
  const prayer = await asks(ruth, 'For rain.')
  await tom.post(`${prayer}/marks`, {})
  const id = { by: 'someone', prayer: idIn(prayer) }
  const eve = await comes('Eve')
  await eve.post(`${prayer}/follows`, {})
  await happens(there, prayerUpdated.of({ ...id, update: 'Clouds.' }))
  assert.match(wordsOf(await eve.get('/notices')), /New\. Ruth has written how it goes on\. For rain\./)
  assert.match(wordsOf(await tom.get('/notices')), /New\. Ruth has written how it goes on\. For rain\./)
  assert.deepEqual([await unreadOf(tom), await unreadOf(ann), await unreadOf(ruth)], [1, 0, 0])
  await happens(there, prayerClosed.of({ ...id, outcome: 'died' }))
  const words = wordsOf(await tom.get('/notices'))
  assert.match(words, /What Ruth asked has come to an end: somebody has died\./)
  here.passes(48 * hours)
  assert.equal(await unreadOf(ruth), 0, 'whoever has lost somebody is told nothing by the site')
  await happens(there, prayerWithdrawn.of(id))
  assert.equal(await unreadOf(tom), 0)
  assert.match(wordsOf(await tom.get('/notices')), /Nothing new\./)
})

test('whoever waited for an admin has come by an invite when they are let in, and is new then', async (t) => {
  const { here } = await place(t)
  await here.namesKey()
  const [naomi, ruth] = [await here.joinsAsAdmin('Naomi'), await here.joins('Ruth')]
  await here.does(operator, grantRole, { name: 'Ruth', role: 'admin' })
  const admin: Member = { ...ruth, roles: ['admin'] }
  const { token } = await here.does(admin, issueInvite, { seats: 3 })
  await claims(here, { token, name: 'Ann' })
  const told = () => noticesPage(here.reading(ruth)).notices.map(({ notice, isRead }) => [notice.is, isRead])
  assert.deepEqual(told(), [['given', false]], 'nobody has come yet')
  const upTo = String(here.ledger.head().sequence)
  await here.does(ruth, readAllNotices, { upTo })
  await here.does(naomi, admitMember, { member: memberByName(here.ledger.cache(), 'Ann')?.id })
  assert.deepEqual(told(), [
    ['came', false],
    ['given', true],
  ])
  assert.equal(unreadNotices(here.reading(ruth)), 1)
})

test('each kind can be switched off, and on again', async (t) => {
  const there = await place(t)
  const { here, comes } = there
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  const prayer = await asks(ruth, 'For rain.')
  await tom.post(`${prayer}/marks`, {})
  await tom.post(`${prayer}/encouragements`, { phrase: 'Peace be with you.' })
  here.passes(24 * hours)
  const all = {
    prayed: 'yes',
    encouraged: 'yes',
    news: 'yes',
    invites: 'yes',
    decisions: 'yes',
    lapses: 'yes',
  }
  here.written()
  await ruth.post('/me/notices', all)
  assert.deepEqual(here.written(), [])
  await ruth.post('/me/notices', { ...all, prayed: '' })
  assert.deepEqual(here.written().length, 1)
  assert.match(wordsOf(await ruth.get('/notices')), /You were encouraged: Peace be with you\. Tom/)
  await ruth.post('/me/notices', { ...all, prayed: '', encouraged: '' })
  assert.equal(await unreadOf(ruth), 0)
  assert.equal((await ruth.get('/me/notices')).body.match(/ checked/g)?.length, 4)
  await ruth.post('/me/notices', all)
  assert.match(wordsOf(await ruth.get('/notices')), /Tom prayed for what you asked, and you were encouraged/)
  assert.equal(await unreadOf(ruth), 0, 'what was missed meanwhile is there, and not new')
  await tom.post(`${prayer}/marks`, {})
  here.passes(24 * hours)
  assert.equal(await unreadOf(ruth), 1, 'what comes now is')
  assert.equal((await ruth.post('/me/notices', { news: 'perhaps' })).statusCode, 422)
})

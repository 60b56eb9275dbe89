import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { giveLabel } from '../../src/commands/labels.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { changeProfile, changeVisibility, renameMyself } from '../../src/commands/myself.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { keepApart, keepOthersApart, rejoin, rejoinOthers } from '../../src/commands/separations.ts'
import { type Member, operator, visitor } from '../../src/kernel/actor.ts'
import { days } from '../../src/kernel/moment.ts'
import { mayMeet } from '../../src/queries/may-see.ts'
import { memberById } from '../../src/queries/members.ts'
import { formerNames } from '../../src/queries/names.ts'
import { type Community, community, refusal } from '../tools/community.ts'

const named = (here: Community, { member }: Member) => memberById(here.ledger.cache(), member)?.name

test('whoever changes their name keeps the one before for 90 days, in any spelling, and nobody else sees it', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  await here.does(ruth, renameMyself, { name: '  Ruth  O’Neil ' })
  assert.equal(named(here, ruth), "Ruth O'Neil")
  const kept = formerNames(here.ledger.cache(), ruth.member, here.now())
  assert.deepEqual(
    kept.map(({ name }) => name),
    ['Ruth'],
  )

  const { token } = await here.does(operator, issueInvite, {})
  for (const name of ['Ruth', 'RUTH', 'Ｒｕｔｈ', 'Ruth O-Neil', "ruth o'neil"]) {
    assert.match((await refusal('invalid', here.does(tom, renameMyself, { name }))).message, /These are free/)
    await refusal('invalid', here.does(visitor, claimInvite, { token, name }))
  }
  here.passes(90 * days - 1)
  await refusal('invalid', here.does(tom, renameMyself, { name: 'Ruth' }))
  here.passes(1)
  await here.does(tom, renameMyself, { name: 'Ruth' })
  assert.deepEqual(formerNames(here.ledger.cache(), ruth.member, here.now()), [])
})

test('a name of before can be taken back, and nobody goes through many', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  for (const name of ['Ruth A', 'Ruth', 'ruth']) await here.does(ruth, renameMyself, { name })
  assert.equal(named(here, ruth), 'ruth')
  here.written()
  await here.does(ruth, renameMyself, { name: 'ruth' })
  assert.deepEqual(here.written(), [], 'the same name is no change')
  await refusal('invalid', here.does(ruth, renameMyself, { name: 'Naomi' }))
  here.passes(90 * days)
  await here.does(ruth, renameMyself, { name: 'Naomi' })
})

test('names that nobody may have are refused for a new name as for the first one', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  for (const name of ['', 'R', 'x'.repeat(41), 'x'.repeat(2_000), 'admin', 'Аdmin', 'R\u200bth', '42'])
    await refusal('invalid', here.does(ruth, renameMyself, { name }))
  assert.equal(named(here, ruth), 'Ruth')
})

test('what is as it was writes no record', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.does(ruth, changeProfile, { about: ' I keep bees.\r\nAnd sing. ' })
  await here.does(ruth, changeVisibility, { unseen: 'yes' })
  const now = memberById(here.ledger.cache(), ruth.member)
  assert.deepEqual([now?.about, now?.praysUnseen], ['I keep bees.\nAnd sing.', true])
  here.written()
  await here.does(ruth, changeProfile, { about: 'I keep bees.\nAnd sing.' })
  await here.does(ruth, changeVisibility, { unseen: 'yes' })
  assert.deepEqual(here.written(), [])
  await here.does(ruth, changeProfile, { about: '' })
  assert.equal(memberById(here.ledger.cache(), ruth.member)?.about, null)
  await refusal('invalid', here.does(ruth, changeProfile, { about: 'x'.repeat(501) }))
  await refusal('invalid', here.does(ruth, changeVisibility, { unseen: 'perhaps' }))
})

test('each wish to be kept apart counts until whoever had it takes it back', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const moderator = await moderates(here, 'Mo')
  const meet = () => mayMeet(here.ledger.cache(), ruth.member, tom.member)

  await here.does(ruth, keepApart, { name: 'TOM' })
  assert.ok(!meet())
  await refusal('not-found', here.does(tom, keepApart, { member: ruth.member }))
  await refusal('invalid', here.does(tom, keepApart, { name: 'Ruth' }))
  await here.does(tom, rejoin, { member: ruth.member })
  assert.ok(!meet(), "it was Ruth's wish")
  await here.does(moderator, keepOthersApart, { one: 'Tom', other: 'Ruth' })
  here.written()
  await here.does(moderator, keepOthersApart, { one: 'Ruth', other: 'Tom' })
  assert.deepEqual(here.written(), [], 'once is enough')
  await here.does(ruth, rejoin, { member: tom.member })
  assert.ok(!meet(), 'a moderator keeps them apart, too')
  await here.does(await moderates(here, 'Ada'), rejoinOthers, { one: tom.member, other: ruth.member })
  assert.ok(meet())
})

test('nobody is kept apart from themselves, from nobody, or by somebody who may not', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const moderator = await moderates(here, 'Mo')
  await refusal('invalid', here.does(ruth, keepApart, { name: 'Ruth' }))
  await refusal('invalid', here.does(ruth, keepApart, { name: 'Nobody' }))
  await refusal('not-found', here.does(ruth, keepApart, { member: 'm_0000000000000000' }))
  await refusal('forbidden', here.does(ruth, keepOthersApart, { one: 'Tom', other: 'Mo' }))
  await refusal('forbidden', here.does(ruth, rejoinOthers, { one: tom.member, other: moderator.member }))
  for (const [one, other] of [
    ['Tom', 'tom'],
    ['Mo', 'Tom'],
    ['Tom', 'Mo'],
    ['Nobody', 'Tom'],
  ])
    await refusal('invalid', here.does(moderator, keepOthersApart, { one, other }))
  await here.does(ruth, keepApart, { member: moderator.member })
  await refusal('invalid', here.does(moderator, keepOthersApart, { one: 'Ruth', other: 'Tom' }))
  await refusal(
    'not-found',
    here.does(moderator, rejoinOthers, { one: ruth.member, other: moderator.member }),
  )
})

test('a label is words and perhaps one symbol, given by admins, eight at most', async (t) => {
  const here = await community(t)
  const admin = await here.joinsAsAdmin('Ada')
  const ruth = await here.joins('Ruth')
  const give = (words: string, symbol = '') =>
    here.does(admin, giveLabel, { member: ruth.member, words, symbol })
  await refusal('forbidden', here.does(ruth, giveLabel, { member: ruth.member, words: 'Queen' }))
  for (const [words, symbol] of [
    [' ', ''],
    ['x'.repeat(41), ''],
    ['a\nb', ''],
    ['Choir', '⭐⭐'],
    ['Choir', 'x'.repeat(13)],
  ] as const)
    await refusal('invalid', give(words, symbol))
  await refusal('not-found', here.does(admin, giveLabel, { member: 'm_0000000000000000', words: 'Choir' }))
  for (const symbol of ['👩‍👩‍👧‍👦', '🏳️‍🌈', '♥', '']) await give('Choir', symbol)
  here.written()
  await give('Choir', '♥')
  assert.deepEqual(here.written(), [], 'the same label is there already')
  for (const words of ['A', 'B', 'C', 'D']) await give(words)
  await refusal('invalid', give('E'))
})

async function moderates(here: Community, name: string): Promise<Member> {
  const member = await here.joins(name)
  await here.does(operator, grantRole, { name, role: 'moderator' })
  return { ...member, roles: ['moderator'] }
}

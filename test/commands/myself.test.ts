import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { reserveCache } from '../../src/cache/generations.ts'
import { openReader } from '../../src/cache/open.ts'
import { digestTable } from '../../src/cache/schema.ts'
import { catalogue } from '../../src/catalogue.ts'
import { seeAuthor } from '../../src/commands/author-lookups.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { giveLabel, takeLabel } from '../../src/commands/labels.ts'
import { claimInvite } from '../../src/commands/members.ts'
import {
  changeProfile,
  changeVisibility,
  dismissWelcome,
  eraseFormerName,
  renameMyself,
} from '../../src/commands/myself.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { keepApart, keepOthersApart, rejoin, rejoinOthers } from '../../src/commands/separations.ts'
import { type Member, operator, visitor } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { rebuildWith } from '../../src/ledger/rebuild.ts'
import { labelsOf } from '../../src/queries/labels.ts'
import { mayMeet } from '../../src/queries/may-see.ts'
import { memberById } from '../../src/queries/members.ts'
import { formerNames } from '../../src/queries/names.ts'
import { tables } from '../../src/records/kinds.ts'
import { type Community, community, refusal } from '../tools/community.ts'
import { foundIn } from '../tools/found-in.ts'

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
  assert.equal(formerNames(here.ledger.cache(), ruth.member, here.now())[0]?.keptUntil, null)
})

test('a name of before is erased from the archive at the wish of whoever had it, and theirs no more', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Zipporah'), await here.joins('Tom')]
  await here.does(ruth, renameMyself, { name: 'Naomi' })
  const former = () => formerNames(here.ledger.cache(), ruth.member, here.now())
  const [{ record } = { record: 0 }] = former()
  const erase = (who: Member, raw: object) => here.does(who, eraseFormerName, raw)
  await refusal('not-found', erase(tom, { record: String(record) }))
  await refusal('not-found', erase(ruth, { record: String(record + 100) }))
  await refusal('invalid', erase(ruth, { record: 'x' }))
  here.written()
  await erase(ruth, { record: String(record) })
  assert.match(here.written().join(), /^record\.erased\/1! by=m_\S+ record=\d+ hash=\S+ field=name why=wish$/)
  assert.deepEqual(former(), [], 'at once')
  await refusal('not-found', erase(ruth, { record: String(record) }))
  // The first may come before the erasure that this record asks for.
  await here.ledger.settled()
  await here.ledger.settled()
  for (const folder of [here.options.archive, here.options.cache])
    assert.deepEqual(foundIn(folder, 'Zipporah'), [])
  assert.equal(named(here, ruth), 'Naomi')
  await here.does(tom, renameMyself, { name: 'Zipporah' })
  const [own] = here.ledger.cache().sqlite.prepare('select max(sequence) from names').pluck().all()
  await refusal('not-found', erase(tom, { record: String(own) }))
  here.passes(13 * hours)
  await refusal('fresh', erase(ruth, { record: '1' }))
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
  for (const member of ['m_0000000000000000', 'nobody']) await here.does(ruth, rejoin, { member })
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

test('names, labels, wishes and whatever else people say of themselves are after a rebuild what they were', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const admin = await here.joinsAsAdmin('Ada')
  const [ruth, tom, mo] = [await here.joins('Ruth'), await here.joins('Tom'), await moderates(here, 'Mo')]
  await here.does(ruth, renameMyself, { name: 'Naomi' })
  await here.does(ruth, changeProfile, { about: 'I keep bees.' })
  await here.does(tom, changeVisibility, { unseen: 'yes' })
  await here.does(tom, dismissWelcome, {})
  for (const words of ['Choir', 'Kitchen'])
    await here.does(admin, giveLabel, { member: ruth.member, words, symbol: '♥' })
  const first = labelsOf(here.ledger.cache(), ruth.member).find(({ words }) => words === 'Choir')
  await here.does(admin, takeLabel, { member: ruth.member, label: first?.id })
  await here.does(tom, keepApart, { name: 'Naomi' })
  await here.does(mo, keepOthersApart, { one: 'Naomi', other: 'Ada' })
  await here.does(mo, keepOthersApart, { one: 'Tom', other: 'Ada' })
  await here.does(mo, rejoinOthers, { one: tom.member, other: admin.member })
  const { prayer } = await here.does(ruth, postPrayer, { request: 'Please.', nameless: 'yes' })
  await here.does(mo, seeAuthor, { prayer, reason: 'Somebody worries.' })

  const { archive, cache } = here.options
  const path = reserveCache(join(cache, 'again'), here.ledger.schemaHash)
  const made = await rebuildWith(realDisk, catalogue.kinds)({ archive, path, now: here.now() }, {})
  const fresh = openReader(made.path)
  t.after(() => fresh.close())
  for (const table of tables)
    assert.deepEqual(digestTable(fresh, table), digestTable(here.ledger.cache(), table))
  assert.equal(memberById(fresh, ruth.member)?.name, 'Naomi')
  assert.deepEqual(
    labelsOf(fresh, ruth.member).map(({ words }) => words),
    ['Kitchen'],
  )
  for (const [one, other, may] of [
    [tom, ruth, false],
    [ruth, admin, false],
    [tom, admin, true],
  ] as const)
    assert.equal(mayMeet(fresh, one.member, other.member), may)
})

async function moderates(here: Community, name: string): Promise<Member> {
  const member = await here.joins(name)
  await here.does(operator, grantRole, { name, role: 'moderator' })
  return { ...member, roles: ['moderator'] }
}

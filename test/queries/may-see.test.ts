import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { perform } from '../../src/commands/command.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator, visitor } from '../../src/kernel/actor.ts'
import { maySee } from '../../src/queries/may-see.ts'
import { prayerById, prayerCard, recentPrayers } from '../../src/queries/prayers.ts'
import { type Audience, audiences } from '../../src/records/prayers.ts'
import { pairRejoined, pairSeparated } from '../../src/records/separations.ts'
import { type Community, community } from '../tools/community.ts'

/*
 * Who sees which request, three times: by the condition that every query has, by the question that every command asks, and
 * by the table as a person would say it.
 */

const names = ['Ruth', 'Boaz', 'Naomi', 'Orpah'] as const

interface Asked {
  readonly prayer: string
  readonly by: Member
  readonly sees: Audience
}

/** As the rule says it. */
function expected(reader: Member, { by, sees }: Asked, team: readonly string[], apart: readonly string[]) {
  if (apart.includes(`${reader.name} ${by.name}`) || apart.includes(`${by.name} ${reader.name}`)) return false
  if (sees === 'everyone' || reader.member === by.member) return true
  return sees === 'team' && team.includes(reader.name)
}

test('a request is seen by those it is for, and by nobody else, whichever way it is asked', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const people = [await here.joinsAsAdmin('Ruth')]
  for (const name of names.slice(1)) people.push(await here.joins(name))
  await here.does(operator, grantRole, { name: 'Boaz', role: 'team' })
  await here.does(operator, grantRole, { name: 'Naomi', role: 'moderator' })
  const asked: Asked[] = []
  for (const by of people)
    for (const sees of audiences)
      for (const nameless of sees === 'me' ? [''] : ['', 'yes']) {
        here.passes(61_000)
        const { prayer } = await here.does(by, postPrayer, { request: `For rain ${sees}`, sees, nameless })
        asked.push({ prayer, by, sees })
      }

  let differences = 0
  for (const apart of [[], ['Ruth Boaz'], ['Ruth Boaz', 'Naomi Orpah', 'Orpah Ruth']]) {
    for (const pair of apart) await separate(here, people, pair)
    for (const before of people) {
      const reader = asMember(here, before)
      const reading = here.reading(reader)
      const feed = [...recentPrayers(reading).cards].map(({ id }) => id)
      const older = recentPrayers(reading).older
      if (older) feed.push(...recentPrayers(reading, Number(older.split('=')[1])).cards.map(({ id }) => id))
      const shown = asked.filter((one) => expected(reader, one, ['Boaz'], apart)).map(({ prayer }) => prayer)
      assert.deepEqual(feed.sort(), shown.sort(), `the feed of ${reader.name}, apart: ${apart}`)
      for (const one of asked) {
        const isShown = shown.includes(one.prayer)
        const found = prayerById(reading.cache, one.prayer)
        assert.ok(found)
        assert.equal(prayerCard(reading, one.prayer) !== undefined, isShown)
        assert.equal(maySee(reading.cache, reading.keyring, reader, found), isShown)
        assert.ok(!maySee(reading.cache, reading.keyring, visitor, found))
        assert.ok(!maySee(reading.cache, reading.keyring, operator, found))
        differences += isShown ? 0 : 1
      }
    }
    for (const pair of apart) await rejoin(here, people, pair)
  }
  assert.ok(differences > 50, `${differences} times somebody saw less`)
})

test('words for fewer than everyone, and who asked without a name, stand nowhere in the text', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joins('Ruth')
  for (const sees of ['team', 'me'] as const)
    await here.does(ruth, postPrayer, {
      request: 'Only for some eyes',
      forWhom: 'Eleanor',
      consent: 'yes',
      sees,
    })
  const before = here.text().length
  const { prayer } = await here.does(ruth, postPrayer, { request: 'I am afraid.', nameless: 'yes' })
  assert.ok(!here.text().includes('Only for some eyes') && !here.text().includes('Eleanor'))
  const record = here.text().slice(before)
  assert.match(record, /^@\d+ \S+ prayer\.posted\/3 by=someone /)
  assert.ok(record.includes('| I am afraid.') && !record.includes(ruth.member))

  const card = prayerCard(here.reading(ruth), prayer)
  assert.deepEqual([card?.author, card?.isNameless, card?.isMine], [null, true, true])
  const tom = await here.joins('Tom')
  const seen = prayerCard(here.reading(tom), prayer)
  assert.deepEqual([seen?.author, seen?.isNameless, seen?.isMine], [null, true, false])
})

test('a request without a name never says its author, whatever anybody types', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joins('Ruth')
  const { ledger } = here
  await holdsAsync(fc.string({ minLength: 1, maxLength: 40 }), async (request) => {
    here.passes(61_000)
    const posted = perform(ledger.record, postPrayer, ruth, { request, nameless: 'yes' })
    await posted.catch(() => undefined)
  })
  const records = here.text().split(/^(?=@)/m)
  const nameless = records.filter((record) => /^@\S+ \S+ prayer\.posted\/3 by=someone/.test(record))
  assert.ok(nameless.length > 5)
  for (const record of nameless) assert.ok(!record.includes(ruth.member))
})

const asMember = (here: Community, { name, ...rest }: Member): Member => {
  const roles = here.ledger
    .cache()
    .sqlite.prepare('select role from roles where member = ?')
    .pluck()
    .all(rest.member) as Member['roles']
  return { ...rest, name, roles }
}

const pairOf = (people: readonly Member[], pair: string) => {
  const [one, other] = pair.split(' ').map((name) => people.find((person) => person.name === name)?.member)
  assert.ok(one && other)
  return { one, other }
}

const separate = (here: Community, people: readonly Member[], pair: string) =>
  here.ledger.record(() => ({
    drafts: [pairSeparated.of({ by: pairOf(people, pair).one, ...pairOf(people, pair) })],
    result: null,
  }))

const rejoin = (here: Community, people: readonly Member[], pair: string) =>
  here.ledger.record(() => ({
    drafts: [pairRejoined.of({ by: pairOf(people, pair).one, ...pairOf(people, pair) })],
    result: null,
  }))

const holdsAsync = async <Value>(values: fc.Arbitrary<Value>, law: (value: Value) => Promise<void>) => {
  for (const value of fc.sample(values, { numRuns: 20, seed: 7 })) await law(value)
}

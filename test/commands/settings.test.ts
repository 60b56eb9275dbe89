import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeSetting } from '../../src/commands/settings.ts'
import { operator, schedule, visitor } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { knownSettings, settingNames, settingsFrom } from '../../src/kernel/settings.ts'
import { settingNow, settingPage, settingsOf, settingsPage } from '../../src/queries/settings.ts'
import { type Community, community, refusal } from '../tools/community.ts'

const now = (here: Community) => settingsOf(here.ledger.cache())

test('what nobody has set is what its own words say, and each of those would be taken', async (t) => {
  const here = await community(t)
  assert.equal(now(here).community, 'ThyWill')
  assert.equal(now(here).applications, true)
  for (const name of settingNames) {
    const { value, byItself } = knownSettings[name]
    assert.ok(value.safeParse(byItself).success, name)
    assert.deepEqual(settingNow(here.ledger.cache(), name), { value: null, sequence: 0, set: null })
  }
})

test('the newest record counts, with who and when, and any that came before can be made so again', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  here.written()
  const change = (raw: object) => here.does(ruth, changeSetting, { setting: 'community', ...raw })
  await change({ value: '  St Mary ' })
  const first = settingNow(here.ledger.cache(), 'community')
  assert.deepEqual(first.set, { by: 'Ruth', at: here.now() })
  here.passes(1 * hours)
  await change({ value: 'St Peter' })
  assert.equal(now(here).community, 'St Peter')
  await change({ back: String(first.sequence) })
  assert.equal(now(here).community, 'St Mary')
  await change({ back: '0' })
  assert.equal(now(here).community, 'ThyWill')
  await change({ back: '0' })
  assert.deepEqual(
    here.written(),
    Array(4).fill(`setting.changed/1 by=${ruth.member} setting=community`),
    'what is so already is not written again',
  )
  assert.match(here.text(), /\| St Mary\n/)
})

test('what will not do is refused by a sentence at its field', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const bad: readonly [setting: string, value: string, sentence: RegExp][] = [
    ['community', '', /Write something/],
    ['community', 'x'.repeat(41), /at most 40/],
    ['community', 'St\nMary', /one line/],
    ['community', 'St\u202eMary\u0007', /invisible character/],
    ['timeZone', 'Mars/Olympus', /time zone/],
    ['timeZone', '+01:00', /time zone/],
    ['vouching', 'perhaps', /yes or no/],
    ['rules', 'x'.repeat(10_001), /at most 10,000/],
  ]
  for (const [setting, value, sentence] of bad) {
    const { fields } = await refusal('invalid', here.does(ruth, changeSetting, { setting, value }))
    assert.match(fields.value ?? '', sentence, `${setting}: ${value.slice(0, 20)}`)
  }
  await here.does(ruth, changeSetting, { setting: 'timeZone', value: 'Europe/Berlin' })
  assert.equal(now(here).timeZone, 'Europe/Berlin')
})

test('nobody sets what there is not, or goes back to a record of something else', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  await here.does(ruth, changeSetting, { setting: 'vouching', value: 'yes' })
  const { sequence } = settingNow(here.ledger.cache(), 'vouching')
  for (const raw of [
    { setting: 'passwords', value: 'yes' },
    { setting: 'toString', value: 'yes' },
    { setting: 'adminSaysYes', back: String(sequence) },
    { setting: 'vouching', back: String(sequence + 1) },
  ])
    await refusal('not-found', here.does(ruth, changeSetting, raw))
  await refusal('invalid', here.does(ruth, changeSetting, { setting: 'vouching', back: 'x' }))
})

test('only an admin who came in lately decides', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const tom = await here.joins('Tom')
  const raw = { setting: 'vouching', value: 'yes' }
  for (const actor of [tom, operator, schedule])
    await refusal('forbidden', here.does(actor, changeSetting, raw))
  await refusal('sign-in', here.does(visitor, changeSetting, raw))
  here.passes(13 * hours)
  await refusal('fresh', here.does(ruth, changeSetting, raw))
})

test('a value that a later version does not take any more is as if nobody had set it', () => {
  const texts = new Map([
    ['timeZone', 'Atlantis/Port'],
    ['community', 'St Mary'],
  ])
  const { timeZone, community } = settingsFrom(texts)
  assert.deepEqual([timeZone, community], ['UTC', 'St Mary'])
})

test('a cache made anew has every setting as it was, and its history', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const changes = [
    { setting: 'community', value: 'St Mary' },
    { setting: 'rules', value: 'Be kind.\n\n= not a closing line' },
    { setting: 'applications', value: 'no' },
    { setting: 'community', value: 'St Peter' },
    { setting: 'applications', back: '0' },
  ]
  for (const change of changes) await here.does(ruth, changeSetting, change)
  const all = () => [
    now(here),
    settingNames.map((name) => settingPage(here.ledger.cache(), name)),
    settingsPage(here.ledger.cache()),
  ]
  const before = all()
  const cache = here.ledger.cache()
  await here.ledger.rebuild()
  assert.notEqual(here.ledger.cache(), cache)
  assert.deepEqual(all(), before)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markPrayer, unmarkPrayer } from '../../src/commands/marks.ts'
import {
  answerPrayer,
  closePrayer,
  restPrayer,
  returnPrayer,
  withdrawPrayer,
} from '../../src/commands/prayer-states.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import type { Member } from '../../src/kernel/actor.ts'
import { days, earlier, hours, later, type Moment, minutes } from '../../src/kernel/moment.ts'
import { keyOf } from '../../src/kernel/stamp.ts'
import { prayerCard, prayerPage } from '../../src/queries/prayers.ts'
import { type Community, community, refusal } from '../tools/community.ts'

test('a mark counts as a time, and its person once', async (t) => {
  const { here, prayer, ruth, tom } = await asked(t)
  for (const member of [ruth, tom, ruth, ruth]) {
    here.passes(1 * minutes)
    await here.does(member, markPrayer, { prayer })
  }
  const { people, times } = cardOf(here, tom, prayer)
  assert.deepEqual({ people, times }, { people: 2, times: 4 })
})

test('the record of a mark is one line', async (t) => {
  const { here, prayer, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer })
  assert.deepEqual(here.written(), [`prayer.marked/1 by=${tom.member} prayer=${prayer}`])
})

test('nobody marks the same request twice within a minute, not in one batch either', async (t) => {
  const { here, prayer, ruth, tom } = await asked(t)
  const marked = here.does(tom, markPrayer, { prayer })
  await refusal('too-soon', here.does(tom, markPrayer, { prayer }))
  await marked
  await here.does(ruth, markPrayer, { prayer })
  here.passes(1 * minutes - 1)
  await refusal('too-soon', here.does(tom, markPrayer, { prayer }))
  here.passes(1)
  await here.does(tom, markPrayer, { prayer })
  assert.equal(here.written().length, 3)
})

test('another request may be marked at once', async (t) => {
  const { here, prayer, ruth, tom } = await asked(t)
  const other = await here.does(ruth, postPrayer, { request: 'And for my father.' })
  await here.does(tom, markPrayer, { prayer })
  await here.does(tom, markPrayer, other)
})

test('the same key twice is one mark, however soon or late', async (t) => {
  const { here, prayer, tom } = await asked(t)
  const raw = { prayer, key: 'key' }
  await Promise.all([here.does(tom, markPrayer, raw), here.does(tom, markPrayer, raw)])
  here.passes(2 * days)
  assert.deepEqual(await here.does(tom, markPrayer, raw), { prayer })
  assert.deepEqual(here.written(), [
    `prayer.marked/1 by=${tom.member} key=${keyOf(tom.member, 'key')} prayer=${prayer}`,
  ])
})

test('a mark that was undone does not come back with its key', async (t) => {
  const { here, prayer, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer, key: 'key' })
  await here.does(tom, unmarkPrayer, { prayer })
  await here.does(tom, markPrayer, { prayer, key: 'key' })
  assert.equal(cardOf(here, tom, prayer).times, 0)
})

test('the same key for another request, or for another kind of thing, is refused', async (t) => {
  const { here, prayer, tom } = await asked(t)
  const other = await here.does(tom, postPrayer, { request: 'And for me.', key: 'posted' })
  await here.does(tom, markPrayer, { prayer, key: 'key' })
  here.written()
  await refusal('conflict', here.does(tom, markPrayer, { ...other, key: 'key' }))
  await refusal('conflict', here.does(tom, markPrayer, { ...other, key: 'posted' }))
  assert.deepEqual(here.written(), [])
})

test('a mark may say that it happened earlier; its header keeps the time of writing', async (t) => {
  const { here, prayer, tom } = await asked(t)
  const happened = earlier(here.now(), 3 * hours)
  await here.does(tom, markPrayer, { prayer, prayedAt: happened })
  assert.deepEqual(here.written(), [`prayer.marked/1 by=${tom.member} at=${happened} prayer=${prayer}`])
  assert.match(here.text(), new RegExp(`${here.now()} prayer.marked/1 .* at=${happened}`))
})

test('a moment may be written with or without milliseconds, in any zone', async (t) => {
  const { here, prayer, tom } = await asked(t)
  for (const [prayedAt, at] of [
    ['2026-11-21T01:00:00Z', '2026-11-21T01:00:00.000Z'],
    ['2026-11-21T04:30:00.5+01:30', '2026-11-21T03:00:00.500Z'],
    ['2026-11-20T20:00:00.123456-08:00', '2026-11-21T04:00:00.123Z'],
  ]) {
    await here.does(tom, markPrayer, { prayer, prayedAt })
    assert.deepEqual(here.written(), [`prayer.marked/1 by=${tom.member} at=${at} prayer=${prayer}`])
  }
})

test('what is no moment, is to come or is long past is refused by its field', async (t) => {
  const { here, prayer, tom } = await asked(t)
  const now = here.now()
  for (const prayedAt of [
    'yesterday',
    '2026-11-21',
    '2026-11-21T01:00:00',
    '2026-11-21T01:00Z',
    '2026-02-30T01:00:00Z',
    '2026-11-21T25:00:00Z',
    `2026-11-21T01:00:00.${'0'.repeat(100)}Z`,
    ' 2026-11-21T01:00:00Z',
    '+010000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    later(now, 1),
    earlier(now, 30 * days + 1),
    1_795_000_000_000,
    null,
    ['2026-11-21T01:00:00Z'],
  ]) {
    const { fields } = await refusal('invalid', here.does(tom, markPrayer, { prayer, prayedAt }))
    assert.deepEqual(Object.keys(fields), ['prayedAt'], String(prayedAt))
  }
  assert.deepEqual(here.written(), [])
})

test('a moment 30 days ago counts still, and so does now', async (t) => {
  const { here, prayer, tom } = await asked(t)
  const longAgo = earlier(here.now(), 30 * days)
  await here.does(tom, markPrayer, { prayer, prayedAt: longAgo })
  await here.does(tom, markPrayer, { prayer, prayedAt: here.now() })
  here.passes(1 * minutes)
  await here.does(tom, markPrayer, { prayer, prayedAt: '' })
  assert.deepEqual(here.written(), [
    `prayer.marked/1 by=${tom.member} at=${longAgo} prayer=${prayer}`,
    `prayer.marked/1 by=${tom.member} prayer=${prayer}`,
    `prayer.marked/1 by=${tom.member} prayer=${prayer}`,
  ])
})

test('marks from offline keep a minute apart from each other, in whatever order they arrive', async (t) => {
  const { here, prayer, tom } = await asked(t)
  const at = (milliseconds: number): Moment => earlier(here.now(), 2 * days + milliseconds)
  const mark = (prayedAt: Moment) => here.does(tom, markPrayer, { prayer, prayedAt })
  await mark(at(0))
  await mark(at(10 * minutes))
  await mark(at(-1 * minutes))
  await mark(at(1 * minutes))
  for (const close of [1, -1, 59_999, -59_999, 10 * minutes + 30_000]) {
    await refusal('too-soon', mark(at(close)))
  }
  await here.does(tom, markPrayer, { prayer })
  assert.equal(cardOf(here, tom, prayer).times, 5)
})

test('praying counts as long as the page offers it: while people are asked to pray, and while it rests', async (t) => {
  const { here, prayer, ruth, tom } = await asked(t)
  const isCounted = async (reader: Member, raw: object = {}) => {
    here.passes(2 * minutes)
    const { mayMark } = cardOf(here, reader, prayer)
    const isWritten = await here.does(reader, markPrayer, { prayer, ...raw }).then(
      () => true,
      () => false,
    )
    return { mayMark, isWritten }
  }
  const counted = { mayMark: true, isWritten: true }
  const over = { mayMark: false, isWritten: false }
  assert.deepEqual(await isCounted(tom), counted)
  await here.does(ruth, restPrayer, { prayer })
  assert.deepEqual(await isCounted(tom), counted)
  const whileItRested = here.now()
  await here.does(ruth, answerPrayer, { prayer })
  assert.deepEqual(await isCounted(tom), over)
  await here.does(ruth, closePrayer, { prayer, outcome: 'waiting' })
  assert.deepEqual(await isCounted(tom), over)
  await refusal('invalid', here.does(tom, markPrayer, { prayer }))
  // Whoever was offline prayed before anybody said so.
  await here.does(tom, markPrayer, { prayer, prayedAt: earlier(whileItRested, 10 * minutes) })
  await here.does(ruth, withdrawPrayer, { prayer })
  assert.deepEqual(await isCounted(ruth), over)
  await here.does(ruth, returnPrayer, { prayer })
  assert.deepEqual(await isCounted(tom), counted)
})

test('what does not exist cannot be marked or unmarked', async (t) => {
  const { here, tom } = await asked(t)
  for (const prayer of ['p_0000000000000000', '', "p_' or 1=1", 'P_0', 'x'.repeat(100_000)]) {
    await refusal('not-found', here.does(tom, markPrayer, { prayer }))
    await refusal('not-found', here.does(tom, unmarkPrayer, { prayer }))
  }
  await refusal('invalid', here.does(tom, markPrayer, {}))
})

test('undo takes back the latest mark of one’s own and nobody else’s', async (t) => {
  const { here, prayer, ruth, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer })
  here.passes(5 * minutes)
  await here.does(tom, markPrayer, { prayer })
  await here.does(ruth, markPrayer, { prayer })
  const toms = [...here.text().matchAll(/^@(\d+) \S+ prayer\.marked\/1 by=(\S+)/gm)].filter(
    ([, , by]) => by === tom.member,
  )
  const sequence = toms.at(-1)?.[1]
  assert.equal(toms.length, 2)
  here.written()

  await here.does(tom, unmarkPrayer, { prayer })
  const last = Number(sequence) + 1
  assert.deepEqual(here.written(), [
    `prayer.unmarked/2 by=${tom.member} prayer=${prayer} mark=${sequence} last=${last}`,
  ])
  const { people, times } = cardOf(here, tom, prayer)
  assert.deepEqual({ people, times }, { people: 2, times: 2 })
})

test('the latest mark is the one written last, whenever it happened', async (t) => {
  const { here, prayer, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer })
  await here.does(tom, markPrayer, { prayer, prayedAt: earlier(here.now(), 3 * days) })
  await here.does(tom, unmarkPrayer, { prayer })
  await refusal('too-soon', here.does(tom, markPrayer, { prayer }))
})

test('undo sent twice undoes once', async (t) => {
  const { here, prayer, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer })
  here.passes(1 * minutes)
  await here.does(tom, markPrayer, { prayer })
  const { undo } = cardOf(here, tom, prayer)
  assert.ok(undo)
  await here.does(tom, unmarkPrayer, { prayer, mark: String(undo) })
  await here.does(tom, unmarkPrayer, { prayer, mark: String(undo) })
  assert.equal(cardOf(here, tom, prayer).times, 1)
})

test('after an hour a mark stays', async (t) => {
  const { here, prayer, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer })
  here.passes(1 * hours - 1)
  assert.notEqual(cardOf(here, tom, prayer).undo, null)
  here.passes(1)
  assert.equal(cardOf(here, tom, prayer).undo, null)
  await refusal('invalid', here.does(tom, unmarkPrayer, { prayer }))
})

test('where one has not prayed there is nothing to undo', async (t) => {
  const { here, prayer, ruth, tom } = await asked(t)
  await here.does(ruth, markPrayer, { prayer })
  await refusal('invalid', here.does(tom, unmarkPrayer, { prayer }))
})

test('undoing in a minute makes room for a mark in that minute', async (t) => {
  const { here, prayer, tom } = await asked(t)
  await here.does(tom, markPrayer, { prayer })
  await here.does(tom, unmarkPrayer, { prayer })
  assert.deepEqual(prayerPage(here.reading(tom), prayer)?.card.times, 0)
  await here.does(tom, markPrayer, { prayer })
  assert.equal(cardOf(here, tom, prayer).times, 1)
})

/** Ruth has asked for prayer, and Tom is here. */
async function asked(t: Parameters<typeof community>[0]) {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const tom = await here.joins('Tom')
  const { prayer } = await here.does(ruth, postPrayer, { request: 'Please pray for my mother.' })
  here.written()
  return { here, ruth, tom, prayer }
}

function cardOf(here: Community, reader: Member, prayer: string) {
  const card = prayerCard(here.reading(reader), prayer)
  assert.ok(card)
  return card
}

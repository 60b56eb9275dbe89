import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postPrayer } from '../../src/commands/prayers.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { lapseChore } from '../../src/jobs/lapses.ts'
import { isDue } from '../../src/jobs/nightly.ts'
import { schedule } from '../../src/kernel/actor.ts'
import { lastAtHour } from '../../src/kernel/local-hours.ts'
import { days, hours, later, millisecondsOf, minutes, momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { requestNow } from '../../src/queries/requests.ts'
import { prayerRenewed } from '../../src/records/prayer-states.ts'
import { community } from '../tools/community.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
  'Asia/Kathmandu',
  'Africa/Casablanca',
]

test('the hour at which requests lapse comes once on every day of every zone, also when clocks are set', () => {
  const hourIn = (zone: string, moment: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(
      millisecondsOf(moment),
    )
  const dateIn = (zone: string, moment: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(millisecondsOf(moment))
  for (const zone of zones) {
    const seen = new Map<string, string>()
    const first = millisecondsOf('2026-01-01T00:30:00.000Z')
    for (let now = first; now < first + 370 * days; now += 5 * hours + 7 * minutes) {
      const at = lastAtHour(momentOf(now), zone, 4)
      const age = now - millisecondsOf(at)
      assert.ok(age >= 0 && age <= 25 * hours, `${zone}: ${at} was ${age} before ${momentOf(now)}`)
      assert.equal(hourIn(zone, at), '04:00', `${zone}: ${at}`)
      const known = seen.get(dateIn(zone, at))
      assert.ok(known === undefined || known === at, `${zone}: twice on one day, ${known} and ${at}`)
      seen.set(dateIn(zone, at), at)
    }
    assert.ok(seen.size >= 369, `${zone}: ${seen.size} days`)
  }
})

test('a request rests at four in the morning where the community lives, the night after it lapsed, and never before', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  await here.does(ruth, changeSetting, { setting: 'timeZone', value: 'America/New_York' })
  const source = { ...world, now: () => millisecondsOf(here.now()) }
  const { cache, record } = here.ledger
  const chore = () => lapseChore({ cache, record, source }).rests
  let nightly = chore()
  const due = () => isDue(source.now(), nightly.last(), undefined)
  const until = (moment: string) => here.passes(millisecondsOf(moment) - millisecondsOf(here.now()))

  const { prayer } = await here.does(ruth, postPrayer, { request: 'Please pray.' })
  // The evening before clocks are set forward there: the night of 14 March 2027 has no two o'clock.
  await here.ledger.record(() => ({
    drafts: [prayerRenewed.of({ by: ruth.member, prayer, lapsesAt: '2027-03-14T04:59:59.999Z' })],
    result: null,
  }))
  until('2027-03-14T07:59:00.000Z')
  assert.equal(due(), false, 'it is one minute to four there')
  nightly = chore()
  assert.equal(due(), false, 'a restart changes nothing')
  until('2027-03-14T08:00:00.000Z')
  assert.equal(due(), true, 'it is four there: clocks were set since')
  here.written()
  await nightly.run(schedule)
  assert.deepEqual(here.written(), [`prayer.rested/1 by=schedule prayer=${prayer}`])
  assert.equal(requestNow(cache(), prayer)?.state, 'resting')
  nightly = chore()
  assert.equal(due(), false)
  await nightly.run(schedule)
  assert.deepEqual(here.written(), [], 'nothing rests twice')
})

test('all that has lapsed rests, however much it is and however long the site stood still, and those who write come in between', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joins('Ruth')
  const source = { ...world, now: () => millisecondsOf(here.now()) }
  const { cache, record } = here.ledger
  const lapsesAt = later(here.now(), 14 * days)
  const many: string[] = []
  for (let count = 0; count < 120; count++)
    many.push((await here.does(ruth, postPrayer, { request: 'Please pray.' })).prayer)
  const locked = (await here.does(ruth, postPrayer, { request: 'Mine.', sees: 'me' })).prayer
  const kept = (await here.does(ruth, postPrayer, { request: 'Until I close it.' })).prayer
  await here.ledger.record(() => ({
    drafts: [
      ...[...many, locked].map((prayer) => prayerRenewed.of({ by: ruth.member, prayer, lapsesAt })),
      prayerRenewed.of({ by: ruth.member, prayer: kept }),
    ],
    result: null,
  }))
  here.passes(200 * days)
  const { rests } = lapseChore({ cache, record, source })
  here.written()
  const resting = rests.run(schedule)
  const wrote = await here.does(ruth, postPrayer, { request: 'Meanwhile.' })
  await resting
  const written = here.written()
  const place = written.findIndex((header) => header.includes(wrote.prayer))
  assert.ok(place >= 0 && place < 120, `nobody waited for all of them: ${place}`)
  for (const prayer of many) assert.equal(requestNow(cache(), prayer)?.state, 'resting')
  for (const prayer of [locked, kept]) assert.equal(requestNow(cache(), prayer)?.state, 'open')
})

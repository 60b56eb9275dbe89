import assert from 'node:assert/strict'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { markPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import type { Member } from '../../src/kernel/actor.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { lately } from '../../src/queries/lately.ts'
import { prayerCard, prayerPage, recentPrayers } from '../../src/queries/prayers.ts'
import { type Community, community } from '../tools/community.ts'

test('the feed is newest first, twenty a page, and every request stands on one page', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const posted = await postsMany(here, ruth, 45)

  const pages = [feed(here, ruth)]
  for (let older = pages[0]?.older; older; older = pages.at(-1)?.older) {
    assert.match(older, /^\/feed\?before=\d+$/)
    pages.push(feed(here, ruth, Number(older.split('=')[1])))
  }
  assert.deepEqual(
    pages.map(({ cards, isNewest }) => [cards.length, isNewest]),
    [
      [20, true],
      [20, false],
      [5, false],
    ],
  )
  assert.deepEqual(
    pages.flatMap(({ cards }) => cards.map(({ id }) => id)),
    posted.reverse(),
  )
})

test('a full last page has nothing older', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await postsMany(here, ruth, 20)
  const { cards, older } = feed(here, ruth)
  assert.equal(cards.length, 20)
  assert.equal(older, null)
})

test('a page that begins above everything is the newest, and one below everything is empty', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  assert.deepEqual(feed(here, ruth), { cards: [], isNewest: true, older: null })
  await postsMany(here, ruth, 3)
  assert.deepEqual(feed(here, ruth, Number.MAX_SAFE_INTEGER), feed(here, ruth))
  assert.deepEqual(feed(here, ruth, 1), { cards: [], isNewest: false, older: null })
})

test('a card counts people and times, and knows whose it is and what its reader may do', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const raw = { request: 'Please pray.', forWhom: 'Mary' }
  const { prayer } = await here.does(ruth, postPrayer, { ...raw, consent: 'yes', lasts: 'open' })
  const postedAt = here.now()
  await here.does(ruth, markPrayer, { prayer })
  here.passes(1 * minutes)
  await here.does(ruth, markPrayer, { prayer })
  await here.does(tom, markPrayer, { prayer })

  const forAll = { isNameless: false, isShut: false, sees: 'everyone' } as const
  const card = {
    id: prayer,
    author: 'Ruth',
    profile: ruth.member,
    labels: [],
    postedAt,
    changedAt: null,
    topic: 'other' as const,
    day: null,
    lapsesAt: null,
    isLapsing: false,
    state: 'open' as const,
    stateAt: postedAt,
    outcome: null,
    ending: null,
    update: null,
    isFollowed: false,
    ...raw,
    ...forAll,
    people: 2,
    times: 3,
  }
  const last = here.now()
  const toTom = { isMine: false, mayEncourage: true, mine: { times: 1, last } }
  const toRuth = { isMine: true, mayEncourage: false, mine: { times: 2, last } }
  const look = (reader: Member) => prayerCard(here.reading(reader), prayer)
  const justNow = { mayMark: false, markedJustNow: true }
  const toms = here.ledger.head().sequence
  assert.deepEqual(look(tom), { ...card, ...toTom, ...justNow, undo: toms })
  assert.deepEqual(look(ruth), { ...card, ...toRuth, ...justNow, undo: toms - 1 })
  here.passes(1 * minutes)
  assert.deepEqual(look(tom), { ...card, ...toTom, mayMark: true, markedJustNow: false, undo: toms })
  here.passes(1 * hours)
  assert.deepEqual(look(tom), { ...card, ...toTom, mayMark: true, markedJustNow: false, undo: null })
  assert.deepEqual(feed(here, tom).cards, [look(tom)])
})

test("what one person has prayed is not another's", async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const { prayer } = await here.does(ruth, postPrayer, { request: 'Please pray.' })
  await here.does(ruth, markPrayer, { prayer })
  const card = prayerCard(here.reading(tom), prayer)
  assert.deepEqual([card?.times, card?.mayMark, card?.undo], [1, true, null])
})

test('only the author sees who prayed, latest first', async (t) => {
  const here = await community(t)
  const [ruth, tom, ann] = [await here.joins('Ruth'), await here.joins('Tom'), await here.joins('Ann')]
  const { prayer } = await here.does(ruth, postPrayer, { request: 'Please pray.' })
  for (const member of [tom, ann, tom, ann, tom]) {
    here.passes(1 * minutes)
    await here.does(member, markPrayer, { prayer })
  }
  const page = (reader: Member) => prayerPage(here.reading(reader), prayer)
  assert.deepEqual(page(ruth)?.prayedBy, [
    { name: 'Tom', isUnseen: false, times: 3 },
    { name: 'Ann', isUnseen: false, times: 2 },
  ])
  assert.equal(page(tom)?.prayedBy, null)
  assert.deepEqual([page(tom)?.card.people, page(tom)?.card.times], [2, 5])
})

test('a request is just shared for a minute, to whoever shared it', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const { prayer } = await here.does(ruth, postPrayer, { request: 'Please pray.' })
  const isJustShared = (reader: Member) => prayerPage(here.reading(reader), prayer)?.isJustShared
  assert.deepEqual([isJustShared(ruth), isJustShared(tom)], [true, false])
  here.passes(1 * minutes)
  assert.equal(isJustShared(ruth), false)
})

test('what does not exist has no page and no card', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  for (const prayer of ['p_0000000000000000', '', "' or 1=1 --", 'x'.repeat(100_000)]) {
    assert.equal(prayerPage(here.reading(ruth), prayer), undefined)
    assert.equal(prayerCard(here.reading(ruth), prayer), undefined)
  }
})

test('the feed and a card are found by indexes, however much there is', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const [prayer = ''] = await postsMany(here, ruth, 21)
  await here.does(ruth, markPrayer, { prayer })

  using cache = watched(here)
  const reading = { ...here.reading(ruth), cache }
  assert.equal(recentPrayers(reading).cards.length, 20)
  const first = cache.asked.splice(0)
  await undefined
  recentPrayers(reading)
  assert.equal(cache.asked.length, 1, 'whether all of it is kept')
  assert.ok(prayerCard(reading, prayer)?.undo)
  assert.equal(cache.asked.length, 3, 'the card, the mark of its reader')
  cache.asked.push(...first)
  // What the community has decided is a few rows, and kept until something is committed.
  const aboutRequests = cache.asked.filter((query) => !query.includes('from "settings"'))
  const steps = aboutRequests.flatMap((query) =>
    cache.sqlite.prepare<[], { detail: string }>(`explain query plan ${query}`).all(),
  )
  assert.equal(steps.filter(({ detail }) => detail.includes('marks_prayer_member')).length, 4)
  // What is given as a list is read from its start to its end.
  for (const { detail } of steps)
    assert.doesNotMatch(detail, /SCAN (?!(each|json_each) VIRTUAL TABLE)|TEMP B-TREE/)
})

test('what happened lately is found from a place in the archive on, however long the past is', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await postsMany(here, ruth, 2)
  using cache = watched(here)
  lately({ ...here.reading(ruth), cache })
  const plans = cache.asked
    .filter((query) => /limit 21/.test(query))
    .map((query) =>
      cache.sqlite
        .prepare<[], { detail: string }>(`explain query plan ${query}`)
        .all()
        .map(({ detail }) => detail),
    )
  assert.equal(plans.length, 3)
  for (const plan of plans) {
    assert.ok(
      plan.some((step) => /(rowid|sequence|stateIn)>\?/.test(step)),
      plan.join('\n'),
    )
    for (const step of plan) assert.doesNotMatch(step, /SCAN (?!json_each)/)
  }
})

test('the newest page is read again as soon as something was committed, and not before', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const [, second = ''] = await postsMany(here, ruth, 2)
  using cache = watched(here)
  const pagesRead = () => cache.asked.splice(0).filter((query) => query.includes('prayer_counts')).length
  const look = (reader: Member) => recentPrayers({ ...here.reading(reader), cache }).cards

  look(ruth)
  assert.equal(pagesRead(), 1)
  assert.deepEqual([look(ruth)[0]?.isMine, look(tom)[0]?.isMine], [true, false])
  assert.equal(pagesRead(), 0)

  await here.does(tom, markPrayer, { prayer: second })
  assert.deepEqual([look(ruth)[0]?.people, look(ruth)[0]?.markedJustNow], [1, false])
  assert.deepEqual([look(tom)[0]?.people, look(tom)[0]?.markedJustNow], [1, true])
  assert.equal(pagesRead(), 1)
})

/** A reader of this community's cache that writes down what it asks. */
function watched(here: Community) {
  const asked: string[] = []
  const { name } = here.ledger.cache().sqlite
  const sqlite = new Database(name, { readonly: true, verbose: (sql) => asked.push(String(sql)) })
  return { sqlite, db: drizzle(sqlite), asked, [Symbol.dispose]: () => void sqlite.close() }
}

const feed = (here: Community, reader: Member, before?: number) => recentPrayers(here.reading(reader), before)

async function postsMany(here: Community, author: Member, count: number) {
  const posted = Array.from({ length: count }, (_, number) =>
    here.does(author, postPrayer, { request: `Please pray ${number}.` }),
  )
  return (await Promise.all(posted)).map(({ prayer }) => prayer)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Reading } from '../../src/cache/reading.ts'
import type { Member } from '../../src/kernel/actor.ts'
import { feedAddressed } from '../../src/queries/feeds/addresses.ts'
import { type FeedName, feedNames } from '../../src/queries/feeds/kinds.ts'
import { feedPage } from '../../src/queries/feeds.ts'
import type { FeedPage } from '../../src/queries/pages/feeds.ts'
import { prayerMarked } from '../../src/records/marks.ts'
import { type Topic, topics } from '../../src/records/prayers.ts'
import { type Community, community } from '../tools/community.ts'
import { holdsSlowly } from '../tools/laws.ts'
import { asks, expected, happens, marksIn, people, stories } from './feeds.ts'

test('each feed, page after page, has what its rule says, and says how many that are', async (t) => {
  let several = 0
  await holdsSlowly(
    fc.asyncProperty(stories, async (story) => {
      const here = await community(t)
      const all = await people(here)
      const authors = await happens(here, all, story)
      for (const reader of all) {
        const rules = expected(here, authors, reader)
        for (const feed of feedNames) {
          const wanted = rules[feed].map(({ id }) => id)
          const pages = await read(here, reader, feed)
          assert.deepEqual(idsOn(pages), wanted, `${feed} of ${reader.name}`)
          for (const { tabs } of pages)
            assert.equal(tabs[feedNames.indexOf(feed)]?.count, Math.min(wanted.length, 100), feed)
          several += pages.length > 1 ? 1 : 0
        }
      }
    }),
    6,
  )
  assert.ok(several > 20, `${several} feeds had more than one page`)
})

test('a topic leaves of each feed what has it, in the same order', async (t) => {
  await holdsSlowly(
    fc.asyncProperty(stories, fc.constantFrom(...topics), async (story, topic) => {
      const here = await community(t)
      const all = await people(here)
      const authors = await happens(here, all, story)
      for (const reader of all.slice(0, 2)) {
        const rules = expected(here, authors, reader)
        for (const feed of feedNames) {
          const wanted = rules[feed].filter((row) => row.topic === topic)
          assert.deepEqual(
            idsOn(await read(here, reader, feed, topic)),
            wanted.map(({ id }) => id),
            feed,
          )
        }
      }
    }),
    3,
  )
})

test('while people pray and ask, whoever reads on finds nothing twice and misses nothing that was there', async (t) => {
  const marking = fc.array(fc.tuple(fc.nat(4), fc.nat(200)), { minLength: 30, maxLength: 60 })
  let moved = 0
  await holdsSlowly(
    fc.asyncProperty(stories, marking, async (story, later) => {
      const here = await community(t)
      const all = await people(here)
      const [reader] = all
      assert.ok(reader)
      const authors = await happens(here, all, { ...story, becomes: [], apart: [] })
      for (const feed of ['new', 'waiting', 'unprayed', 'prayed'] as const) {
        const before: readonly string[] = expected(here, authors, reader)[feed].map(({ id }) => id)
        const start = here.ledger.head().sequence
        const marks = [...later]
        const goesOn = () => prayAndAsk(here, all, [...authors.keys()], marks.splice(0, 12))
        const shown = idsOn(await read(here, reader, feed, null, goesOn))
        const prayedFor = new Set(
          marksIn(here)
            .filter(({ sequence }) => sequence > start)
            .map(({ prayer }) => prayer),
        )
        assert.deepEqual(
          shown,
          before.filter((id) => shown.includes(id)),
          feed,
        )
        // What somebody prayed for meanwhile waits no longer.
        const missed = before.filter((id) => !shown.includes(id))
        assert.ok(
          missed.every((id) => feed === 'waiting' && prayedFor.has(id)),
          feed,
        )
        moved += prayedFor.size
      }
    }),
    4,
  )
  assert.ok(moved > 40, `${moved} requests were prayed for meanwhile`)
})

/** Some pray, and somebody asks for something more. */
const prayAndAsk = (
  here: Community,
  all: readonly Member[],
  prayers: readonly string[],
  marks: readonly (readonly [number, number])[],
) =>
  here.ledger.record((_cache, stamp) => ({
    drafts: [
      ...marks.map(([by, what]) =>
        prayerMarked.of({ by: all[by]?.member ?? '', prayer: prayers[what % prayers.length] ?? '' }),
      ),
      asks(stamp, here, new Map(), {
        ...{ by: all[1]?.member ?? '', sees: 'everyone', isNameless: false },
        ...{ topic: undefined, inDays: undefined },
      }),
    ],
    result: undefined,
  }))

test('every feed walks along its index, however many requests and prayers there are', async (t) => {
  const here = await community(t)
  const [reader] = await people(here)
  assert.ok(reader)
  const { sqlite } = here.ledger.cache()
  const asked = new Set<string>()
  const prepares = sqlite.prepare
  t.mock.method(sqlite, 'prepare', (text: string) => {
    asked.add(text)
    return Reflect.apply(prepares, sqlite, [text])
  })
  for (const feed of feedNames)
    for (const topic of [null, 'health'] as const) await read(here, reader, feed, topic)
  const plans = [...asked]
    .filter((text) => /^select/i.test(text) && /limit (21|100)/.test(text))
    .map((text) => ({ text, plan: planOf(sqlite, text) }))
  assert.ok(plans.length >= 2 * feedNames.length + 7, `${plans.length} queries`)
  for (const { text, plan } of plans) {
    const reading = plan.filter((step) =>
      /^SCAN (?!each|json_each|mine|focus|\(subquery|some|own|CONSTANT)/.test(step),
    )
    assert.deepEqual(reading, [], text)
    // Of one page, of the few that are in focus, and of what one person asked the order may be made afterwards.
    const isSmall = /"focus"|as mine|"id" in \(select value from json_each\(\+\?\)\) order/.test(text)
    if (!isSmall) assert.ok(!plan.some((step) => /TEMP B-TREE/.test(step)), `${text}\n${plan.join('\n')}`)
  }
})

const planOf = (sqlite: Reading['sqlite'], text: string) => {
  const places = (text.match(/\?/g) ?? []).map(() => null)
  const steps = sqlite.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...places)
  return steps.map(({ detail }) => detail)
}

/** The pages of a feed, one after the other, by their addresses; `between` happens before each next one. */
async function read(
  here: Community,
  reader: Member,
  feed: FeedName,
  topic: Topic | null = null,
  between?: () => Promise<unknown>,
): Promise<FeedPage[]> {
  const pages: FeedPage[] = []
  let next: string | null | undefined = `/feed?tab=${feed}${topic === null ? '' : `&topic=${topic}`}`
  while (next) {
    const query = Object.fromEntries(new URL(next, 'https://here.example').searchParams)
    const address = feedAddressed(query)
    assert.ok(address, next)
    const page = feedPage(here.reading(reader), address)
    pages.push(page)
    next = page.older
    if (next) await between?.()
  }
  return pages
}

const idsOn = (pages: readonly FeedPage[]) =>
  pages.flatMap(({ fresh, cards }) => [...fresh, ...cards].map(({ id }) => id))

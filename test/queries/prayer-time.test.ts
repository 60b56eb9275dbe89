import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { markPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator } from '../../src/kernel/actor.ts'
import { days, hours } from '../../src/kernel/moment.ts'
import { roundFor, stepAt } from '../../src/queries/prayer-time.ts'
import { prayerCard } from '../../src/queries/prayers.ts'
import { prayerMarked } from '../../src/records/marks.ts'
import { prayerRested, prayerReturned, prayerWithdrawn } from '../../src/records/prayer-states.ts'
import { prayerPosted } from '../../src/records/prayers.ts'
import { pairRejoined, pairSeparated } from '../../src/records/separations.ts'
import { type Community, community } from '../tools/community.ts'

const whatHappens = [
  ...(['asked', 'asked', 'asked', 'asked', 'marked', 'marked', 'marked'] as const),
  ...(['withdrawn', 'rested', 'returned', 'apart', 'together', 'together', 'passes'] as const),
] as const

/** What may happen in a community, between two steps as well; the numbers choose whom and what. */
const happening = fc.record({
  what: fc.constantFrom(...whatHappens),
  who: fc.nat(3),
  which: fc.nat(60),
  sees: fc.constantFrom('everyone', 'everyone', 'team', 'me'),
  day: fc.constantFrom(undefined, '2026-11-21', '2026-11-22', '2026-11-24', '2026-11-25'),
} as const)
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never

interface Asked {
  readonly prayer: string
  readonly sequence: number
  readonly by: number
  readonly sees: string
  readonly day: string | undefined
  state: 'open' | 'resting' | 'withdrawn'
}

interface Mark {
  readonly prayer: string
  readonly by: number
  readonly sequence: number
}

/** The community as anybody would keep it in a notebook. */
interface Notebook {
  readonly people: readonly Member[]
  readonly asked: Asked[]
  readonly marks: Mark[]
  readonly apart: Set<string>
}

const reader = 0

const pairOf = (one: number, other: number) => [one, other].sort().join(' ')

const sees = ({ apart }: Notebook, { by, sees, state }: Asked) =>
  !apart.has(pairOf(reader, by)) &&
  state !== 'withdrawn' &&
  (sees === 'everyone' || by === reader || sees === 'team')

/** The rule, slowly. */
function fairOrder(notebook: Notebook, count: number): number[] {
  const { asked, marks } = notebook
  const last = (one: Asked, by?: number) =>
    Math.max(
      0,
      ...marks
        .filter((mark) => mark.prayer === one.prayer && (by ?? mark.by) === mark.by)
        .map(({ sequence }) => sequence),
    )
  const isSoon = ({ day }: Asked) => day !== undefined && day >= '2026-11-22' && day <= '2026-11-24'
  const rank = (one: Asked): (number | string)[] => {
    if (isSoon(one)) return [0, one.day ?? '', last(one), one.sequence]
    if (last(one) === 0) return [1, one.sequence]
    return last(one, reader) === 0 ? [2, last(one), one.sequence] : [3, last(one, reader)]
  }
  return asked
    .filter((one) => sees(notebook, one) && one.by !== reader && one.sees !== 'me' && one.state === 'open')
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .slice(0, count)
    .map(({ one }) => one.sequence)
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((value, place) => value !== b[place])
  if (at < 0) return 0
  return (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}

/** Has it happen here and in the notebook. */
async function happens(here: Community, notebook: Notebook, { what, who, which, sees, day }: Happening) {
  const { people, asked, marks, apart } = notebook
  const by = people[who]?.member ?? ''
  const other = people[(who + 1 + (which % 3)) % 4]?.member ?? ''
  const pair = pairOf(who, (who + 1 + (which % 3)) % 4)
  const one = asked[which % Math.max(1, asked.length)]
  const write = (draft: (prayer: string) => ReturnType<typeof prayerMarked.of>) =>
    here.ledger.record((_cache, stamp) => {
      const prayer = one && what !== 'asked' ? one.prayer : stamp.id('prayer')
      return { drafts: [draft(prayer)], result: prayer }
    })
  if (what === 'passes') here.passes(1 * hours)
  else if (what === 'asked') {
    const prayer = await write((prayer) => prayerPosted.of({ by, prayer, sees, day, request: 'Please.' }))
    asked.push({ prayer, sequence: here.ledger.head().sequence, by: who, sees, day, state: 'open' })
  } else if (what === 'apart') {
    if (apart.has(pair)) return
    await write(() => pairSeparated.of({ by, one: by, other }))
    apart.add(pair)
  } else if (what === 'together') {
    await here.ledger.record(() => ({
      drafts: [
        pairRejoined.of({ by, one: by, other }),
        pairRejoined.of({ by: other, one: other, other: by }),
      ],
      result: null,
    }))
    apart.delete(pair)
  } else if (!one) return
  else if (what === 'marked') {
    await write((prayer) => prayerMarked.of({ by, prayer }))
    marks.push({ prayer: one.prayer, by: who, sequence: here.ledger.head().sequence })
  } else if (one.state === 'withdrawn') return
  else if (what === 'withdrawn') {
    await write((prayer) => prayerWithdrawn.of({ by, prayer }))
    one.state = 'withdrawn'
  } else if (what === 'rested') {
    await write((prayer) => prayerRested.of({ by, prayer }))
    one.state = 'resting'
  } else {
    await write((prayer) => prayerReturned.of({ by, prayer }))
    one.state = 'open'
  }
}

test('prayer time begins in the fair order, and whatever happens meanwhile repeats nothing and skips nothing that is still seen', async (t) => {
  const here = await community(t)
  const people = [
    await here.joins('Ruth'),
    await here.joins('Boaz'),
    await here.joins('Naomi'),
    await here.joins('Orpah'),
  ]
  await here.does(operator, grantRole, { name: 'Ruth', role: 'team' })
  const [ruth] = people
  assert.ok(ruth)
  const me: Member = { ...ruth, roles: ['team'] }
  const notebook: Notebook = { people, asked: [], marks: [], apart: new Set() }
  let passedOver = 0
  let steps = 0
  const histories = fc.sample(
    fc.tuple(
      fc.array(happening, { minLength: 5, maxLength: 25 }),
      fc.array(fc.array(happening, { maxLength: 4 }), { minLength: 21, maxLength: 21 }),
    ),
    { numRuns: 25, seed: 11 },
  )
  for (const [before, meanwhile] of histories) {
    for (const one of before) await happens(here, notebook, one)
    const count = [5, 10, 20][before.length % 3] ?? 5
    const round = roundFor({ ...here.reading(me), now: '2026-11-22T12:00:00.000Z' }, count)
    assert.deepEqual(round.order, fairOrder(notebook, count))
    const shown: number[] = []
    let place: number = 1
    for (const events of meanwhile) {
      const step: ReturnType<typeof stepAt> = stepAt(here.reading(me), round, place)
      const skipped: readonly number[] = round.order.slice(place - 1, step ? step.place - 1 : undefined)
      for (const sequence of skipped) {
        const one = notebook.asked.find((asked) => asked.sequence === sequence)
        assert.ok(one && !sees(notebook, one), 'only what is not seen any more is passed over')
        passedOver += 1
      }
      if (!step) break
      const one = notebook.asked.find(({ prayer }) => prayer === step.card.id)
      assert.ok(one && sees(notebook, one) && one.sequence === round.order[step.place - 1])
      assert.ok(!shown.includes(one.sequence), 'nothing comes twice')
      shown.push(one.sequence)
      steps += 1
      place = step.place + 1
      for (const event of events) await happens(here, notebook, event)
    }
    assert.ok(stepAt(here.reading(me), round, round.order.length + 1) === undefined)
  }
  assert.ok(steps > 100 && passedOver > 10, `${steps} steps, ${passedOver} passed over`)
})

test("one's own requests and those for oneself alone are in nobody's prayer time; those without a name are", async (t) => {
  const here = await community(t)
  await here.namesKey()
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  await here.does(ruth, postPrayer, { request: 'Mine.', nameless: 'yes' })
  await here.does(ruth, postPrayer, { request: 'For me.', sees: 'me' })
  const nameless = await here.does(tom, postPrayer, { request: 'Please.', nameless: 'yes' })
  const { order } = roundFor(here.reading(ruth), 5)
  assert.equal(order.length, 1)
  const step = stepAt(here.reading(ruth), { begun: here.now(), order }, 1)
  assert.equal(step?.card.id, nameless.prayer)
  assert.ok(prayerCard(here.reading(ruth), nameless.prayer)?.isNameless)
  await here.does(ruth, markPrayer, nameless)
  here.passes(1 * days)
  assert.equal(roundFor(here.reading(ruth), 5).order.length, 1, 'what one has prayed for comes again')
})

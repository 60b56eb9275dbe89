import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { flagPrayer } from '../../src/commands/flags.ts'
import {
  answerPrayer,
  closePrayer,
  extendPrayer,
  renewPrayer,
  restPrayer,
  returnPrayer,
  withdrawPrayer,
} from '../../src/commands/prayer-states.ts'
import { changePrayer, updatePrayer } from '../../src/commands/prayer-words.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator } from '../../src/kernel/actor.ts'
import { days, hours, later, minutes } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { earlierWords } from '../../src/queries/becoming.ts'
import { lapsingSoon } from '../../src/queries/lapses.ts'
import { noticesPage } from '../../src/queries/notices.ts'
import { prayerCard, prayerPage } from '../../src/queries/prayers.ts'
import { requestNow } from '../../src/queries/requests.ts'
import { prayerRenewed } from '../../src/records/prayer-states.ts'
import { type Outcome, outcomes, type PrayerState } from '../../src/records/prayers.ts'
import { type Community, community, refusal } from '../tools/community.ts'
import { holdsAsync } from '../tools/laws.ts'

/*
 * What becomes of a request: by the commands, and as a person would say who may do what, and what it is afterwards.
 */

type Kind = 'everyone' | 'nameless' | 'team' | 'me'
const kinds: readonly Kind[] = ['everyone', 'nameless', 'team', 'me']
const people = ['Ruth', 'Boaz', 'Naomi', 'Orpah'] as const
type Person = (typeof people)[number]
const deeds = 'rest withdraw return answer close change update renew extend flag'.split(' ')

interface Deed {
  readonly who: Person
  readonly kind: Kind
  readonly deed: string
  readonly outcome: Outcome
  readonly words: string
}

interface Stands {
  state: PrayerState
  outcome: Outcome | null
}

/** Ruth asks; Boaz is of the team, Naomi a moderator, Orpah a member like others. */
function expected({ who, kind, deed, outcome }: Deed, now: Stands): string | Stands {
  const isMine = who === 'Ruth'
  const sees = isMine || (now.state !== 'withdrawn' && (kind === 'team' ? who === 'Boaz' : kind !== 'me'))
  if (deed === 'extend' && who !== 'Naomi') return 'forbidden'
  if (!sees) return 'not-found'
  if (deed === 'flag') return isMine ? 'invalid' : now
  if (!isMine && deed !== 'extend') return 'forbidden'
  const so = (state: PrayerState, end: Outcome | null = null): Stands => ({ state, outcome: end })
  switch (deed) {
    case 'rest':
      return now.state === 'resting' ? now : now.state === 'open' ? so('resting') : 'invalid'
    case 'withdraw':
      return now.state === 'withdrawn' ? now : so('withdrawn')
    case 'return':
      return so('open')
    case 'answer':
      return now.state === 'withdrawn' ? 'invalid' : so('answered')
    case 'close':
      return now.state === 'withdrawn' ? 'invalid' : so('closed', outcome)
    case 'change':
    case 'update':
      return now.state === 'withdrawn' ? 'invalid' : now
    default:
      return kind === 'me' || now.state !== 'open' ? 'invalid' : now
  }
}

const doing = fc.record({
  who: fc.constantFrom<Person>('Ruth', 'Ruth', 'Ruth', 'Boaz', 'Naomi', 'Orpah'),
  kind: fc.constantFrom(...kinds),
  deed: fc.constantFrom(...deeds),
  outcome: fc.constantFrom(...outcomes),
  words: fc.constantFrom('Thank you.', 'He is well again.', 'So it is.'),
})

test('who may do what to a request, and what it is then, is as a person would say; and a rebuild says the same', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const stands = new Map<Kind, Stands>(kinds.map((kind) => [kind, { state: 'open', outcome: null }]))
  let refused = 0
  let done = 0
  await holdsAsync(
    fc.asyncProperty(fc.array(doing, { minLength: 1, maxLength: 12 }), async (some) => {
      for (const one of some) {
        const now = stands.get(one.kind) ?? assert.fail()
        const answer = expected(one, now)
        const told = await attempt(here, everybody[one.who], asked[one.kind], one)
        assert.equal(told, typeof answer === 'string' ? answer : 'done', JSON.stringify({ ...one, ...now }))
        if (typeof answer === 'string') refused++
        else {
          done++
          stands.set(one.kind, answer)
        }
        const row = requestNow(here.ledger.cache(), asked[one.kind])
        const should = stands.get(one.kind)
        assert.deepEqual({ state: row?.state, outcome: row?.outcome }, should, JSON.stringify(one))
        for (const name of people) sightIs(here, everybody[name], one.kind, asked[one.kind], should?.state)
      }
    }),
    40,
  )
  assert.ok(done > 40 && refused > 40, `${done} done, ${refused} refused`)

  const before = rowsOf(here)
  await here.ledger.rebuild()
  assert.deepEqual(rowsOf(here), before)
})

test('of what is asked without a name no deed of its author says who they are, and sealed words stay sealed', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const before = here.text().length
  for (const kind of ['nameless', 'team', 'me'] as const)
    for (const deed of ['change', 'update', 'rest', 'answer', 'close', 'return', 'renew', 'withdraw']) {
      const one: Deed = { who: 'Ruth', kind, deed, outcome: 'died', words: 'Secret words.' }
      await attempt(here, everybody.Ruth, asked[kind], one)
    }
  const records = here
    .text()
    .slice(before)
    .split(/^(?=@)/m)
    .filter(Boolean)
  const nameless = records.filter((record) => record.includes(asked.nameless))
  assert.ok(nameless.length >= 8)
  for (const record of nameless) assert.ok(!record.includes(everybody.Ruth.member), record)
  const locked = records.filter((record) => !record.includes(asked.nameless))
  assert.ok(locked.length >= 14 && locked.some((record) => record.includes('| sealed 1 ')))
  for (const record of locked) assert.ok(!record.includes('Secret'), record)
})

test('in the first hour words change unseen, later others read when; what they were is for the author and moderators', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const { Ruth, Boaz, Naomi, Orpah } = everybody
  const changed = (prayer: string) => prayerCard(here.reading(Orpah), prayer)?.changedAt
  const earlier = (reader: Member, prayer: string) =>
    earlierWords(here.reading(reader), prayer)?.versions.map(({ request }) => request)
  const prayer = asked.everyone
  assert.equal(earlier(Ruth, prayer), undefined, 'there are none')
  here.passes(1 * hours - 1)
  await here.does(Ruth, changePrayer, { prayer, request: 'Second.', topic: 'health' })
  assert.equal(changed(prayer), null)
  here.passes(2)
  await here.does(Ruth, changePrayer, {
    prayer,
    request: 'Third.',
    forWhom: 'Obed',
    consent: 'yes',
    topic: 'health',
  })
  assert.equal(changed(prayer), here.now())
  const card = prayerCard(here.reading(Orpah), prayer)
  assert.deepEqual([card?.request, card?.forWhom, card?.topic], ['Third.', 'Obed', 'health'])
  assert.deepEqual(earlier(Ruth, prayer), ['Second.', 'For everyone.'])
  assert.deepEqual(earlier(Naomi, prayer), ['Second.', 'For everyone.'])
  for (const other of [Boaz, Orpah]) assert.equal(earlier(other, prayer), undefined)
  here.written()
  await here.does(Ruth, changePrayer, { prayer, request: ' Third.\r\n', forWhom: 'Obed', topic: 'health' })
  assert.deepEqual(here.written(), [], 'the same words are no change')

  await here.does(Ruth, changePrayer, { prayer: asked.team, request: 'For the team, anew.' })
  assert.deepEqual(earlier(Ruth, asked.team), ['For team.'])
  assert.equal(earlier(Naomi, asked.team), undefined, 'a moderator sees no more than what they see')
})

test('a day that is over, or more than ten years away, is refused beside its field; one that stood there may stay', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const change = (day: string) =>
    here.does(everybody.Ruth, changePrayer, { prayer: asked.everyone, request: 'Please.', day })
  for (const day of ['2026-11-01', '2037-01-01', '2026-02-30', 'tomorrow'])
    assert.ok((await refusal('invalid', change(day))).fields.day, day)
  await change('2026-11-30')
  here.passes(30 * days)
  await here.does(everybody.Ruth, changePrayer, { prayer: asked.everyone, request: 'So.', day: '2026-11-30' })
  assert.equal(prayerCard(here.reading(everybody.Ruth), asked.everyone)?.day, '2026-11-30')
})

test('updates are dated, the newest stands on the card and the others on the page; sent twice it is told once', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  for (const [kind, reader] of [
    ['everyone', everybody.Orpah],
    ['team', everybody.Boaz],
    ['me', everybody.Ruth],
  ] as const) {
    const prayer = asked[kind]
    for (const update of ['One.', 'Two.', 'Three.']) {
      here.passes(1 * minutes)
      for (const _ of ['sent', 'sent again'])
        await here.does(everybody.Ruth, updatePrayer, { prayer, update, key: `${kind}-${update}` })
    }
    const page = prayerPage(here.reading(reader), prayer)
    assert.deepEqual(page?.card.update, { at: here.now(), words: 'Three.' })
    assert.deepEqual(
      page?.becoming.updates.map(({ words }) => words),
      ['Two.', 'One.'],
    )
  }
  const elsewhere = { prayer: asked.me, update: 'One.', key: 'everyone-One.' }
  await refusal('conflict', here.does(everybody.Ruth, updatePrayer, elsewhere))
  for (const kind of ['everyone', 'team'] as const) {
    const others = { prayer: asked[kind], update: 'Other words.', key: `${kind}-One.` }
    await refusal('conflict', here.does(everybody.Ruth, updatePrayer, others))
  }
  for (const update of ['', '  ', 'x'.repeat(3_001), undefined])
    await refusal('invalid', here.does(everybody.Ruth, updatePrayer, { prayer: asked.me, update }))
})

test('a week before it lapses its author is asked, and nobody else; what is brought back gets a month at least', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const { Ruth, Orpah } = everybody
  const lapsesAt = later(here.now(), 20 * days)
  await here.ledger.record(() => ({
    drafts: kinds.map((kind) => prayerRenewed.of({ by: Ruth.member, prayer: asked[kind], lapsesAt })),
    result: null,
  }))
  const asks = (reader: Member) =>
    lapsingSoon(here.ledger.cache(), here.ledger.keyring, reader.member, here.now()).map(
      ({ prayer }) => prayer,
    )
  const onCards = () => kinds.filter((kind) => prayerCard(here.reading(Ruth), asked[kind])?.isLapsing)
  here.passes(13 * days - 1)
  assert.deepEqual([asks(Ruth), onCards()], [[], []])
  here.passes(1)
  assert.deepEqual(asks(Ruth).sort(), [asked.everyone, asked.nameless, asked.team].sort())
  assert.deepEqual(onCards(), ['everyone', 'nameless', 'team'], 'what only she sees never lapses')
  assert.deepEqual(asks(Orpah), [])
  assert.equal(prayerCard(here.reading(Orpah), asked.everyone)?.isLapsing, false)

  await here.does(Ruth, renewPrayer, { prayer: asked.everyone, span: '90' })
  await here.does(Ruth, renewPrayer, { prayer: asked.team, span: 'open' })
  assert.deepEqual(asks(Ruth), [asked.nameless])
  await here.does(Ruth, restPrayer, { prayer: asked.nameless })
  assert.deepEqual(asks(Ruth), [], 'nobody is asked of what rests')
  await here.does(Ruth, returnPrayer, { prayer: asked.nameless })
  const until = (kind: Kind) => requestNow(here.ledger.cache(), asked[kind])?.lapsesAt
  assert.equal(until('nameless'), `${later(here.now(), 30 * days).slice(0, 10)}T23:59:59.999Z`)
  assert.equal(until('team'), null)
  await refusal('invalid', here.does(Ruth, renewPrayer, { prayer: asked.everyone, span: 'for ever' }))
})

test('nothing rests before the day it matters is over, also when that day is told later', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const until = (kind: Kind) => requestNow(here.ledger.cache(), asked[kind])?.lapsesAt
  const change = (kind: Kind, day: string) =>
    here.does(everybody.Ruth, changePrayer, { prayer: asked[kind], request: 'Please.', day })
  const usual = until('everyone')
  assert.ok(usual)
  await change('everyone', usual.slice(0, 10))
  assert.equal(until('everyone'), usual, 'it is open on that day anyway')
  for (const kind of ['everyone', 'nameless', 'team'] as const) {
    await change(kind, '2027-06-10')
    assert.equal(until(kind), '2027-06-10T23:59:59.999Z')
  }
  await change('everyone', '2026-12-01')
  assert.equal(until('everyone'), '2027-06-10T23:59:59.999Z', 'a nearer day takes nothing away')
  await change('me', '2027-06-10')
  assert.equal(until('me'), null)
  await here.does(everybody.Ruth, restPrayer, { prayer: asked.team })
  await change('team', '2027-07-10')
  assert.equal(until('team'), '2027-06-10T23:59:59.999Z', 'what rests is open for nobody')
})

test('a moderator lets a request stay for longer and never for less, and its author alone is told', async (t) => {
  const here = await community(t)
  const { everybody, asked } = await scene(here)
  const { Ruth, Naomi, Orpah } = everybody
  const extend = (kind: Kind, span: string) => here.does(Naomi, extendPrayer, { prayer: asked[kind], span })
  const told = (reader: Member) => noticesPage(here.reading(reader)).notices.map(({ notice }) => notice.is)
  const mayExtend = (kind: Kind) => prayerPage(here.reading(Naomi), asked[kind])?.becoming.mayExtend
  here.written()
  assert.ok((await refusal('invalid', extend('everyone', '14'))).fields.span)
  await extend('everyone', '30')
  assert.deepEqual(here.written(), [], 'so it is already')
  for (const kind of ['everyone', 'nameless'] as const) {
    await extend(kind, '90')
    const [record = ''] = here.written()
    assert.match(record, new RegExp(`^prayer.renewed/2 by=${Naomi.member} .* extended=yes$`))
  }
  assert.deepEqual([told(Ruth), told(Orpah), told(Naomi)], [['extended', 'extended'], [], ['given']])
  await here.does(Ruth, renewPrayer, { prayer: asked.nameless, span: '14' })
  assert.match(here.written()[0] ?? '', /^prayer.renewed\/2 by=someone prayer=\S+ lapsesAt=\S+$/)

  assert.equal(mayExtend('everyone'), true)
  await here.does(Ruth, renewPrayer, { prayer: asked.everyone, span: 'open' })
  assert.equal(mayExtend('everyone'), false, 'it has no end')
  assert.ok((await refusal('invalid', extend('everyone', '90'))).fields.span)
  await here.does(Ruth, closePrayer, { prayer: asked.everyone, outcome: 'died' })
  assert.deepEqual(told(Ruth), ['extended'], 'of whoever has died nothing is told by itself')
})

async function scene(here: Community) {
  await here.namesKey()
  const everybody = {} as Record<Person, Member>
  for (const name of people) everybody[name] = await here.joins(name)
  await here.does(operator, grantRole, { name: 'Boaz', role: 'team' })
  await here.does(operator, grantRole, { name: 'Naomi', role: 'moderator' })
  everybody.Boaz = { ...everybody.Boaz, roles: ['team'] }
  everybody.Naomi = { ...everybody.Naomi, roles: ['moderator'] }
  const asked = {} as Record<Kind, string>
  for (const kind of kinds) {
    const how = kind === 'nameless' ? { nameless: 'yes' } : { sees: kind }
    const posted = await here.does(everybody.Ruth, postPrayer, { request: `For ${kind}.`, ...how })
    asked[kind] = posted.prayer
  }
  return { everybody, asked }
}

/** What came of it: `done`, or why it was refused. */
async function attempt(here: Community, who: Member, prayer: string, { deed, outcome, words }: Deed) {
  const does = () => {
    if (deed === 'rest') return here.does(who, restPrayer, { prayer })
    if (deed === 'withdraw') return here.does(who, withdrawPrayer, { prayer })
    if (deed === 'return') return here.does(who, returnPrayer, { prayer })
    if (deed === 'answer') return here.does(who, answerPrayer, { prayer, testimony: words })
    if (deed === 'close') return here.does(who, closePrayer, { prayer, outcome, words })
    if (deed === 'change') return here.does(who, changePrayer, { prayer, request: words })
    if (deed === 'update') return here.does(who, updatePrayer, { prayer, update: words })
    if (deed === 'renew') return here.does(who, renewPrayer, { prayer, span: '90' })
    if (deed === 'extend') return here.does(who, extendPrayer, { prayer, span: '90' })
    return here.does(who, flagPrayer, { prayer, reason: words })
  }
  try {
    await does()
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

/** What was taken back only its author sees, and nobody sees more than before. */
function sightIs(
  here: Community,
  reader: Member,
  kind: Kind,
  prayer: string,
  state: PrayerState | undefined,
) {
  const isOthers = kind === 'me' ? false : kind === 'team' ? reader.name === 'Boaz' : true
  const sees = reader.name === 'Ruth' || (isOthers && state !== 'withdrawn')
  const page = prayerPage(here.reading(reader), prayer)
  assert.equal(page !== undefined, sees, `${kind}, ${state}, for ${reader.name}`)
  if (page) assert.equal(page.card.state, state)
}

/** Everything in the cache of what became of requests. */
const rowsOf = ({ ledger }: Community) =>
  ['prayers', 'prayer_counts', 'prayer_updates', 'prayer_changes', 'flags'].map((table) =>
    ledger.cache().sqlite.prepare(`select * from ${table} order by 1`).all(),
  )

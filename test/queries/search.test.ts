import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { teachSearching } from '../../src/cache/search.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { areIn, barrier, termsOf, wordsIn } from '../../src/kernel/searching.ts'
import type { Stamp } from '../../src/kernel/stamp.ts'
import { maySee } from '../../src/queries/may-see.ts'
import { prayerById } from '../../src/queries/prayers.ts'
import { belonging } from '../../src/queries/sealed-words.ts'
import { searchPage } from '../../src/queries/search.ts'
import {
  prayerAnswered,
  prayerClosed,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
} from '../../src/records/prayer-states.ts'
import { prayerChanged, prayerUpdated } from '../../src/records/prayer-words.ts'
import { type Audience, audiences } from '../../src/records/prayers.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { type Community, community } from '../tools/community.ts'

/** A request as a person would keep it in mind: what it says now, who asked, and who it is for. */
interface Asked {
  readonly prayer: string
  readonly sequence: number
  readonly by: Member
  readonly sees: Audience
  words: { forWhom: string; request: string; updates: string[]; ending: string }
}

const vocabulary = [
  'pray',
  'prayer',
  'mother',
  'Mütter',
  '母亲',
  '祈祷',
  'แม่',
  'ป่วย',
  'أمي',
  'rain',
  'no-one',
  "don't",
]
const text = fc
  .array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 5 })
  .map((words) => words.join(' '))
const query = fc.oneof(
  fc.constantFrom(...vocabulary, 'pr', 'mo', 'mutter', 'o', '亲', '祈', 'แ', 'امي', '', '"', '*', 'AND pray'),
  text,
  text.map((words) => `"${words}"`),
)

type Happening = {
  readonly what: 'ask' | 'change' | 'update' | 'answer' | 'close' | 'rest' | 'return' | 'withdraw'
  readonly who: number
  readonly which: number
  readonly sees: Audience
  readonly text: string
}
const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom(
    'ask',
    'ask',
    'ask',
    'change',
    'update',
    'answer',
    'close',
    'rest',
    'return',
    'withdraw',
  ),
  who: fc.nat(3),
  which: fc.nat(99),
  sees: fc.constantFrom(...audiences),
  text,
})

test('each reader finds what a walk through everything they may see finds, newest first, and nothing else', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const people = [
    await here.joins('Ruth'),
    await here.joins('Boaz'),
    await here.joins('Naomi'),
    await here.joins('Orpah'),
  ]
  await here.does(operator, grantRole, { name: 'Boaz', role: 'team' })
  const [ruth, boaz, naomi, orpah] = people as [Member, Member, Member, Member]
  await here.ledger.record(() => ({
    drafts: [pairSeparated.of({ by: naomi.member, one: naomi.member, other: orpah.member })],
    result: null,
  }))
  const readers: Member[] = [ruth, { ...boaz, roles: ['team'] }, naomi, orpah]
  const all: Asked[] = []
  let found = 0
  let hidden = 0

  const laws = fc.asyncProperty(
    fc.array(happening, { minLength: 5, maxLength: 25 }),
    fc.array(query, { minLength: 4, maxLength: 8 }),
    async (happenings, queries) => {
      for (const one of happenings) await happens(here, people, all, one)
      for (const reader of readers)
        for (const q of queries) {
          const terms = termsOf(q)
          const reading = here.reading(reader)
          const matching = terms.length === 0 ? [] : all.filter((one) => areIn(terms, wordsOf(one)))
          const mine = matching.filter(({ prayer }) => {
            const seen = prayerById(reading.cache, prayer)
            return seen !== undefined && maySee(reading.cache, reading.keyring, reader, seen)
          })
          const expected = mine
            .sort((one, other) => other.sequence - one.sequence)
            .map(({ prayer }) => prayer)
          assert.deepEqual(pagesOf(reading, q), expected, `${q} by ${reader.name}`)
          found += expected.length
          hidden += matching.length - expected.length
        }
    },
  )
  await fc.assert(laws, { numRuns: 20 })
  assert.ok(found > 100 && hidden > 30, `${found} found, ${hidden} hidden`)
  await assertSameAnew(here)
})

test('what is found is marked where it stands: in the request, in an update, at the end', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth Lamb')
  const all: Asked[] = []
  const happens = (what: Happening['what'], text: string) => happened(here, ruth, all, what, text)
  await happens('ask', 'For the lamb of my uncle')
  await happens('update', 'The lamb stands up again')
  await happens('answer', 'All lambs are well')
  const page = searchPage(here.reading(ruth), { q: ' lamb ' })
  assert.equal(page.search, 'lamb')
  assert.deepEqual(
    page.people.map(({ name }) => name),
    ['Ruth Lamb'],
  )
  const marks = (parts: readonly { text: string; isMatch: boolean }[] | null | undefined) =>
    parts?.filter(({ isMatch }) => isMatch).map(({ text }) => text)
  const [hit, ...others] = page.hits
  assert.deepEqual(others, [])
  assert.deepEqual(marks(hit?.request), ['lamb'])
  assert.deepEqual(
    hit?.later.map(({ isEnding, words }) => [isEnding, marks(words)]),
    [
      [false, ['lamb']],
      [true, ['lambs']],
    ],
  )
})

/** Everything that is found, page by page. */
function pagesOf(reading: Parameters<typeof searchPage>[0], q: string): string[] {
  const found: string[] = []
  for (let before: number | undefined, pages = 0; pages < 99; pages++) {
    const page = searchPage(reading, { q, before })
    found.push(...page.hits.map(({ card }) => card.id))
    if (page.older === null) return found
    before = Number(page.older.split('before=')[1])
  }
  throw new Error('the pages have no end')
}

const wordsOf = ({ words }: Asked) =>
  wordsIn([words.forWhom, words.request, ...words.updates, words.ending].join(` ${barrier} `))

const happens = (here: Community, people: readonly Member[], all: Asked[], one: Happening) =>
  happened(here, people[one.who] as Member, all, one.what, one.text, one)

async function happened(
  here: Community,
  by: Member,
  all: Asked[],
  what: Happening['what'],
  text: string,
  { which, sees }: Pick<Happening, 'which' | 'sees'> = { which: 0, sees: 'everyone' },
) {
  here.passes(61_000)
  if (what === 'ask' || all.length === 0) {
    const { prayer } = await here.does(by, postPrayer, {
      request: text,
      forWhom: 'Eve',
      consent: 'yes',
      sees,
    })
    const sequence = here.ledger.head().sequence
    all.push({
      prayer,
      sequence,
      by,
      sees,
      words: { forWhom: 'Eve', request: text, updates: [], ending: '' },
    })
    return
  }
  const asked = all[which % all.length] as Asked
  const { prayer, words } = asked
  const author = asked.by.member
  const draft = (stamp: Stamp): Draft => {
    const kept = (kind: `prayer.${string}`, field: string, word = text) =>
      asked.sees === 'everyone' ? word : stamp.seal(belonging(prayer, field, kind), word)
    switch (what) {
      case 'change':
        return prayerChanged.of({
          ...{ by: author, prayer, topic: 'other' },
          request: kept('prayer.changed', 'request'),
        })
      case 'update':
        return prayerUpdated.of({ by: author, prayer, update: kept('prayer.updated', 'update') })
      case 'answer':
        return prayerAnswered.of({ by: author, prayer, testimony: kept('prayer.answered', 'testimony') })
      case 'close':
        return prayerClosed.of({
          by: author,
          prayer,
          outcome: 'waiting',
          words: kept('prayer.closed', 'words'),
        })
      case 'rest':
        return prayerRested.of({ by: author, prayer })
      case 'return':
        return prayerReturned.of({ by: author, prayer })
      default:
        return prayerWithdrawn.of({ by: author, prayer })
    }
  }
  await here.ledger.record((_cache, stamp) => ({ drafts: [draft(stamp)], result: null }))
  if (what === 'change') asked.words = { ...words, forWhom: '', request: text }
  else if (what === 'update') words.updates.unshift(text)
  else if (what === 'answer' || what === 'close') words.ending = text
  else words.ending = ''
}

/** The index that followed every record is the one that would be made anew. */
async function assertSameAnew(here: Community) {
  const copy = join(here.options.cache, 'copy.sqlite')
  await here.ledger.cache().sqlite.backup(copy)
  const sqlite = new Database(copy)
  teachSearching(sqlite)
  sqlite.exec('create virtual table temp.found using fts5vocab(main, search, instance)')
  const rows = () => sqlite.prepare('select term, doc, offset from found order by doc, offset').raw().all()
  const followed = rows()
  sqlite.exec(
    'delete from search; insert into search (rowid, words) select sequence, words from search_words',
  )
  assert.ok(followed.length > 30)
  assert.deepEqual(followed, rows())
  sqlite.close()
}

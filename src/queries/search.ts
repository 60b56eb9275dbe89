import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { atMost, given, prepared } from '../cache/reading.ts'
import { search as index } from '../cache/search.ts'
import {
  areIn,
  asMatch,
  barrier,
  excerpt,
  longestQuery,
  marked,
  type Term,
  termsOf,
  wordsIn,
} from '../kernel/searching.ts'
import { prayers } from '../records/prayers.ts'
import { cardsOf, idsOf, pageSize, type Reader, type Row, requests } from './cards.ts'
import { directory } from './directory.ts'
import { latestMarks } from './marks.ts'
import { type Sight, seen, seesWhatAllSee, sightOf } from './may-see.ts'
import type { Card } from './pages/cards.ts'
import type { Found, Hit } from './pages/search.ts'
import { currentWords } from './requests.ts'
import { openedWord } from './sealed-words.ts'
import { updatesOf } from './updates.ts'

/*
 * What fewer than everyone may see is sealed in the cache, too, and in no index: it is opened here for whoever may read it,
 * and looked through in memory.
 */

/** So many sealed requests are looked through, the newest first. */
const mostSealed = 5000

const mostPeople = 5
const excerptLength = 240

/** Newest first, not by rank: a rank would tell of texts that the reader may not see. The index leads, so a page ends early. */
const open = prepared((db) =>
  db
    .select({ sequence: prayers.sequence })
    .from(index)
    .crossJoin(prayers)
    .where(
      and(
        sql`${index} match ${given('match')}`,
        lt(index.rowid, given('before')),
        eq(prayers.sequence, index.rowid),
        seen,
      ),
    )
    .orderBy(desc(index.rowid))
    .limit(atMost(pageSize + 1))
    .prepare(),
)

const sealed = prepared((db) =>
  db
    .select({
      sequence: prayers.sequence,
      id: prayers.id,
      sees: prayers.sees,
      changedIn: prayers.changedIn,
      updatedIn: prayers.updatedIn,
      state: prayers.state,
      ...currentWords,
      ending: prayers.ending,
    })
    .from(prayers)
    .where(and(sql`${prayers.sees} <> 'everyone'`, lt(prayers.sequence, given('before')), seen))
    .orderBy(desc(prayers.sequence))
    .limit(atMost(mostSealed))
    .prepare(),
)

const these = requests(
  and(sql`${prayers.sequence} in (select value from json_each(${given('sequences')}))`, seen),
)

/** What this reader finds; `before` is the last request on the page before. */
export function searchPage(
  reading: Reader,
  { q, before }: { readonly q: unknown; readonly before?: number | undefined },
): Found {
  const search = typeof q === 'string' ? [...q.trim()].slice(0, longestQuery).join('') : ''
  const terms = termsOf(search)
  const isFirst = before === undefined
  const sequences = terms.length === 0 ? [] : sequencesOf(reading, terms, before ?? Number.MAX_SAFE_INTEGER)
  const page = sequences.slice(0, pageSize)
  return {
    search,
    ...peopleCalled(reading, isFirst ? search : ''),
    hits: hitsOf(reading, terms, page),
    isFirst,
    older:
      sequences.length > pageSize ? `/search?q=${encodeURIComponent(search)}&before=${page.at(-1)}` : null,
  }
}

/** Of a page and one more. */
function sequencesOf(reading: Reader, terms: readonly Term[], before: number): number[] {
  const { cache, keyring, reader } = reading
  const sight = sightOf(cache, keyring, reader)
  const found = open(cache).all({ match: asMatch(terms), before, ...sight })
  const all = [...found.map(({ sequence }) => sequence), ...sealedOnes(reading, sight, terms, before)]
  return all.sort((one, other) => other - one).slice(0, pageSize + 1)
}

function sealedOnes(reading: Reader, sight: Sight, terms: readonly Term[], before: number): number[] {
  if (seesWhatAllSee(sight)) return []
  const found: number[] = []
  for (const row of sealed(reading.cache).all({ before, ...sight })) {
    if (found.length > pageSize) break
    if (areIn(terms, wordsIn(textOf(reading, row)))) found.push(row.sequence)
  }
  return found
}

type Sealed = ReturnType<ReturnType<typeof sealed>['all']>[number]

/** All of its words, as the index has those of others. */
function textOf(
  reading: Reader,
  { id, sees, changedIn, updatedIn, state, forWhom, request, ending }: Sealed,
): string {
  const asked = changedIn === null ? 'prayer.posted' : 'prayer.changed'
  const { keyring } = reading
  return [
    openedWord(keyring, { id, sees }, 'forWhom', forWhom, asked),
    openedWord(keyring, { id, sees }, 'request', request, asked),
    ...(updatedIn === null ? [] : updatesOf(reading.cache, keyring, { id, sees }).map(({ words }) => words)),
    state === 'answered'
      ? openedWord(keyring, { id, sees }, 'testimony', ending, 'prayer.answered')
      : openedWord(keyring, { id, sees }, 'words', ending, 'prayer.closed'),
  ]
    .map((text) => text ?? '')
    .join(` ${barrier} `)
}

function hitsOf(reading: Reader, terms: readonly Term[], sequences: readonly number[]): Hit[] {
  if (sequences.length === 0) return []
  const { cache, keyring, reader } = reading
  const sight = sightOf(cache, keyring, reader)
  const rows = these(cache).values({
    sequences: JSON.stringify(sequences),
    ...sight,
  }) as unknown as readonly Row[]
  const marks = latestMarks(cache, idsOf(rows), reader.member)
  return cardsOf(rows, { ...reading, sight, marks }).map((card) => {
    const { forWhom, request } = card
    return {
      card,
      forWhom: forWhom === null ? null : marked(forWhom, terms),
      request: request === null ? null : excerpt(request, terms, excerptLength),
      later: laterIn(reading, card)
        .map(({ words, ...one }) => ({ ...one, words: excerpt(words ?? '', terms, excerptLength) }))
        .filter(({ words }) => words.some(({ isMatch }) => isMatch)),
    }
  })
}

function laterIn(reading: Reader, card: Card) {
  const { cache, keyring } = reading
  const updates = card.update === null ? [] : updatesOf(cache, keyring, card)
  const ending = card.ending === null ? [] : [{ at: card.stateAt, words: card.ending, isEnding: true }]
  return [...updates.map((update) => ({ ...update, isEnding: false })), ...ending]
}

/** People are found by their names as in the directory, which knows who may know of whom. */
function peopleCalled(reading: Reader, search: string): Pick<Found, 'people' | 'morePeople'> {
  if (search === '') return { people: [], morePeople: null }
  const { people, count } = directory(reading, { q: search, after: undefined })
  return {
    people: people.slice(0, mostPeople).map(({ id, name }) => ({ id, name })),
    morePeople: count > mostPeople ? `/people?q=${encodeURIComponent(search)}` : null,
  }
}

/*
 * How words are looked for, in any script: the one place that says what a word is. What is written down for SQLite to find,
 * what is asked of it, what is looked for in words that are kept sealed, and what is marked on the page all come from here.
 */

/** What stands between two texts of one request, so that no phrase reaches from one into the other. */
export const barrier = '\x1f'

/** As much of what somebody looks for as is looked at. */
export const longestQuery = 200
const mostTerms = 8

/** One word or phrase to look for: its parts follow each other; the last may be the beginning of something longer. */
export interface Term {
  readonly parts: readonly string[]
  readonly isBeginning: boolean
}

/** A stretch of a text, and whether it was looked for. */
export interface Part {
  readonly text: string
  readonly isMatch: boolean
}

/**
 * A text as it is searched: words in small letters without accents, with blanks between them. In scripts that put no blanks
 * between words each character is a word. Plain ASCII is left as it is: SQLite reads it in the same way.
 */
export function searchable(text: string): string {
  if (isAscii.test(text)) return text
  return folded(text.replace(between, ' ')).replace(unspaced, ' $& ').replace(between, ' ')
}

/** The words of a text, in order. */
export const wordsIn = (text: string): string[] => searchable(text).toLowerCase().match(wordPattern) ?? []

/** What somebody looks for: each word begins one that is to be there, what stands in quotation marks is to be there as it is. */
export function termsOf(query: string): Term[] {
  const plain = [...query.replace(quotes, '"').replaceAll(barrier, ' ')].slice(0, longestQuery).join('')
  return [...plain.matchAll(/"([^"]*)"?|([^\s"]+)/g)]
    .map(([, phrase, word = '']) => {
      const parts = wordsIn(phrase ?? word)
      // One letter begins far too much.
      return { parts, isBeginning: phrase === undefined && (parts.at(-1)?.length ?? 0) > 1 }
    })
    .filter(({ parts }) => parts.length > 0)
    .slice(0, mostTerms)
}

/** Whether all of it is in these words. */
export const areIn = (terms: readonly Term[], words: readonly string[]): boolean =>
  terms.every((term) => words.some((_, at) => standsAt(term, words, at)))

/** The same question to SQLite's full text search. */
export const asMatch = (terms: readonly Term[]): string =>
  terms.map(({ parts, isBeginning }) => `"${parts.join(' ')}"${isBeginning ? ' *' : ''}`).join(' ')

/** A text in stretches, with what was looked for apart from the rest. */
export function marked(text: string, terms: readonly Term[]): Part[] {
  const parts: Part[] = []
  let done = 0
  for (const { from, to } of rangesIn(text, terms)) {
    if (from > done) parts.push({ text: text.slice(done, from), isMatch: false })
    parts.push({ text: text.slice(from, to), isMatch: true })
    done = to
  }
  if (done < text.length) parts.push({ text: text.slice(done), isMatch: false })
  return parts
}

/** About this many characters of a text, around the first place that was looked for; or its beginning. */
export function excerpt(text: string, terms: readonly Term[], length: number): Part[] {
  const [first] = rangesIn(text, terms)
  const start = wholeWordFrom(text, (first?.from ?? 0) - length / 3)
  const cut = text.slice(start)
  const end = cut.length <= length ? cut.length : wholeWordUntil(cut, length)
  const parts = marked(cut.slice(0, end), terms)
  if (start > 0) parts.unshift({ text: '… ', isMatch: false })
  if (end < cut.length) parts.push({ text: ' …', isMatch: false })
  return parts
}

const isAscii = /^[\0-\x7f]*$/
/** Letters, numbers and their marks; what joins letters without being seen; and the barrier. */
const inWord = String.raw`\p{L}\p{N}\p{M}\u00ad\u200c\u200d\u2060\x1f`
const between = new RegExp(`[^${inWord}]+`, 'gu')
const run = new RegExp(`[${inWord}]+`, 'gu')
const wordPattern = /[a-z0-9\x1f\u0080-\uffff]+/g
const unspaced =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}][\p{M}\u30fc\uff9e\uff9f]*/gu
/** Accents of Latin, Greek and Cyrillic, the points of Hebrew, the vowels of Arabic and Syriac, and what is not seen. */
const accentRanges = String.raw`\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u2060\u20d0-\u20ff\ufe20-\ufe2f`
const accents = new RegExp(`[${accentRanges}]`, 'g')
const quotes = /[\u201c\u201d\u201e\u00ab\u00bb]/g

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(accents, '')
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')

function standsAt({ parts, isBeginning }: Term, words: readonly string[], at: number): boolean {
  return parts.every((part, place) => {
    const word = words[at + place]
    return isBeginning && place === parts.length - 1 ? word?.startsWith(part) === true : word === part
  })
}

interface Range {
  readonly from: number
  readonly to: number
}

/** Where in a text stands what was looked for, from the beginning, none within another. */
function rangesIn(text: string, terms: readonly Term[]): Range[] {
  const places = placesIn(text)
  const words = places.map(({ word }) => word)
  const ranges: Range[] = []
  for (const [at, { from }] of places.entries()) {
    const ends = terms
      .filter((term) => standsAt(term, words, at))
      .map(({ parts }) => places[at + parts.length - 1]?.to ?? from)
    const to = Math.max(...ends)
    const last = ranges.at(-1)
    if (ends.length === 0 || (last && to <= last.to)) continue
    if (last && from < last.to) ranges[ranges.length - 1] = { from: last.from, to }
    else ranges.push({ from, to })
  }
  return ranges
}

/** The words of a text, each with where it stands. */
function placesIn(text: string): (Range & { readonly word: string })[] {
  return [...text.matchAll(run)].flatMap(({ 0: letters, index }) =>
    piecesOf(letters).flatMap(({ from, to }) =>
      wordsIn(letters.slice(from, to)).map((word) => ({ word, from: index + from, to: index + to })),
    ),
  )
}

/** Each character of its own, where a script puts no blanks between words; what stands between these as a whole. */
function piecesOf(letters: string): Range[] {
  const pieces: Range[] = []
  let done = 0
  for (const { 0: character, index } of letters.matchAll(unspaced)) {
    if (index > done) pieces.push({ from: done, to: index })
    done = index + character.length
    pieces.push({ from: index, to: done })
  }
  if (done < letters.length) pieces.push({ from: done, to: letters.length })
  return pieces
}

/** The first place at or behind this one where a word begins; without blanks near by, where a character does. */
function wholeWordFrom(text: string, place: number): number {
  if (place <= 0) return 0
  const at = Math.floor(place)
  const blank = text.slice(at, at + 30).search(/\s/)
  if (blank >= 0) return at + blank + 1
  return isHalf(text, at) ? at + 1 : at
}

function wholeWordUntil(text: string, place: number): number {
  const blank = text.slice(place - 30, place).search(/\s\S*$/)
  if (blank >= 0) return place - 30 + blank
  return isHalf(text, place) ? place - 1 : place
}

const isHalf = (text: string, at: number) => /[\udc00-\udfff]/.test(text[at] ?? '')

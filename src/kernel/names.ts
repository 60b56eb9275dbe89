import { skeleton } from './confusables.ts'
import { codePoints } from './prose.ts'

const fewest = 2
const most = 40

/** The form in which a name is kept. */
export const composedName = (text: string) =>
  text.normalize('NFC').replace(apostrophes, "'").replace(dashes, '-').replace(blanks, ' ').trim()

/** What is wrong with a composed name, in a sentence for whoever typed it. Whether it is free is not asked here. */
export function nameProblem(name: string): string | undefined {
  const length = codePoints(name)
  if (length < fewest) return `A name has at least ${fewest} characters.`
  if (length > most) return `A name has at most ${most} characters; this one has ${length}.`
  const stranger = name.replace(joiners, '').match(strange)?.[0]
  if (stranger !== undefined) return strangerProblem(stranger)
  if (strayMark.test(name))
    return 'An accent or vowel sign has to follow its letter, and no more than four of them.'
  if (!/\p{L}/u.test(name)) return 'A name needs at least one letter.'
  if (reserved.has(withoutGaps(nameKey(name))))
    return 'That name is kept for the site itself. Please choose another.'
  return undefined
}

/**
 * What two names are compared by: names that differ only in case, in look-alike letters or in their punctuation share
 * it. Projectors call it, so what it gives for a name may never change (kernel/confusables.ts).
 */
export const nameKey = (name: string) =>
  skeleton(
    composedName(composedName(name).normalize('NFKC'))
      .replace(/\p{Join_Control}/gu, '')
      .replace(gaps, ' ')
      .trim(),
  )

/** Three names near the one that is taken: "Mary 2", "Mary K.", "Mary 3". */
export function freeVariants(name: string, isTaken: (key: string) => boolean): string[] {
  const variants: string[] = []
  const keys = new Set([nameKey(name)])
  for (const ending of endings()) {
    const variant = ended(name, ending)
    const key = nameKey(variant)
    if (keys.has(key) || isTaken(key) || nameProblem(variant) !== undefined) continue
    keys.add(key)
    variants.push(variant)
    if (variants.length === 3) break
  }
  return variants
}

const apostrophes = /[‘’‛ʹʻʼʽˈ′´`׳՚＇]/g
const dashes = /[\p{Pd}−]/gu
const blanks = /[\p{Zs}\t\n\v\f\r\u0085\u2028\u2029]+/gu
const gaps = /[ .\-_']+/g

/** What may not stand in a name: also letters that cannot be seen, and marks around a letter instead of on it. */
const strange = /[^\p{L}\p{Mn}\p{Mc}\p{Nd} .\-_']|\p{Default_Ignorable_Code_Point}/u
const strayMark = /(?:^|[^\p{L}\p{M}\p{Join_Control}])\p{M}|\p{Mn}{5}/u

/**
 * Joiners that a script writes with: after a sign that takes a consonant's vowel away, or between two of its letters
 * (the Persian half-space). Anywhere else they only make two names of one.
 */
const joiners = joinersBetweenLetters()

function joinersBetweenLetters() {
  const scripts = 'Arab Syrc Mong Nkoo Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr'
  const letters = scripts
    .split(' ')
    .map((script) => `\\p{Script_Extensions=${script}}`)
    .join('')
  const killers = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca'
  const joiner = '\\p{Join_Control}'
  return new RegExp(
    `(?<=[${killers}])${joiner}|(?<=[[${letters}]&&[\\p{L}\\p{M}]])${joiner}(?=[[${letters}]&&\\p{L}])`,
    'gv',
  )
}

function strangerProblem(stranger: string) {
  const canBeSeen =
    /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(stranger) && !/\p{Default_Ignorable_Code_Point}/u.test(stranger)
  const what = canBeSeen ? `"${stranger}"` : 'characters that cannot be seen'
  return `A name cannot hold ${what}: only letters, digits, spaces and . - _ '`
}

const withoutGaps = (key: string) => key.replaceAll(' ', '')

const people = 'visitor public anonymous everyone someone unknown deleted'
/** What the pages themselves call people. */
const labels = 'you someonehere someonewholeft'
const reserved = new Set(
  `admin administrator moderator system operator thywill ${people} ${labels}`.split(' ').map(nameKey),
)

/** 2, K., 3, M. and so on without end; no letter that looks like a digit is among them. */
function* endings() {
  const initials = 'KMJSARTBCDEFGHNPUVWXYZ'
  for (let number = 2; ; number++) {
    yield String(number)
    const initial = initials[number - 2]
    yield initial === undefined ? `K. ${number}` : `${initial}.`
  }
}

/** The name, or as much of it as leaves room for the ending, cut between what a reader takes for letters. */
function ended(name: string, ending: string) {
  const room = most - codePoints(ending) - 1
  if (codePoints(name) <= room) return `${name} ${ending}`
  let kept = ''
  for (const { segment } of new Intl.Segmenter('en').segment(name)) {
    if (codePoints(kept + segment) > room) break
    kept += segment
  }
  return composedName(`${kept.replace(/[\p{Join_Control} .\-_']+$/u, '')} ${ending}`)
}

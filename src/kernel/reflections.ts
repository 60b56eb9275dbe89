import { days, millisecondsOf } from './moment.ts'

/** A verse to rest with for a day. */
export interface Reflection {
  readonly verse: string
  /** Where it stands. */
  readonly source: string
}

/** One a line, "verse | source"; a line without both is none. */
export const reflectionsIn = (text: string): Reflection[] =>
  text.split('\n').flatMap((line) => {
    const at = line.lastIndexOf('|')
    const [verse, source] = [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()]
    return at > 0 && verse !== '' && source !== '' ? [{ verse, source }] : []
  })

/** The one for a day of the calendar: each has its turn, and all of them before one comes again. */
export const reflectionFor = (all: readonly Reflection[], day: string): Reflection | undefined =>
  all[(millisecondsOf(`${day}T00:00:00.000Z`) / days) % all.length]

/** Where one can give: "words https://..." a line. Undefined when a line is not so. */
export function givingIn(text: string): { readonly words: string; readonly href: string }[] | undefined {
  const links = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, words = '', href = ''] = /^\s*(\S.*?)\s+(https:\/\/[\x21-\x7e]+)\s*$/.exec(line) ?? []
      return { words, href }
    })
  return links.every(({ href }) => URL.canParse(href)) ? links : undefined
}

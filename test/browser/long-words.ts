/*
 * Words without a place where they could end a line, of scripts that are written in different ways: letters, letters with
 * signs above and below, from right to left, without spaces, and pictures that are made of several.
 */

const syllables = {
  latin: 'W',
  accented: 'Ẃ',
  cyrillic: 'Щ',
  malayalam: 'ക്ഷ',
  arabic: 'ض',
  thai: 'ฒ',
  amharic: 'ጨ',
  georgian: 'ფ',
} as const
type Script = keyof typeof syllables

/** One word of at most so many characters. */
export const wordIn = (script: Script, most: number) =>
  syllables[script].repeat(Math.floor(most / [...syllables[script]].length))

const address = `https://example.org/${'a-long-path/'.repeat(6)}?${'q'.repeat(60)}`

/** Lines of at most so many characters in all: a word of each script, an address, and pictures. */
export function wordsOf(most: number): string {
  const lines = [...Object.keys(syllables).map((script) => wordIn(script as Script, 90)), address]
  return [...[...lines, '👩‍👩‍👧‍👦'.repeat(12)].join('\n')].slice(0, most).join('')
}

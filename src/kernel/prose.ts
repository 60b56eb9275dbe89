/** What a text may hold (archive-format.md, grammar of `char`), besides the line feed that ends its lines. */
const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/
const lineEnds = /\r\n|[\r\v\f\u0085\u2028\u2029]/g

/** The form in which a text is kept: every sort of line end is a line feed, characters are composed (NFC). */
export const composed = (text: string) => text.replace(lineEnds, '\n').normalize('NFC')

/** Whether the archive can hold this text as it stands. */
export const isPrintable = (text: string) => !forbidden.test(text) && text.isWellFormed()

/** Length as a person counts: an emoji of one code point is one. */
export const codePoints = (text: string) => {
  let count = 0
  for (const _ of text) count++
  return count
}

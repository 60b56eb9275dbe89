import { hash } from 'node:crypto'
import { paperWords } from './paper-words.ts'

/*
 * A paper key is 128 random bits as thirteen words of eleven bits. The fifteen bits that are left tell a typing error from
 * another key: they are the first of the SHA-256 of the others.
 */

const length = 13
const bytes = 16
const checkBits = 15n

/** The words of these 16 bytes. */
export function paperKeyOf(bits: Uint8Array): string[] {
  let number = (numberOf(bits) << checkBits) | checksum(bits)
  const words: string[] = []
  for (let place = 0; place < length; place++) {
    words.unshift(paperWords[Number(number & 2047n)] ?? '')
    number >>= 11n
  }
  return words
}

/** What the archive keeps of a paper key. */
export const paperHash = (bits: Uint8Array) => hash('sha256', bits)

/**
 * The bits of a paper key as somebody typed it: capitals, blanks, dashes and numbers do not matter, and four letters are
 * enough of a word. Else the sentence that says what to look at.
 */
export function readPaperKey(typed: string): { readonly bits: Uint8Array } | { readonly mistake: string } {
  const words =
    typed
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  if (words.length === 0) return { mistake: 'Write the thirteen words of your paper key.' }
  let number = 0n
  for (const [index, word] of words.entries()) {
    const place = placeOf(word)
    if (place === undefined && index < length) return { mistake: unknown(index, word) }
    number = (number << 11n) | BigInt(place ?? 0)
  }
  if (words.length !== length)
    return {
      mistake: `A paper key has ${length} words, and these are ${words.length}. Compare them with the paper.`,
    }
  const bits = Buffer.from((number >> checkBits).toString(16).padStart(2 * bytes, '0'), 'hex')
  if ((number & ((1n << checkBits) - 1n)) !== checksum(bits)) return { mistake: unfit }
  return { bits }
}

const unfit =
  'These words do not fit together: one is another than on the paper, or two have changed places. Compare them once more.'

const unknown = (index: number, word: string) =>
  `Word ${index + 1}, "${word.slice(0, 30)}", is none of a paper key. Look at the paper once more.`

const places = new Map(
  paperWords.flatMap((word, place) => [[word, place] as const, [word.slice(0, 4), place] as const]),
)

/** Whatever follows the fourth letter is forgiven. */
const placeOf = (word: string) => places.get(word) ?? places.get(word.slice(0, 4))

const numberOf = (bits: Uint8Array) => BigInt(`0x${Buffer.from(bits).toString('hex')}`)
const checksum = (bits: Uint8Array) => BigInt(`0x${paperHash(bits).slice(0, 4)}`) >> 1n

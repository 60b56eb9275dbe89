import * as z from 'zod'
import { idPattern, type Noun } from './ids.ts'
import { isMoment } from './moment.ts'
import { isPrintable } from './prose.ts'

/*
 * Each field of a record, from its text to its value and back (archive-format.md, "What values look like").
 * `z.decode` reads, `z.encode` prints; what is printed reads back as the same value.
 */

/** Visible ASCII without blank and "=", at most 512 bytes: nothing to escape, ever. */
export const valuePattern = /^[\x21-\x3c\x3e-\x7e]{1,512}$/

export const id = (noun: Noun) => z.string().regex(idPattern(noun))

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) => z.enum(words)

export const flag = () =>
  z.codec(z.enum(['yes', 'no']), z.boolean(), {
    decode: (text) => text === 'yes',
    encode: (value) => (value ? 'yes' : 'no'),
  })

export const integer = () =>
  z.codec(z.string().regex(/^(0|-?[1-9]\d{0,15})$/), z.number().int(), { decode: Number, encode: String })

export const moment = () => z.string().refine(isMoment)

/** A day of the calendar, wherever it is: 2026-11-22. */
export const day = () => z.iso.date()

/** A hash or a public key: so many bytes in lower-case hex. */
export const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))

/** Bytes that are longer than a hash: a public key, a credential. At most 384 of them. */
export const base64url = () => z.string().regex(/^[A-Za-z0-9_-]{1,512}$/)

/** The name of a kind, of a field: words of the code. */
export const word = () => z.string().regex(/^[a-z][A-Za-z0-9.-]{0,63}$/)

/** A file of the archive, relative to its folder. */
export const fileName = () => z.string().regex(/^[A-Za-z0-9._-]{1,128}(\/[A-Za-z0-9._-]{1,128}){0,3}$/)

/** At least one, in order, without duplicates; a longer list is several records. */
export const list = (item: z.ZodString) =>
  z.codec(
    z.string().regex(valuePattern),
    z
      .array(item)
      .min(1)
      .refine((items) => new Set(items).size === items.length),
    { decode: (text) => text.split(','), encode: (items) => items.join(',') },
  )

/** Anything a person typed: a block. At most 64 KiB, already `composed`. */
export const prose = () =>
  z.string().refine((text) => isPrintable(text) && Buffer.byteLength(text) <= 65_536 && !text.includes('\r'))

/** Words for fewer than everyone here: one line of ciphertext (kernel/sealing.ts). */
export const sealed = () => z.string().regex(/^sealed [1-9]\d{0,3} [A-Za-z0-9_-]{38,}$/)

import { createCipheriv, createDecipheriv } from 'node:crypto'

/*
 * Words for fewer than everyone here stand in the archive as one line of ciphertext (archive.md, "Sealed words"):
 * AES-256-GCM under a numbered key, bound to the kind, the field and the noun they belong to.
 */

/** What a sealed text belongs to: it does not open in another record, field or noun. */
export interface Belonging {
  readonly kind: string
  readonly field: string
  readonly id: string
}

export interface SealingKey {
  readonly number: number
  /** 32 bytes. */
  readonly bytes: Uint8Array
}

const tagLength = 16
const nonceLength = 12
const bound = ({ kind, field, id }: Belonging) => Buffer.from(`${kind}\n${field}\n${id}`)

/** The line that the archive keeps. `nonce` is 12 fresh random bytes. */
export function sealWords(key: SealingKey, to: Belonging, words: string, nonce: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce)
  cipher.setAAD(bound(to))
  const parts = [nonce, cipher.update(words, 'utf8'), cipher.final(), cipher.getAuthTag()]
  return `sealed ${key.number} ${Buffer.concat(parts).toString('base64url')}`
}

/** The words, or `undefined` when these keys do not open them. */
export function openWords(keys: readonly SealingKey[], to: Belonging, line: string): string | undefined {
  const [, number, sealed = ''] = line.split(' ')
  const key = keys.find((one) => String(one.number) === number)
  const bytes = Buffer.from(sealed, 'base64url')
  if (!key || bytes.length < nonceLength + tagLength) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, nonceLength))
  decipher.setAAD(bound(to))
  decipher.setAuthTag(bytes.subarray(-tagLength))
  const words = decipher.update(bytes.subarray(nonceLength, -tagLength))
  try {
    return Buffer.concat([words, decipher.final()]).toString('utf8')
  } catch {
    // The only thing `final` checks is the tag: these are not the key or not the words.
    return undefined
  }
}

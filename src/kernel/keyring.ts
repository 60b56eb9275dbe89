import { createHmac, hkdfSync } from 'node:crypto'
import { Refusal } from './refusal.ts'
import { type Belonging, openWords, type SealingKey, sealWords } from './sealing.ts'

/** The keys of this site, as commands and queries use them. No record and no row ever holds one. */
export interface Keyring {
  /** Whether words can be sealed and opened at all. */
  readonly isWhole: boolean
  /** The line that the archive keeps of words for fewer than everyone. `nonce` is 12 fresh random bytes. Throws a Refusal without a key. */
  seal(to: Belonging, words: string, nonce: Uint8Array): string
  /** The words, or `undefined` when no key opens them: pages say so. */
  open(to: Belonging, line: string): string | undefined
  /** What something secret is found by (an address, a code), in hex: nobody gets from it to the words. Throws a Refusal without a key. */
  lookUp(purpose: string, words: string): string
}

/** The keyring of these keys; the newest seals, each opens what it sealed. */
export function keyringOf(keys: readonly SealingKey[]): Keyring {
  const newest = keys.at(-1)
  const looking = newest && Buffer.from(hkdfSync('sha256', newest.bytes, '', 'thywill look-up', 32))
  const required = <Key>(key: Key | undefined): Key => {
    if (!key) throw new Refusal('read-only', noKey)
    return key
  }
  return {
    isWhole: newest !== undefined,
    seal: (to, words, nonce) => sealWords(required(newest), to, words, nonce),
    open: (to, line) => openWords(keys, to, line),
    lookUp: (purpose, words) =>
      createHmac('sha256', required(looking)).update(`${purpose}\n${words}`).digest('hex'),
  }
}

/** Without any key: everything plain works, sealed words stay shut. */
export const noKeys: Keyring = keyringOf([])

const noKey =
  'Words for fewer than everyone cannot be kept safe just now: a key of this site is missing. Whoever runs it has to put it back.'

import { hash, randomFillSync } from 'node:crypto'
import { idOf, type Noun } from './ids.ts'
import { type Keyring, noKeys } from './keyring.ts'
import { type Moment, momentOf } from './moment.ts'
import type { Belonging } from './sealing.ts'

/** Where time and chance come from. Only `world` reads the real ones; seeds and tests bring their own. */
export interface Source {
  /** Milliseconds since 1970. */
  now(): number
  /** So many random bytes, never handed out twice. */
  bytes(count: number): Uint8Array
}

const pool = Buffer.alloc(8192)
let used = pool.length

export const world: Source = {
  now: () => Date.now(),
  bytes: (count) => {
    if (used + count > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += count
    return Uint8Array.prototype.slice.call(pool, used - count, used)
  },
}

/** What one command gets instead of a clock and a dice: the moment it happens in, and fresh random words. */
export interface Stamp {
  readonly time: Moment
  id(noun: Noun): string
  /** 128 random bits in hex, one for each block. */
  salt(): string
  /** 128 random bits for a link or a cookie, in base64url; only its `digest` may be written down. */
  token(): string
  /** Words for fewer than everyone, as the archive keeps them. Throws a Refusal when this site's key is missing. */
  seal(to: Belonging, words: string): string
  readonly keyring: Keyring
}

export const stampOf = (source: Source, milliseconds: number, keyring: Keyring = noKeys): Stamp => ({
  time: momentOf(milliseconds),
  keyring,
  seal: (to, words) => keyring.seal(to, words, source.bytes(12)),
  id: (noun) => idOf(noun, source.bytes(10)),
  salt: () => Buffer.from(source.bytes(16)).toString('hex'),
  token: () => Buffer.from(source.bytes(16)).toString('base64url'),
})

/** What the archive keeps of a token. */
export const digest = (token: string) => hash('sha256', token)

/** What the archive keeps of a client's idempotency key (archive-format.md, reserved keys). */
export const keyOf = (by: string, key: string) => digest(`${by}\n${key}`).slice(0, 32)

/**
 * The token that a form makes of its key: whoever sends the form twice gets the same link twice, though no token is ever
 * kept. Undefined for a key that somebody could guess.
 */
export const tokenOf = (by: string, key: string | undefined) =>
  key !== undefined && key.length >= 22
    ? Buffer.from(digest(`token\n${by}\n${key}`).slice(0, 32), 'hex').toString('base64url')
    : undefined

/** Started when called; answers the seconds since then, to the millisecond. */
export function stopwatch(): () => number {
  const started = performance.now()
  return () => Math.round(performance.now() - started) / 1000
}

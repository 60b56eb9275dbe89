import { join } from 'node:path'
import { type Keyring, keyringOf, noKeys } from '../kernel/keyring.ts'
import type { SealingKey } from '../kernel/sealing.ts'
import type { Source } from '../kernel/stamp.ts'
import type { Disk } from './disk.ts'
import { makeLasting, readWhole, writeWhole } from './file.ts'
import { sha256 } from './grammar.ts'

/* The keys that words are sealed with: `words-1.key` in `SECRETS_DIR`, 32 random bytes, and one more for each number. */

/** A key that the archive says words were sealed with. */
export interface NamedKey {
  readonly number: number
  /** `digestOfKey` of it. */
  readonly digest: string
}

/** Says whether these bytes are that key, and nothing else about it: they are random. */
export const digestOfKey = (bytes: Uint8Array) =>
  sha256(`thywill sealing key\n${Buffer.from(bytes).toString('hex')}`)

/** Makes a key that was not there. It seals nothing until a record names it. Answers its digest. */
export async function makeSealingKey(
  disk: Disk,
  secrets: string,
  number: number,
  source: Source,
): Promise<string> {
  const known = readSealingKey(disk, secrets, number)
  if (known) return digestOfKey(known)
  makeLasting(disk, secrets)
  disk.protect(secrets, 0o700)
  const bytes = Buffer.from(source.bytes(32))
  await writeWhole(disk, pathOf(secrets, number), bytes)
  return digestOfKey(bytes)
}

/**
 * The keyring of this folder: of each key that the archive names the file that holds it. A file that is not there, or holds
 * another key, is looked for again at each use, so that a key that comes back works at once.
 */
export function keyringIn(disk: Disk, secrets: string, named: () => readonly NamedKey[]): Keyring {
  let ring = noKeys
  const current = (): Keyring => {
    if (!ring.isWhole) ring = keyringOf(heldKeys(disk, secrets, named()))
    return ring
  }
  return {
    get isWhole() {
      return current().isWhole
    },
    seal: (to, words, nonce) => current().seal(to, words, nonce),
    open: (to, line) => current().open(to, line),
    lookUp: (purpose, words) => current().lookUp(purpose, words),
  }
}

/** The numbers of those keys that this folder does not hold. */
export const missingKeys = (disk: Disk, secrets: string, named: readonly NamedKey[]): number[] => {
  const held = heldKeys(disk, secrets, named).map(({ number }) => number)
  return named.map(({ number }) => number).filter((number) => !held.includes(number))
}

/** All of them or none: with the newest missing, words would be sealed with a key that was given up. */
function heldKeys(disk: Disk, secrets: string, named: readonly NamedKey[]): SealingKey[] {
  const newest = named.at(-1)
  const held = named.flatMap(({ number, digest }) => {
    const bytes = readSealingKey(disk, secrets, number)
    return bytes && digestOfKey(bytes) === digest ? [{ number, bytes }] : []
  })
  return held.at(-1)?.number === newest?.number ? held : []
}

const pathOf = (secrets: string, number: number) => join(secrets, `words-${number}.key`)

function readSealingKey(disk: Disk, secrets: string, number: number): Buffer | undefined {
  const path = pathOf(secrets, number)
  try {
    if (!disk.measure(path)) return undefined
    const bytes = readWhole(disk, path)
    return bytes.length === 32 ? bytes : undefined
  } catch (error) {
    // A key of another user is no key: whoever copied it back as root is told so, and the site serves meanwhile.
    if (isForbidden(error)) return undefined
    throw error
  }
}

const isForbidden = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')

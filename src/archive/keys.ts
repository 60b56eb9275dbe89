import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto'
import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { readWhole } from './file.ts'
import { sha256 } from './grammar.ts'

/* The keys of `SECRETS_DIR`, for a backup that holds them under a passphrase. `backupReadme` says how to open them. */

export interface KeyFile {
  readonly name: string
  readonly bytes: Buffer
}

/** Every key that there is, in the order of their names. */
export function readKeys(disk: Disk, secrets: string): KeyFile[] {
  const names = disk.list(secrets).flatMap(({ name, isFile }) => (isFile && isKeyName(name) ? [name] : []))
  return names.sort().map((name) => ({ name, bytes: readWhole(disk, join(secrets, name)) }))
}

/** Says whether these are still the same keys, and nothing about what they are: each has at least 128 random bits. */
export const digestOfKeys = (keys: readonly KeyFile[]): string =>
  sha256(keys.map(({ name, bytes }) => `${name} ${sha256(bytes)}\n`).join(''))

const cost = { N: 131_072, r: 8, p: 1 }
const tagLength = 16

/** The text of `keys.sealed`. `random` are 28 fresh random bytes. */
export function lockKeys(
  keys: readonly KeyFile[],
  archive: string,
  passphrase: string,
  random: Uint8Array,
): string {
  const salt = random.subarray(0, 16)
  const nonce = random.subarray(16, 28)
  const header =
    `thywill keys 1 of archive ${archive}\n` +
    `scrypt ${cost.N} ${cost.r} ${cost.p} ${Buffer.from(salt).toString('hex')}\n` +
    `aes-256-gcm ${Buffer.from(nonce).toString('hex')}\n`
  const plain = JSON.stringify(
    Object.fromEntries(keys.map(({ name, bytes }) => [name, bytes.toString('base64')])),
  )
  const cipher = createCipheriv('aes-256-gcm', stretched(asTyped(passphrase), salt, cost), nonce)
  cipher.setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${header}${sealed.toString('base64').replace(/.{1,76}/g, '$&\n')}`
}

/**
 * The keys in this text; `undefined` when the passphrase is not theirs, or the text is not as it was written. Keys that were
 * locked before blanks counted for nothing open with the very characters that were given.
 */
export function unlockKeys(text: string, passphrase: string): KeyFile[] | undefined {
  for (const spelling of new Set([passphrase, asTyped(passphrase)])) {
    const keys = unlockWith(text, spelling)
    if (keys) return keys
  }
  return undefined
}

/** Without blanks at its ends, and without the mark that some editors put before the first line. */
export const asTyped = (passphrase: string) => passphrase.trim()

function unlockWith(text: string, passphrase: string): KeyFile[] | undefined {
  const [, header = '', N, r, p, salt = '', nonce = '', lines = ''] = pattern.exec(text) ?? []
  if (header === '') return undefined
  const sealed = Buffer.from(lines, 'base64')
  if (sealed.length < tagLength) return undefined
  const key = stretched(passphrase, Buffer.from(salt, 'hex'), { N: Number(N), r: Number(r), p: Number(p) })
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'hex'))
  decipher.setAAD(Buffer.from(header))
  decipher.setAuthTag(sealed.subarray(-tagLength))
  const plain = [decipher.update(sealed.subarray(0, -tagLength))]
  try {
    plain.push(decipher.final())
  } catch {
    // The only thing `final` checks is the tag: this is not the passphrase, or not the text.
    return undefined
  }
  return filesIn(Buffer.concat(plain).toString('utf8'))
}

/** Who sealed this knew the passphrase, so it is what `lockKeys` wrote; its names are looked at all the same. */
function filesIn(plain: string): KeyFile[] {
  const files = Object.entries(JSON.parse(plain) as Record<string, string>)
  return files
    .filter(([name]) => isKeyName(name))
    .map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes, 'base64') }))
}

const isKeyName = (name: string) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && !name.endsWith('.tmp')

/** Costs 128 MiB and some tenths of a second: that is what guessing costs, too. */
const stretched = (passphrase: string, salt: Uint8Array, { N, r, p }: typeof cost) =>
  scryptSync(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * 1024 * 1024 })

const pattern =
  /^(thywill keys 1 of archive a_[0-9a-z]{16}\nscrypt (\d{4,6}) (8) (1) ([0-9a-f]{32})\naes-256-gcm ([0-9a-f]{24})\n)((?:[A-Za-z0-9+/=]{1,76}\n)+)$/

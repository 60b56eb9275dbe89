import { createPrivateKey } from 'node:crypto'
import type { Disk } from '../archive/disk.ts'
import { digestOfKeys, type KeyFile, readKeys } from '../archive/keys.ts'

/** A key that no archive and no plain backup has, as its bytes in hex. */
export interface SecretKey {
  readonly name: string
  readonly hex: string
}

export interface SecretKeys {
  readonly keys: readonly SecretKey[]
  /** Of all of them: the archive may name it, because nobody gets from it to a key. */
  readonly digest: string
}

/** The keys in `SECRETS_DIR`, for the recovery sheet; `undefined` when they are not there. */
export function secretKeys(disk: Disk, secrets: string): SecretKeys | undefined {
  const files = readKeys(disk, secrets)
  if (files.length === 0) return undefined
  return { keys: files.map(secretKey), digest: digestOfKeys(files) }
}

function secretKey({ name, bytes }: KeyFile): SecretKey {
  const isPem = bytes.toString('latin1').startsWith('-----BEGIN')
  // Of a private key in PEM only the last 32 bytes are its own (RFC 8410).
  const key = isPem ? createPrivateKey(bytes).export({ type: 'pkcs8', format: 'der' }).subarray(-32) : bytes
  return { name: name.replace(/\.key$/, ''), hex: key.toString('hex') }
}

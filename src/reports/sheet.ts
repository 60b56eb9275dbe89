import { createPrivateKey, createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import type { Disk } from '../archive/disk.ts'
import { readWhole } from '../archive/file.ts'
import { digest } from '../kernel/stamp.ts'

/** A key that no archive and no plain backup has, as 32 bytes in hex. */
export interface SecretKey {
  readonly name: 'seal'
  readonly hex: string
}

export interface SecretKeys {
  readonly keys: readonly SecretKey[]
  /** Of all of them: the archive may name it, because nobody gets from it to a key. */
  readonly digest: string
  /** Public half of the key of the seals, hex. */
  readonly fingerprint: string
}

/** The keys in `SECRETS_DIR`, for the recovery sheet; `undefined` when they are not there. */
export function secretKeys(disk: Disk, secrets: string): SecretKeys | undefined {
  const path = join(secrets, 'seal.key')
  if (!disk.measure(path)) return undefined
  const key = createPrivateKey(readWhole(disk, path))
  const hex = key.export({ type: 'pkcs8', format: 'der' }).subarray(-32).toString('hex')
  const fingerprint = createPublicKey(key)
    .export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('hex')
  const keys = [{ name: 'seal', hex }] as const
  return { keys, digest: digest(keys.map((one) => `${one.name} ${one.hex}\n`).join('')), fingerprint }
}

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { dirname, join } from 'node:path'
import { breath } from '../kernel/breath.ts'
import { type Source, world } from '../kernel/stamp.ts'
import type { Disk } from './disk.ts'
import { Corruption } from './fault.ts'
import { makeLasting, readWhole, weigh, writeWhole } from './file.ts'
import { sealName, segmentName } from './files.ts'
import { beforeSegment } from './find.ts'
import type { Position } from './position.ts'
import { readGroups } from './read.ts'

/** A signed statement about one closed month (archive-format.md, "Seal"). */
export interface Seal {
  readonly month: string
  readonly archive: string
  readonly records: number
  readonly first: number
  readonly last: number
  /** Closing hash of the last record; never changes. */
  readonly head: string
  readonly bytes: number
  readonly sha256: string
  /** Blocks of the segment in their erased form. */
  readonly erased: number
  /** Ed25519 public key, hex. */
  readonly key: string
}

export interface SealKey {
  /** Ed25519 public key, 32 bytes in hex. */
  readonly publicKey: string
  /** 64 bytes in hex. */
  sign(text: string): string
}

const keyName = 'seal.key'

/** The key in `SECRETS_DIR/seal.key`; made from this source's bytes when it is not there. `isNew` tells which. */
export async function openSealKey(
  disk: Disk,
  secrets: string,
  source: Source = world,
): Promise<SealKey & { isNew: boolean }> {
  const known = readSealKey(disk, secrets)
  if (known) return { isNew: false, ...known }
  makeLasting(disk, secrets)
  disk.protect(secrets, 0o700)
  await writeWhole(disk, join(secrets, keyName), Buffer.from(newKey(source.bytes(32))))
  const made = readSealKey(disk, secrets)
  if (!made) throw new Error(`${secrets} does not keep what is written there`)
  return { isNew: true, ...made }
}

/** The key in `SECRETS_DIR/seal.key`, when it is there. */
export function readSealKey(disk: Disk, secrets: string): SealKey | undefined {
  const path = join(secrets, keyName)
  if (!disk.measure(path)) return undefined
  const key = privateKeyIn(path, readWhole(disk, path))
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    publicKey: spki.subarray(-32).toString('hex'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('hex'),
  }
}

function privateKeyIn(path: string, bytes: Buffer): KeyObject {
  try {
    const key = createPrivateKey(bytes)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    throw new Error(noKey(path), { cause })
  }
  throw new Error(noKey(path))
}

const noKey = (path: string) =>
  `${path} holds no private key of Ed25519: put back the one that was there. If it is lost, take the file away; ` +
  'then a new key is made, and the archive names it.'

/** Reads a closed segment from its head to its end and says what a seal says. Throws Corruption when it does not verify. */
export async function describeSegment(
  disk: Disk,
  folder: string,
  month: string,
  archive: string,
): Promise<Omit<Seal, 'key'>> {
  const name = segmentName(month)
  const from = beforeSegment(disk, folder, { month, name, isSealed: false, isFile: true })
  if (!from)
    throw new Corruption({
      file: name,
      line: 1,
      sequence: 0,
      what: 'this is no head of a segment',
      offset: 0,
    })
  let last: Position = from
  let erased = 0
  let groups = 0
  const reading = readGroups(disk, folder, from)
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done) {
      if (step.value.fault?.file === name) throw new Corruption(step.value.fault)
      break
    }
    const { records, end } = step.value
    if (end.month !== month) break
    for (const { blocks } of records) erased += blocks.filter((block) => 'erased' in block).length
    last = end
    if (++groups % 2000 === 0) await breath()
  }
  reading.return({ safe: last })
  const weight = weigh(disk, join(folder, name))
  return {
    month,
    archive,
    records: last.sequence - from.sequence,
    first: from.sequence + 1,
    last: last.sequence,
    head: last.hash,
    ...weight,
    erased,
  }
}

/** Seals a closed month, or seals it anew after an erasure; the segment becomes read-only for everyone. */
export async function sealSegment(disk: Disk, folder: string, month: string, archive: string, key: SealKey) {
  const described = await describeSegment(disk, folder, month, archive)
  const path = join(folder, sealName(month))
  await writeWhole(disk, path, Buffer.from(printSeal({ ...described, key: key.publicKey }, key)))
  disk.protect(join(folder, segmentName(month)), 0o400)
  disk.syncFolder(dirname(path))
}

export function printSeal(seal: Seal, key: SealKey): string {
  const text = `thywill seal 1 month ${seal.month}\n${fields.map((name) => `${name} ${seal[name]}\n`).join('')}`
  return `${text}signature ${key.sign(text)}\n`
}

const fields = ['archive', 'records', 'first', 'last', 'head', 'bytes', 'sha256', 'erased', 'key'] as const

/** The seal of a month, when its form and its signature hold; whether its key is one of the archive's is asked elsewhere. */
export function readSeal(disk: Disk, folder: string, month: string): Seal | undefined {
  const text = readWhole(disk, join(folder, sealName(month))).toString('latin1')
  const match = sealPattern.exec(text)
  if (match?.[1] !== month) return undefined
  const [, , archive = '', records, first, last, head = '', bytes, sum = '', erased, key = ''] = match
  const signature = match[11] ?? ''
  if (!isSigned(text.slice(0, text.indexOf('signature ')), signature, key)) return undefined
  return {
    month,
    archive,
    records: Number(records),
    first: Number(first),
    last: Number(last),
    head,
    bytes: Number(bytes),
    sha256: sum,
    erased: Number(erased),
    key,
  }
}

/** Whether this signature (hex) over this text was made with the private half of this key (hex). */
export const isSigned = (text: string, signature: string, key: string): boolean =>
  verify(null, Buffer.from(text), publicKeyOf(key), Buffer.from(signature, 'hex'))

const number = '(0|[1-9]\\d{0,14})'
const sealPattern = new RegExp(
  `^thywill seal 1 month (\\d{4}-\\d{2})\\narchive (a_[0-9a-z]{16})\\nrecords ${number}\\nfirst ${number}\\n` +
    `last ${number}\\nhead ([0-9a-f]{64})\\nbytes ${number}\\nsha256 ([0-9a-f]{64})\\nerased ${number}\\n` +
    'key ([0-9a-f]{64})\\nsignature ([0-9a-f]{128})\\n$',
)

/** An Ed25519 private key is any 32 bytes, here in PKCS#8 PEM (RFC 8410). */
function newKey(bytes: Uint8Array): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** The fixed bytes in front of an Ed25519 public key in SPKI form (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

const publicKeyOf = (hex: string) =>
  createPublicKey({ key: Buffer.concat([spkiPrefix, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' })

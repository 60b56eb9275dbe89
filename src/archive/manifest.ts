import { isSigned, type SealKey } from './seal.ts'

/** A file of a backup, by its name in the archive. */
export interface BackupFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** What the cache of the site that made a backup came to, for whoever rebuilds one from it to compare with. */
export interface CacheProof {
  readonly schema: string
  /** The record that cache had seen last. */
  readonly sequence: number
  /** Over the rows of all tables. */
  readonly digest: string
}

/** A signed statement about a whole backup: a line a fact, as in a seal. */
export interface Manifest {
  /** When the backup was made. */
  readonly made: string
  readonly archive: string
  readonly records: number
  /** Closing hash of the last record. */
  readonly head: string
  /** Of all files. */
  readonly bytes: number
  readonly cache?: CacheProof
  /** Digest of the keys that the backup holds under a passphrase, when it does. */
  readonly secrets?: string
  /** Public keys that the archive names. */
  readonly keys: readonly string[]
  readonly files: readonly BackupFile[]
  /** The public key it is signed with. */
  readonly key: string
}

export function printManifest(manifest: Omit<Manifest, 'key'>, key: SealKey): string {
  const { cache, secrets, keys, files } = manifest
  const lines = [
    `thywill backup 1 made ${manifest.made}`,
    `archive ${manifest.archive}`,
    `records ${manifest.records}`,
    `head ${manifest.head}`,
    `bytes ${manifest.bytes}`,
    ...(cache ? [`cache ${cache.schema} ${cache.sequence} ${cache.digest}`] : []),
    ...(secrets ? [`secrets ${secrets}`] : []),
    ...keys.map((known) => `known ${known}`),
    ...files.map(({ bytes, sha256, name }) => `file ${bytes} ${sha256} ${name}`),
    `key ${key.publicKey}`,
  ]
  const text = lines.map((line) => `${line}\n`).join('')
  return `${text}signature ${key.sign(text)}\n`
}

/** The manifest in this text, when its form and its signature hold; whether its key is one of the archive's is asked elsewhere. */
export function readManifest(text: string): Manifest | undefined {
  const match = pattern.exec(text)
  if (!match?.groups) return undefined
  const { made = '', archive = '', records, head = '', bytes, key = '', signature = '' } = match.groups
  const { cache, secrets, keys = '', files = '' } = match.groups
  if (!isSigned(text.slice(0, text.lastIndexOf('signature ')), signature, key)) return undefined
  const proof = cache?.split(' ')
  return {
    made,
    archive,
    records: Number(records),
    head,
    bytes: Number(bytes),
    ...(proof && {
      cache: { schema: proof[1] ?? '', sequence: Number(proof[2]), digest: proof[3]?.trimEnd() ?? '' },
    }),
    ...(secrets && { secrets: secrets.slice('secrets '.length, -1) }),
    keys: linesOf(keys).map(([, known = '']) => known),
    files: linesOf(files).map(([, size, sha256 = '', name = '']) => ({ name, bytes: Number(size), sha256 })),
    key,
  }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))

const number = '(?:0|[1-9]\\d{0,14})'
const hash = '[0-9a-f]{64}'
/** No name leads out of the folder, or into the file of a lock. */
const name = '(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const pattern = new RegExp(
  `^thywill backup 1 made (?<made>\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z)\\n` +
    `archive (?<archive>a_[0-9a-z]{16})\\nrecords (?<records>${number})\\nhead (?<head>${hash})\\n` +
    `bytes (?<bytes>${number})\\n(?<cache>cache [0-9a-f]{16} ${number} ${hash}\\n)?(?<secrets>secrets ${hash}\\n)?` +
    `(?<keys>(?:known ${hash}\\n)+)(?<files>(?:file ${number} ${hash} ${name}\\n)+)` +
    `key (?<key>${hash})\\nsignature (?<signature>[0-9a-f]{128})\\n$`,
)

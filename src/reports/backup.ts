import { hash } from 'node:crypto'
import { join } from 'node:path'
import { getTableName } from 'drizzle-orm'
import { BackupFailed, makeBackup, requireArchive, requirePlace } from '../archive/backup.ts'
import { listOfErasures } from '../archive/erase.ts'
import { keysName } from '../archive/files.ts'
import { digestOfKeys, lockKeys, readKeys } from '../archive/keys.ts'
import type { CacheProof } from '../archive/manifest.ts'
import { readSealKey, type SealKey } from '../archive/seal.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache } from '../cache/generations.ts'
import type { Reading } from '../cache/reading.ts'
import { digestTable } from '../cache/schema.ts'
import { momentOf } from '../kernel/moment.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { promisedBy, usableCache } from '../ledger/caches.ts'
import { keysAreMissing, missingSealingKeys } from '../ledger/missing-keys.ts'
import { tables } from '../records/kinds.ts'
import { requireBackupFolder } from './backup-folders.ts'
import type { Folders } from './folders.ts'

export interface BackupReport {
  readonly dir: string
  readonly archive: string
  readonly records: number
  readonly head: string
  readonly bytes: number
  readonly files: number
  readonly copied: number
  /** Files that the backup before held as they are. */
  readonly skipped: number
  readonly seconds: number
  /** Whether it holds the keys of SECRETS_DIR, under a passphrase; `hasOlderSecrets`: keys that were there before. */
  readonly secrets: boolean
  readonly hasOlderSecrets: boolean
  /** Whether it says what the site shows; `damaged` when pages of the cache cannot be read, which keeps no backup back. */
  readonly proof: 'held' | 'none' | 'damaged'
}

export type BackupFolders = Folders & { readonly secrets: string }

export interface BackupWish {
  readonly dir: string
  /** With it the keys are in the backup, too. */
  readonly passphrase?: string | undefined
}

/**
 * A backup of the archive, made beside whoever writes to it. Takes as long as there is text, and no thread that serves
 * people should be in it. Throws Unfit for a folder that cannot be used, BackupFailed when the archive is not well.
 */
export async function backupReport(
  folders: BackupFolders,
  { dir, passphrase }: BackupWish,
  onProgress?: (done: number, total: number) => void,
): Promise<BackupReport> {
  const elapsed = stopwatch()
  const { disk, archive, source } = folders
  const id = requireBackup(folders, dir)
  const key = sealKeyOf(folders)
  const keys = readKeys(disk, folders.secrets)
  const digest = digestOfKeys(keys)
  if (passphrase !== undefined) requireNoLoss(folders, dir)
  const locked = passphrase === undefined ? undefined : lockKeys(keys, id, passphrase, source.bytes(28))
  // What was promised is asked before the first byte is copied, and what is copied later holds it.
  const promised = promisedBy(folders.cache, id)
  const erasures = listOfErasures(disk, archive)
  const proof = proofOf(folders, id)
  const { manifest, copied, skipped } = await makeBackup({
    disk,
    archive,
    into: dir,
    key,
    now: momentOf(source.now()),
    promised,
    // Words that were erased since that cache was read are not in what was copied.
    cache: () => (proof !== 'damaged' && listOfErasures(disk, archive) === erasures ? proof : undefined),
    secrets: { digest, locked },
    onProgress,
  })
  return {
    dir,
    archive: manifest.archive,
    records: manifest.records,
    head: manifest.head,
    bytes: manifest.bytes,
    files: manifest.files.length,
    copied,
    skipped,
    seconds: elapsed(),
    secrets: manifest.secrets === digest,
    hasOlderSecrets: manifest.secrets !== undefined && manifest.secrets !== digest,
    proof: proof === 'damaged' ? proof : manifest.cache ? 'held' : 'none',
  }
}

/** Which archive can be backed up here. Throws Unfit with nothing changed. */
export function requireBackup(folders: BackupFolders, dir: string): string {
  requireBackupFolder(dir, folders)
  const id = requireArchive(folders.disk, folders.archive)
  requirePlace(folders.disk, id, dir)
  return id
}

/** Throws BackupFailed when keys would be written over that may be the last copy of one that is missing here. */
function requireNoLoss(folders: BackupFolders, dir: string) {
  if (!folders.disk.measure(join(dir, keysName))) return
  const live = liveCache(folders)
  try {
    const missing = live ? missingSealingKeys(live, folders) : []
    if (missing.length === 0) return
    throw new BackupFailed(
      `${keysAreMissing(missing)} The keys in ${dir} may be its last copy: restore them, or name another folder.`,
    )
  } finally {
    live?.close()
  }
}

function liveCache({ disk, cache, catalogue }: Folders) {
  return usableCache(currentCache(cache, schemaHashOf(disk, catalogue)), 'read')
}

/** What signs a backup. Throws when it is gone: asked before the archive is opened, which would make another. */
export function sealKeyOf({ disk, secrets }: BackupFolders): SealKey {
  const key = readSealKey(disk, secrets)
  if (key) return key
  throw new Error(
    `${secrets} has no seal.key, which signs a backup. Put it back from your copy: without one, the next start makes another key and records that.`,
  )
}

/** What the live cache comes to; nothing when there is none that fits this code and this archive. */
function proofOf({ disk, cache, catalogue }: Folders, archive: string): CacheProof | 'damaged' | undefined {
  const schema = schemaHashOf(disk, catalogue)
  const live = usableCache(currentCache(cache, schema), 'read')
  if (!live) return undefined
  try {
    live.sqlite.exec('begin')
    const cursor = cursorOf(live)
    if (cursor?.archive !== archive) return undefined
    return { schema, sequence: cursor.sequence, digest: digestOfCache(live) }
  } catch (error) {
    // The archive is what is backed up. The cache is mended by the site, or by a rebuild.
    if (isDamage(error)) return 'damaged'
    throw error
  } finally {
    live.close()
  }
}

/** Over the rows of all tables. */
export const digestOfCache = (cache: Reading): string =>
  hash(
    'sha256',
    tables
      .map((table) => `${getTableName(table)} ${digestTable(cache, table).digest}\n`)
      .sort()
      .join(''),
  )

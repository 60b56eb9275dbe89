import { hash } from 'node:crypto'
import { getTableName } from 'drizzle-orm'
import { makeBackup, requireArchive, requireSame } from '../archive/backup.ts'
import { listOfErasures } from '../archive/erase.ts'
import { digestOfKeys, lockKeys, readKeys } from '../archive/keys.ts'
import type { CacheProof } from '../archive/manifest.ts'
import { readSealKey } from '../archive/seal.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache } from '../cache/generations.ts'
import type { Reading } from '../cache/reading.ts'
import { digestTable } from '../cache/schema.ts'
import { momentOf } from '../kernel/moment.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { promisedBy, usableCache } from '../ledger/caches.ts'
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
  /** Whether it holds the keys of SECRETS_DIR, under a passphrase. */
  readonly secrets: boolean
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
  const key = readSealKey(disk, folders.secrets)
  if (!key)
    throw new Error(`${folders.secrets} has no key of the seals, which signs a backup: start the site once.`)
  const keys = readKeys(disk, folders.secrets)
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
    secrets: { digest: digestOfKeys(keys), locked },
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
    secrets: manifest.secrets !== undefined,
    proof: proof === 'damaged' ? proof : manifest.cache ? 'held' : 'none',
  }
}

/** Which archive can be backed up here. Throws Unfit with nothing changed. */
export function requireBackup({ disk, archive, cache }: Folders, dir: string): string {
  requireBackupFolder(dir, archive, cache)
  const id = requireArchive(disk, archive)
  requireSame(disk, id, dir)
  return id
}

/** What the live cache comes to; nothing when there is none that fits this code and this archive. */
function proofOf({ disk, cache, catalogue }: Folders, archive: string): CacheProof | 'damaged' | undefined {
  const schema = schemaHashOf(disk, catalogue.golden, catalogue.kinds)
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

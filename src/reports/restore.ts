import { join } from 'node:path'
import type { Lock } from '../archive/disk.ts'
import { decideExchange, finishExchange } from '../archive/exchange.ts'
import { lockName } from '../archive/files.ts'
import { archiveIdOf, findRecord } from '../archive/find.ts'
import { copyOrigin, type Fork, forkOf, type Origin, originIn } from '../archive/restore.ts'
import { backupProblems, finishBackup, setAside, storedBackup } from '../archive/stored.ts'
import { Unfit } from '../archive/unfit.ts'
import type { Progress } from '../archive/verify.ts'
import { momentOf } from '../kernel/moment.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { promisedBy } from '../ledger/caches.ts'
import type { LedgerOptions } from '../ledger/ledger.ts'
import { requireOrigin } from './backup-folders.ts'
import { prove, RestoreRefused } from './prove.ts'
import { type Stage, stageFor } from './stage.ts'

export interface RestoreReport {
  readonly archive: string
  /** Of the backup. */
  readonly records: number
  readonly head: string
  /** Records that are here and not in the backup: they are given up. */
  readonly lost: number
  /** Records that are in the backup and not here. */
  readonly gained: number
  /** The folder with what was here before; null when nothing was, or nothing was changed. */
  readonly keptAside: string | null
  readonly dryRun: boolean
  readonly seconds: number
  /** Whether the cache came out as the one of the site that made the backup; null when there is nothing to compare with. */
  readonly equal: boolean | null
  /** What was found and done, in sentences. */
  readonly reports: readonly string[]
}

export interface RestoreWish {
  readonly dir: string
  readonly isDryRun: boolean
  /** With it the keys of the backup are restored, too. */
  readonly passphrase?: string | undefined
  /** Goes on though the rebuilt cache has other rows than the one of the site that made the backup. */
  readonly isTextAlone: boolean
}

export type RestoreFolders = LedgerOptions & { readonly backups: string }

/**
 * Proves a backup, then puts it in the place of the archive. Everything happens in folders beside: copied, read from end
 * to end, rebuilt, compared, brought up to the erasures that are known here, and recorded. Only then the folders change
 * over; what was there is kept. Throws Unfit for what was asked wrongly, RestoreRefused with nothing changed.
 */
export async function restoreReport(
  folders: RestoreFolders,
  wish: RestoreWish,
  onProgress?: (progress: Progress) => void,
): Promise<RestoreReport> {
  const elapsed = stopwatch()
  const { disk } = folders
  requireOrigin(wish.dir, folders.archive)
  const origin = originIn(disk, wish.dir)
  requireSame(folders, origin)
  const locks = wish.isDryRun ? [] : takeLocks(folders)
  try {
    if (!wish.isDryRun) finishExchange(disk, folders)
    const stage = await stageFor(folders, origin, wish)
    try {
      requireWhole(origin)
      await copyOrigin(disk, origin, stage.archive, folders.archive, () => {})
      const fork = forkOf(disk, folders.archive, stage.archive)
      const proven = await prove(folders, origin, stage, { ...wish, elapsed, onProgress })
      const { lost, gained } = difference(folders, origin, fork)
      const keptAside = wish.isDryRun ? null : await changeOver(folders, stage)
      const aside = wish.isDryRun ? undefined : giveUpBackup(folders)
      const reports = [...proven.reports, ...(aside ? [aside] : [])]
      const { records, head, equal } = proven
      const figures = { archive: origin.archive, records, head, lost, gained }
      return { ...figures, keptAside, dryRun: wish.isDryRun, seconds: elapsed(), equal, reports }
    } finally {
      stage.remove()
    }
  } finally {
    for (const lock of locks) lock.release()
  }
}

function requireSame({ disk, archive }: RestoreFolders, origin: Origin) {
  const here = archiveIdOf(disk, archive)
  if (here !== undefined && here !== origin.archive)
    throw new Unfit(
      `${origin.folder} is of archive ${origin.archive}, and ${archive} holds ${here}: move that away first.`,
    )
}

/** Nobody writes, projects or follows here meanwhile. */
function takeLocks({ disk, archive, cache }: RestoreFolders): Lock[] {
  const locks: Lock[] = []
  for (const folder of [archive, cache]) {
    disk.makeFolder(folder)
    const lock = disk.lock(join(folder, lockName))
    if (lock) locks.push(lock)
    else {
      for (const taken of locks) taken.release()
      throw new RestoreRefused(`A server is running in ${folder}: stop it, then restore.`)
    }
  }
  return locks
}

function requireWhole({ backup }: Origin) {
  const problems = backup ? [...backupProblems(backup)] : []
  if (problems.length > 0)
    throw new RestoreRefused(
      ['The backup is not as it was made:', ...problems.map(({ file, what }) => `${file}: ${what}.`)].join(
        '\n',
      ),
    )
}

async function changeOver(folders: RestoreFolders, stage: Stage): Promise<string | null> {
  const { disk, source, archive } = folders
  await stage.settle()
  decideExchange(disk, folders, momentOf(source.now()))
  const name = finishExchange(disk, folders)
  return name !== undefined && disk.measure(join(archive, name)) ? join(archive, name) : null
}

/**
 * What the caches have seen was promised, also when its text is gone. Where the text here ends without having left the
 * backup's, what was promised behind it is taken to be what the backup has there.
 */
function difference({ cache }: RestoreFolders, { archive }: Origin, { common, one, other }: Fork) {
  const known = Math.max(one, promisedBy(cache, archive)?.sequence ?? 0)
  const shared = common === one ? Math.min(known, other) : common
  return { lost: known - shared, gained: other - common }
}

/** A backup that goes on where this archive no longer does would keep every later one from being made. */
function giveUpBackup({ disk, archive, backups, source }: RestoreFolders): string | undefined {
  const lock = disk.measure(backups) && disk.lock(join(backups, lockName))
  if (!lock) return undefined
  try {
    finishBackup(disk, backups)
    const held = storedBackup(disk, backups)
    if (!held || held.manifest.archive !== archiveIdOf(disk, archive)) return undefined
    const { records: sequence, head: hash } = held.manifest
    if (findRecord(disk, archive, { sequence, hash })) return undefined
    const aside = setAside(disk, held, momentOf(source.now()))
    return `The scheduled backup ended with record ${sequence}, which was given up: it was moved to ${aside}.`
  } catch (error) {
    // The restore is done; the next scheduled backup will say the same and wait for somebody.
    return `The scheduled backup cannot go on: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    lock.release()
  }
}

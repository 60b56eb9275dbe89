import { join } from 'node:path'
import type { Lock } from '../archive/disk.ts'
import { finishExchange } from '../archive/exchange.ts'
import { makeLasting } from '../archive/file.ts'
import { archiveFiles, lockName } from '../archive/files.ts'
import type { Position } from '../archive/read.ts'
import { openSealKey, type SealKey } from '../archive/seal.ts'
import { millisecondsOf, minutes } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'
import { promisedBy } from './caches.ts'
import { type Fitted, fitCache } from './fit.ts'
import { openArchive } from './genesis.ts'
import type { StartOptions } from './options.ts'
import { type Trouble, trouble } from './standing.ts'

/** What a start found and did, in sentences an operator understands. */
export interface Started {
  /** Who holds it writes the archive. */
  readonly lock: Lock | undefined
  /** Who holds it projects into the cache. */
  readonly cacheLock: Lock | undefined
  readonly sealKey: SealKey | undefined
  /** Path of the cache that fits, caught up as far as the archive verifies. */
  readonly path: string
  /** Where the next record goes. */
  readonly head: Position
  readonly trouble: Trouble | undefined
  /** What the cache that this start made has cost, when it had to make one. */
  readonly rebuilt: Fitted['rebuilt']
  readonly reports: readonly string[]
}

/** The guard at start-up: takes the locks, sees whether the archive is well, and brings the cache to its end. */
export async function start(options: StartOptions): Promise<Started> {
  const { disk, archive, cache, isReadOnly } = options
  const reports: string[] = []
  makeLasting(disk, archive)
  disk.makeFolder(cache)
  disk.protect(cache, 0o700)
  const lock = isReadOnly ? undefined : disk.lock(join(archive, lockName))
  let cacheLock: Lock | undefined
  try {
    cacheLock = disk.lock(join(cache, lockName))
    if (lock && !cacheLock)
      throw new Error(`Another process works in ${cache}: end it, or name another CACHE_DIR.`)
    const aside = lock && finishExchange(disk, options)
    if (aside)
      reports.push(`A restore was finished that had been stopped; what was there before is in ${aside}.`)
    const sealKey = lock && (await prepareArchive(options, reports))
    if (archiveFiles(disk, archive).segments.length === 0) throw lostArchive(options)
    const roles = { sealKey, isProjector: cacheLock !== undefined }
    const fitted = await fitCache(options, roles, reports)
    const reason = fitted.trouble ?? whyNotWriting(options, lock)
    return { lock, cacheLock, sealKey, ...fitted, trouble: reason, reports }
  } catch (error) {
    lock?.release()
    cacheLock?.release()
    throw error
  }
}

/** Only for the holder of the lock: removes what no write finished, makes the key, and writes the first record. */
async function prepareArchive(options: StartOptions, reports: string[]): Promise<SealKey> {
  const { disk, archive, source, catalogue } = options
  disk.protect(archive, 0o700)
  for (const name of archiveFiles(disk, archive).unfinished) {
    disk.remove(join(archive, name))
    reports.push(`${name} was left by a write that did not finish, and was removed.`)
  }
  const sealKey = await openSealKey(disk, options.secrets, source)
  // A new archive is never begun where an old one is known to have been.
  const isLost = archiveFiles(disk, archive).segments.length === 0 && promisedBy(options.cache) !== undefined
  if (!isLost && (await openArchive(disk, archive, source, catalogue, sealKey.publicKey)))
    reports.push(`A new archive was opened. Keep its public key elsewhere: ${sealKey.publicKey}`)
  return sealKey
}

function lostArchive({ archive, cache }: StartOptions): Error {
  const promised = promisedBy(cache)
  if (!promised)
    return new Error(`There is no archive in ${archive} yet, and this process may not begin one.`)
  return new Error(
    `${archive} is empty, but ${cache} has seen ${promised.sequence} records of archive ${promised.archive}. ` +
      'Put the archive back; to begin a new one, empty the cache folder too.',
  )
}

const whyNotWriting = ({ isReadOnly }: StartOptions, lock: Lock | undefined) => {
  if (isReadOnly) return trouble('read-only', 'Read-only was asked for: ARCHIVE_READ_ONLY is on.')
  return lock ? undefined : trouble('elsewhere', 'Another process writes this archive; this one only reads.')
}

/** Only for as long as it lasts: a machine may hear the right time after it has started. */
export const clockTrouble = (source: Source, { time }: { time: string }): Trouble | undefined =>
  time !== '' && source.now() < millisecondsOf(time) - 5 * minutes
    ? trouble('clock', `The clock is more than five minutes behind the last record, written ${time}.`)
    : undefined

import { join } from 'node:path'
import type { Lock } from '../archive/disk.ts'
import { finishExchange } from '../archive/exchange.ts'
import { makeLasting } from '../archive/file.ts'
import { archiveFiles, lockName } from '../archive/files.ts'
import type { Position } from '../archive/position.ts'
import { openSealKey, type SealKey } from '../archive/seal.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import { removeUnfinished } from '../cache/generations.ts'
import { millisecondsOf } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'
import { promisedBy } from './caches.ts'
import type { KeyReason } from './catalogue.ts'
import { look, tryLock } from './findings.ts'
import { type Fitted, fitCache } from './fit.ts'
import { openArchive } from './genesis.ts'
import { decideCache, tolerance, whyNotWriting } from './guard.ts'
import type { StartOptions } from './options.ts'
import { preparingName } from './prepare.ts'
import { removeScratches } from './scratch.ts'
import { type Trouble, trouble } from './standing.ts'

/** What a start found and did, in sentences an operator understands. */
export interface Started {
  /** Who holds it writes the archive. */
  readonly lock: Lock | undefined
  /** Who holds it projects into the cache. */
  readonly cacheLock: Lock | undefined
  readonly sealKey: SealKey | undefined
  /** Why this key is another one, where the archive does not name it. */
  readonly whyKey: KeyReason
  /** Path of the cache that fits, caught up as far as the archive verifies. */
  readonly path: string
  /** Where the next record goes. */
  readonly head: Position
  readonly trouble: Trouble | undefined
  /** What the cache that this start made has cost, when it had to make one. */
  readonly rebuilt: Fitted['rebuilt']
  readonly quarantined: Fitted['quarantined']
  readonly reports: readonly string[]
}

/** The guard at start-up: takes the locks, looks, decides, and brings the cache to the end of the archive. */
export async function start(options: StartOptions): Promise<Started> {
  const { disk, archive, cache, isReadOnly } = options
  const reports: string[] = []
  // A folder that was mistyped must not stay behind.
  if (!disk.measure(archive)) {
    const found = look({ ...options, lock: isReadOnly ? 'not asked for' : 'ours', isProjector: true })
    const decision = decideCache(found)
    if (decision.do === 'refuse') throw new Error(decision.sentence, { cause: found.unread })
  }
  makeLasting(disk, archive)
  disk.makeFolder(cache)
  disk.protect(cache, 0o700)
  const { lock, standing } = tryLock(disk, join(archive, lockName), !isReadOnly)
  let cacheLock: Lock | undefined
  try {
    cacheLock = disk.lock(join(cache, lockName))
    if (lock && !cacheLock)
      throw new Error(`Another process works in ${cache}: end it, or name another CACHE_DIR.`)
    const aside = lock && finishExchange(disk, options)
    if (aside)
      reports.push(`A restore was finished that had been stopped; what was there before is in ${aside}.`)
    if (cacheLock) tidyCaches(options)
    const place = { ...options, lock: standing, isProjector: cacheLock !== undefined }
    const first = look(place)
    // What is not served is not touched either.
    const wished = decideCache(first)
    if (wished.do === 'refuse') throw new Error(wished.sentence, { cause: first.unread })
    const isNew = wished.do === 'begin'
    const sealKey = lock && (await prepareArchive(options, isNew, reports))
    const found = isNew ? look(place, isNew) : first
    const decision = decideCache(found)
    if (decision.do === 'refuse') throw new Error(decision.sentence, { cause: found.unread })
    const roles = { sealKey, isProjector: cacheLock !== undefined }
    const wasHere = promisedBy(cache, found.id) !== undefined
    const fitted = await fitCache(options, { found, decision, roles }, reports)
    return {
      lock,
      cacheLock,
      sealKey,
      whyKey: whyKey(sealKey?.isNew ?? false, wasHere),
      ...fitted,
      trouble: fitted.trouble ?? whyNotWriting(standing),
      reports,
    }
  } catch (error) {
    lock?.release()
    cacheLock?.release()
    throw error
  }
}

/** Removes what killed rebuilds and comparisons left, unless somebody is just preparing a version here. */
function tidyCaches({ disk, cache, schemaHash }: StartOptions) {
  removeScratches(disk, cache)
  const lock = disk.lock(join(cache, preparingName))
  if (!lock) return
  removeUnfinished(cache, schemaHash)
  lock.release()
}

/** Only for the holder of the lock: removes what no write finished, makes the key, and writes the first record. */
async function prepareArchive(
  options: StartOptions,
  isNew: boolean,
  reports: string[],
): Promise<SealKey & { isNew: boolean }> {
  const { disk, archive, source, catalogue } = options
  disk.protect(archive, 0o700)
  const files = orUnreadable(() => archiveFiles(disk, archive))
  // Where a folder is closed the guard has found it.
  for (const name of files instanceof Unreadable ? [] : files.unfinished) {
    disk.remove(join(archive, name))
    reports.push(`${name} was left by a write that did not finish, and was removed.`)
  }
  const sealKey = await openSealKey(disk, options.secrets, source)
  if (sealKey.isNew && !isNew)
    reports.push(
      'The key of the seals was gone: seal.key was not in SECRETS_DIR, so another was made. ' +
        'If you have the old one, stop the site and put it back.',
    )
  const first = isNew && (await openArchive(disk, archive, source, catalogue, sealKey.publicKey))
  if (first)
    reports.push(
      `A new archive was opened. Keep elsewhere its public key ${sealKey.publicKey} and its head, record 1: ${first.hash}`,
    )
  return sealKey
}

/** `wasHere`: this machine has served the archive, with a key that the archive names. */
function whyKey(isNew: boolean, wasHere: boolean): KeyReason {
  if (isNew) return 'lost'
  return wasHere ? 'rotated' : 'moved'
}

/** Only for as long as it lasts: a machine may hear the right time after it has started. */
export const clockTrouble = (source: Source, { time }: { time: string }): Trouble | undefined =>
  time !== '' && source.now() < millisecondsOf(time) - tolerance
    ? trouble('clock', `The clock is more than five minutes behind the last record, written ${time}.`)
    : undefined

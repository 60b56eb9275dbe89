import { carryOut, type Erasure } from '../archive/erase.ts'
import { archiveFiles } from '../archive/files.ts'
import { type Fault, findPosition, type Position, type ReadEnd } from '../archive/read.ts'
import { readSeal, type Seal, type SealKey, sealSegment } from '../archive/seal.ts'
import { judge, quarantine, renewEnd } from '../archive/tail.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache, pointTo, prune } from '../cache/generations.ts'
import { momentOf } from '../kernel/moment.ts'
import { promisedBy, usableCache } from './caches.ts'
import { catchUp } from './catch-up.ts'
import { projector, UnknownKind } from './project.ts'
import { rebuild } from './rebuild.ts'
import { type Trouble, trouble } from './standing.ts'
import type { StartOptions } from './start.ts'

/** What this process may do besides reading. */
export interface Roles {
  /** Only the one who writes the archive has it. */
  readonly sealKey: SealKey | undefined
  readonly isProjector: boolean
}

export interface Fitted {
  readonly path: string
  readonly head: Position
  readonly trouble: Trouble | undefined
}

interface Reached extends ReadEnd {
  readonly path: string
  readonly trouble?: Trouble
}

/** A cache that fits this code and this archive, caught up or made anew; and whether the archive may be written. */
export async function fitCache(options: StartOptions, roles: Roles, reports: string[]): Promise<Fitted> {
  const promised = promisedBy(options.cache)
  if (roles.sealKey) await renewEnd(options.disk, options.archive, promised)
  const reached = reach(options, roles, reports)
  const reason = reached.trouble ?? (await settle(options, roles, reached, promised?.sequence, reports))
  const path =
    reason || !roles.sealKey
      ? reached.path
      : await finishErasures(options, roles.sealKey, reached.path, reports)
  if (!reason && roles.sealKey) {
    const { id, demanded } = erasuresIn(options, path)
    for (const month of await sealMonths(options, roles.sealKey, id, demanded))
      reports.push(`${month} is over and had no seal that fits; it was verified and sealed.`)
  }
  if (roles.isProjector) prune(options.cache, options.schemaHash, [path])
  return { path, head: reached.safe, trouble: reason }
}

/** The end of the archive, seen by a cache that has everything up to there. */
function reach(options: StartOptions, roles: Roles, reports: string[]): Reached {
  const { disk, archive, catalogue } = options
  const path = currentCache(options.cache, options.schemaHash)
  const cache = usableCache(path, roles.isProjector ? 'write' : 'read')
  if (!cache) {
    if (path) reports.push('The cache could not be used; it is made anew from the archive.')
    return anew(options, roles)
  }
  try {
    const cursor = cursorOf(cache)
    if (!cursor) return anew(options, roles)
    if (!roles.isProjector) return { path: cache.path, safe: cursor }
    const from = findPosition(disk, archive, cursor)
    if (!from) return { path: cache.path, safe: cursor, trouble: ahead(cursor.sequence) }
    try {
      return { path: cache.path, ...catchUp(disk, archive, cache, projector(catalogue.kinds), from) }
    } catch (error) {
      if (!(error instanceof UnknownKind)) throw error
      return { path: cache.path, safe: cursor, trouble: trouble('newer', error.message) }
    }
  } finally {
    cache.close()
  }
}

/** Makes a cache from nothing and points to it. Throws when this process may not, or when a record cannot be read. */
function anew(options: StartOptions, roles: Roles): Reached {
  if (!roles.isProjector)
    throw new Error(`Another process works in ${options.cache}; wait for it, or name another CACHE_DIR.`)
  const rebuilt = rebuild({
    ...options,
    kinds: options.catalogue.kinds,
    now: momentOf(options.source.now()),
  })
  pointTo(options.cache, options.schemaHash, rebuilt.path)
  return rebuilt
}

/** Judges how reading ended: a torn tail is put away, everything else that is wrong stops writing. */
async function settle(
  options: StartOptions,
  roles: Roles,
  { safe, fault }: ReadEnd,
  promised: number | undefined,
  reports: string[],
): Promise<Trouble | undefined> {
  const { disk, archive } = options
  const verdict = judge(disk, archive, { safe, ...(fault && { fault }) }, promised)
  if (verdict.is === 'corrupt') return corrupt(verdict.fault)
  if (verdict.is === 'torn' && roles.sealKey) {
    const name = await quarantine(disk, archive, verdict.fault, safe)
    reports.push(
      `The last write did not finish: everything behind record ${safe.sequence} was moved to ${name}.`,
    )
  }
  return promised !== undefined && promised > safe.sequence ? ahead(promised) : undefined
}

export const corrupt = ({ file, line, sequence, what }: Fault) =>
  trouble('corrupt', `${file}, line ${line}, record ${sequence}: ${what}.`)

export const ahead = (sequence: number) =>
  trouble(
    'ahead',
    `The cache has seen record ${sequence}, which the archive does not hold: acknowledged records are gone.`,
  )

/** A start finishes what a chained `record.erased` demands: the words leave the text, then a cache is made without them. */
async function finishErasures(
  options: StartOptions,
  key: SealKey,
  path: string,
  reports: string[],
): Promise<string> {
  const { id, demanded, carriedOut } = erasuresIn(options, path)
  if (demanded.length === carriedOut) return path
  await carryOutAll(options, key, id, demanded)
  reports.push('Words that were to be erased were still there; they are gone now.')
  return anew(options, { sealKey: undefined, isProjector: true }).path
}

/** Takes words out of the text, and seals anew the closed months they were in. */
export async function carryOutAll(
  { disk, archive }: Pick<StartOptions, 'disk' | 'archive'>,
  key: SealKey,
  id: string,
  erasures: readonly Erasure[],
): Promise<void> {
  const months = new Set<string>()
  for (const erasure of erasures) months.add(await carryOut(disk, archive, erasure))
  const { segments } = archiveFiles(disk, archive)
  for (const { month } of segments.slice(0, -1)) {
    if (months.has(month)) await sealSegment(disk, archive, month, id, key)
  }
}

/**
 * Months that are over get their seal now, if they have none, or one of before words were erased there. Answers which.
 * `erasures` are all that were ever recorded.
 */
export async function sealMonths(
  { disk, archive }: Pick<StartOptions, 'disk' | 'archive'>,
  key: SealKey,
  id: string,
  erasures: readonly Erasure[],
): Promise<string[]> {
  const { segments } = archiveFiles(disk, archive)
  const due = segments.slice(0, -1).filter(({ month, isSealed }) => {
    const seal = isSealed ? readSeal(disk, archive, month) : undefined
    return seal ? seal.erased < blocksErased(seal, erasures) : !isSealed
  })
  for (const { month } of due) await sealSegment(disk, archive, month, id, key)
  return due.map(({ month }) => month)
}

function blocksErased({ first, last }: Seal, erasures: readonly Erasure[]): number {
  const inMonth = erasures.filter(({ record }) => record >= first && record <= last)
  return new Set(inMonth.map(({ record, field }) => `${record} ${field}`)).size
}

function erasuresIn({ catalogue }: StartOptions, path: string) {
  const cache = usableCache(path, 'read')
  const cursor = cache && cursorOf(cache)
  if (!cache || !cursor) throw new Error(`${path} is no cache`)
  const demanded = catalogue.erasures(cache)
  cache.close()
  return { id: cursor.archive, demanded, carriedOut: cursor.erasures }
}

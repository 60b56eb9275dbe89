import { SqliteError } from 'better-sqlite3'
import { carryOut } from '../archive/erase.ts'
import { Corruption, type Fault, findPosition, type Position, type ReadEnd } from '../archive/read.ts'
import type { SealKey } from '../archive/seal.ts'
import { judge, quarantine, renewEnd } from '../archive/tail.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache, pointTo, prune } from '../cache/generations.ts'
import { momentOf } from '../kernel/moment.ts'
import { promisedBy, usableCache } from './caches.ts'
import { catchUp } from './catch-up.ts'
import type { StartOptions } from './options.ts'
import { type Months, monthsProblem, sealMonths } from './months.ts'
import { projector, UnknownKind } from './project.ts'
import { rebuild } from './rebuild.ts'
import { type Trouble, trouble } from './standing.ts'

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
    reason || !roles.sealKey ? reached.path : await finishErasures(options, reached.path, reports)
  const ill =
    reason || !roles.sealKey ? undefined : await lookAtMonths(options, roles.sealKey, path, reports)
  if (roles.isProjector) prune(options.cache, options.schemaHash, [path])
  return { path, head: reached.safe, trouble: reason ?? ill }
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
      if (error instanceof UnknownKind)
        return { path: cache.path, safe: cursor, trouble: trouble('newer', error.message) }
      if (!(error instanceof SqliteError)) throw error
      reports.push(`The cache could not be caught up (${error.message}); it is made anew from the archive.`)
      return anew(options, roles)
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

export const corrupt = (fault: Fault) => trouble('corrupt', new Corruption(fault).message)

export const ahead = (sequence: number) =>
  trouble(
    'ahead',
    `The cache has seen record ${sequence}, which the archive does not hold: acknowledged records are gone.`,
  )

/** A start finishes what a chained `record.erased` demands: the words leave the text, then a cache is made without them. */
async function finishErasures(
  options: StartOptions,
  path: string,
  reports: string[],
): Promise<string> {
  const { erasures, carriedOut } = learnt(options, path)
  if (erasures.length === carriedOut) return path
  for (const erasure of erasures) await carryOut(options.disk, options.archive, erasure)
  reports.push('Words that were to be erased were still there; they are gone now.')
  return anew(options, { sealKey: undefined, isProjector: true }).path
}

/** Seals what is to be sealed, and looks whether the months that are over are as their seals say. */
async function lookAtMonths(
  options: StartOptions,
  key: SealKey,
  path: string,
  reports: string[],
): Promise<Trouble | undefined> {
  const { archive, erasures, keys } = learnt(options, path)
  const months: Months = { disk: options.disk, folder: options.archive, archive, erasures }
  try {
    for (const month of await sealMonths(months, key))
      reports.push(`${month} is over and had no seal that fits; it was verified and sealed.`)
  } catch (error) {
    if (error instanceof Corruption) return trouble('corrupt', error.message)
    throw error
  }
  const problem = monthsProblem(months, [...keys, key.publicKey])
  return problem === undefined ? undefined : trouble('corrupt', problem)
}

/** What a cache knows about its archive as a whole. */
function learnt({ catalogue }: StartOptions, path: string) {
  const cache = usableCache(path, 'read')
  const cursor = cache && cursorOf(cache)
  if (!cache || !cursor) throw new Error(`${path} is no cache`)
  const erasures = catalogue.erasures(cache)
  const keys = catalogue.sealKeys(cache)
  cache.close()
  return { archive: cursor.archive, carriedOut: cursor.erasures, erasures, keys }
}

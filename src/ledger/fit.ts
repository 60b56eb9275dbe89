import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { SqliteError } from 'better-sqlite3'
import { carryOut } from '../archive/erase.ts'
import {
  beginning,
  Corruption,
  type Fault,
  findPosition,
  type Position,
  type ReadEnd,
  readGroups,
} from '../archive/read.ts'
import type { SealKey } from '../archive/seal.ts'
import { isUnfinished, judge, quarantine, renewEnd } from '../archive/tail.ts'
import { type Cursor, cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache, pointTo, prune, setAside } from '../cache/generations.ts'
import { momentOf } from '../kernel/moment.ts'
import { cursorIn, promisedBy, usableCache } from './caches.ts'
import { catchUp } from './catch-up.ts'
import { type Months, monthsProblem, sealMonths } from './months.ts'
import type { StartOptions } from './options.ts'
import { projector, UnknownKind } from './project.ts'
import { rebuildWith } from './rebuild.ts'
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
  /** Records of the cache that this start made, and how long that took. */
  readonly rebuilt: { readonly records: number; readonly seconds: number } | undefined
}

interface Reached extends ReadEnd {
  readonly path: string
  readonly trouble?: Trouble
  readonly rebuilt?: { readonly records: number; readonly seconds: number }
}

/** A cache that fits this code and this archive, caught up or made anew; and whether the archive may be written. */
export async function fitCache(options: StartOptions, roles: Roles, reports: string[]): Promise<Fitted> {
  const { disk, archive, cache, schemaHash } = options
  const id = archiveId(options)
  const path = currentCache(cache, schemaHash)
  const own = cursorIn(path)
  const promised = promisedBy(cache, id)
  const seen = { id, own: own?.archive === id ? own : undefined, promised }
  if (roles.sealKey) await renewEnd(disk, archive, promised)
  try {
    return await fit(options, roles, seen, reports)
  } catch (error) {
    if (!path || !roles.isProjector || !isDamage(error)) throw error
    putAway(path, reports)
    return fit(options, roles, seen, reports)
  }
}

function putAway(path: string, reports: string[]) {
  setAside(path)
  reports.push(`The cache is damaged, and was set aside as ${basename(path)}.damaged.`)
}

async function fit(options: StartOptions, roles: Roles, seen: Seen, reports: string[]): Promise<Fitted> {
  const { cache, schemaHash } = options
  const reached = await reach(options, roles, seen.id, reports)
  const reason = reached.trouble ?? (await settle(options, roles, reached, seen, reports))
  // A cache that ends where the text is bent must not stand for everything that was ever promised.
  if (reason?.why === 'corrupt' || reason?.why === 'ahead') {
    if (roles.isProjector) prune(cache, schemaHash, [reached.path])
    return { path: reached.path, head: reached.safe, trouble: reason, rebuilt: reached.rebuilt }
  }

  if (roles.isProjector) pointTo(cache, schemaHash, reached.path)
  const path = reason ? reached.path : await finishErasures(options, roles, reached.path, reports)
  const ill = reason || !roles.sealKey ? undefined : await lookAtMonths(options, roles.sealKey, path, reports)
  if (roles.isProjector) prune(cache, schemaHash, [path], path !== reached.path)
  return { path, head: reached.safe, trouble: reason ?? ill, rebuilt: reached.rebuilt }
}

/** Which archive this is, from its first record; empty when that cannot be read. */
export function archiveId({ disk, archive }: StartOptions): string {
  const groups = readGroups(disk, archive)
  const first = groups.next()
  groups.return({ safe: beginning })
  if (first.done) return ''
  return first.value.records[0]?.values.find(([key]) => key === 'archive')?.[1] ?? ''
}

/** The end of the archive, seen by a cache that has everything up to there. */
async function reach(options: StartOptions, roles: Roles, id: string, reports: string[]): Promise<Reached> {
  const { disk, archive, catalogue } = options
  const path = currentCache(options.cache, options.schemaHash)
  const cache = usableCache(path, roles.isProjector ? 'write' : 'read')
  const cursor = cache && cursorOf(cache)
  if (!cache || !cursor || cursor.archive !== id) {
    cache?.close()
    if (!cache && path && existsSync(path) && roles.isProjector) putAway(path, reports)
    if (path) reports.push('The cache could not be used; it is made anew from the archive.')
    return anew(options, roles)
  }
  try {
    if (!roles.isProjector) return { path: cache.path, safe: cursor }
    const from = findPosition(disk, archive, cursor)
    if (!from) return { path: cache.path, safe: cursor, trouble: ahead(cursor.sequence) }
    return { path: cache.path, ...catchUp(disk, archive, cache, projector(catalogue.kinds), from) }
  } catch (error) {
    if (error instanceof UnknownKind)
      return { path: cache.path, safe: cursor, trouble: trouble('newer', error.message) }
    if (isDamage(error) || !(error instanceof SqliteError)) throw error
    reports.push(`The cache could not be caught up (${error.message}); it is made anew from the archive.`)
    return anew(options, roles)
  } finally {
    cache.close()
  }
}

/** Makes a cache from nothing. Throws when this process may not, or when a record cannot be read. */
async function anew(options: StartOptions, roles: Roles): Promise<Reached> {
  if (!roles.isProjector)
    throw new Error(`Another process works in ${options.cache}; wait for it, or name another CACHE_DIR.`)
  const { disk, catalogue, archive, cache, schemaHash, source, onProgress } = options
  const { rebuild = rebuildWith(disk, catalogue.kinds) } = options
  const now = momentOf(source.now())
  const made = await rebuild({ archive, cache, schemaHash, now }, { onProgress })
  return { ...made, rebuilt: made }
}

interface Seen {
  /** Id of the archive. */
  readonly id: string
  /** Where the cache of this code stood: it was written beside the archive, so nothing behind it was acknowledged. */
  readonly own: Cursor | undefined
  /** The furthest that any cache of this archive stood. */
  readonly promised: Cursor | undefined
}

/** Judges how reading ended: a torn tail is put away, everything else that is wrong stops writing. */
async function settle(
  { disk, archive }: StartOptions,
  roles: Roles,
  { safe, fault }: ReadEnd,
  { own, promised }: Seen,
  reports: string[],
): Promise<Trouble | undefined> {
  const end = { safe, ...(fault && { fault }) }
  const verdict = judge(disk, archive, end, own?.sequence, promised?.sequence)
  if (verdict.is === 'corrupt') return corrupt(verdict.fault)
  if (verdict.is === 'torn' && roles.sealKey) {
    const isOurs = isUnfinished(disk, archive, verdict.fault, safe)
    const name = await quarantine(disk, archive, verdict.fault, safe)
    reports.push(
      isOurs
        ? `The last write did not finish: everything behind record ${safe.sequence} was moved to ${name}.`
        : `Behind record ${safe.sequence} stood bytes that no write begins with: somebody else wrote them, or the power failed during a write. They were moved to ${name}.`,
    )
  }
  return promised && !findPosition(disk, archive, promised) ? ahead(promised.sequence) : undefined
}

export const corrupt = (fault: Fault) => trouble('corrupt', new Corruption(fault).message)

export const ahead = (sequence: number) =>
  trouble(
    'ahead',
    `The cache has seen record ${sequence}, which the archive does not hold: acknowledged records are gone.`,
  )

/**
 * A start finishes what a chained `record.erased` demands: the writer takes the words out of the text; then a cache is
 * made without them, by the writer and by whoever follows it.
 */
async function finishErasures(
  options: StartOptions,
  roles: Roles,
  path: string,
  reports: string[],
): Promise<string> {
  const { erasures, carriedOut } = learnt(options, path)
  if (erasures.length === carriedOut || !roles.isProjector) return path
  if (roles.sealKey) {
    for (const erasure of erasures) await carryOut(options.disk, options.archive, erasure)
    reports.push('Words that were to be erased were still there; they are gone now.')
  }
  const made = await anew(options, roles)
  pointTo(options.cache, options.schemaHash, made.path)
  return made.path
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

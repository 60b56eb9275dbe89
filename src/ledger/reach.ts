import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { SqliteError } from 'better-sqlite3'
import { findPosition } from '../archive/find.ts'
import type { SealKey } from '../archive/seal.ts'
import type { ReadEnd } from '../archive/segment.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage, isPassing } from '../cache/damage.ts'
import { currentCache, reserveCache, setAside } from '../cache/generations.ts'
import { momentOf } from '../kernel/moment.ts'
import { cursorIn, usableCache } from './caches.ts'
import { catchUp } from './catch-up.ts'
import { ahead, type CacheDecision, type Findings, unreadable, type Why, workedIn } from './guard.ts'
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

/** What the guard found and decided, and what this process may do about it. */
export interface Guarded {
  readonly found: Findings
  readonly decision: CacheDecision
  readonly roles: Roles
}

/** A cache that this start made, of how many records, and how long that took. */
export interface Remade {
  /** `undefined` for the first cache of a new archive. */
  readonly why: 'missing' | 'schema' | 'unusable' | undefined
  readonly records: number
  readonly seconds: number
}

/** A cache, how far it has come, and why not further. */
export interface Reached extends ReadEnd {
  readonly path: string
  readonly trouble?: Trouble
  readonly rebuilt?: Remade
  /** Kinds passed over, with how many records. */
  readonly unknown?: ReadonlyMap<string, number>
}

/** The end of the archive, seen by a cache that has everything up to there. */
export async function reach(
  options: StartOptions,
  { decision, roles }: Guarded,
  reports: string[],
): Promise<Reached> {
  const path = currentCache(options.cache, options.schemaHash)
  if (decision.do === 'make' && decision.why === 'unusable' && path && existsSync(path))
    putAway(path, reports)
  if (decision.sentence) reports.push(decision.sentence)
  if (decision.do === 'catch up') return catchUpOrMake(options, roles, reports)
  if (decision.do === 'serve as it is') {
    const cursor = cursorIn(path)
    if (!path || !cursor) throw new Error('the cache that was found is gone')
    return { path, safe: cursor, trouble: decision.trouble }
  }
  return anew(options, roles, decision.do === 'make' ? decision.why : 'new')
}

async function catchUpOrMake(options: StartOptions, roles: Roles, reports: string[]): Promise<Reached> {
  const { disk, archive, catalogue } = options
  const path = currentCache(options.cache, options.schemaHash)
  const cache = usableCache(path, roles.isProjector ? 'write' : 'read')
  const cursor = cache && cursorOf(cache)
  if (!cache || !cursor) throw new Error('the cache that was found is gone')
  const projecting = projector(catalogue.kinds)
  try {
    if (!roles.isProjector) return { path: cache.path, safe: cursor }
    const from = findPosition(disk, archive, cursor)
    if (!from) return { path: cache.path, safe: cursor, trouble: ahead(cursor.sequence) }
    const end = catchUp(disk, archive, cache, projecting, from)
    return { path: cache.path, ...end, unknown: projecting.unknown }
  } catch (error) {
    if (error instanceof UnknownKind)
      return { path: cache.path, safe: cursor, trouble: trouble('newer', error.message) }
    // It has what was in front of that file.
    if (error instanceof Unreadable)
      return { path: cache.path, safe: cursorOf(cache) ?? cursor, trouble: unreadable(error) }
    if (isDamage(error) || !(error instanceof SqliteError)) throw error
    if (isPassing(error)) {
      // It shows what it has; making another would need more of what is missing. Who only follows tries at every look.
      if (!roles.sealKey) reports.push(cannotFollow(error))
      return {
        path: cache.path,
        safe: cursor,
        ...(roles.sealKey && { trouble: trouble('cache', cannotFollow(error)) }),
      }
    }
    reports.push(`The cache could not be caught up (${error.message}); it is made anew from the archive.`)
    return anew(options, roles, 'unusable')
  } finally {
    cache.close()
  }
}

/** Makes a cache from nothing. Throws when this process may not, or when a record cannot be read. */
export async function anew(options: StartOptions, roles: Roles, why: Why): Promise<Reached> {
  if (!roles.isProjector) throw new Error(workedIn(options.cache))
  const { disk, catalogue, archive, cache, schemaHash, source, onProgress } = options
  const { rebuild = rebuildWith(disk, catalogue.kinds) } = options
  const order = { archive, path: reserveCache(cache, schemaHash), now: momentOf(source.now()) }
  const made = await rebuild(order, { onProgress })
  const { records, seconds } = made
  return { ...made, rebuilt: { why: reasons[why], records, seconds } }
}

const reasons = {
  new: undefined,
  missing: 'missing',
  schema: 'schema',
  unusable: 'unusable',
  'other-archive': 'unusable',
} as const satisfies Record<Why, Remade['why']>

/** What an operator reads when there is no room, say. */
export const cannotFollow = ({ message }: Error) =>
  `The cache cannot follow the archive (${message}); it is tried again.`

/** Keeps the file of a damaged cache, out of the way. */
export function putAway(path: string, reports: string[]) {
  setAside(path)
  reports.push(`The cache is damaged, and was set aside as ${basename(path)}.damaged.`)
}

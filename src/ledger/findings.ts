import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Disk, Lock } from '../archive/disk.ts'
import { readWhole } from '../archive/file.ts'
import { archiveFiles, formatName } from '../archive/files.ts'
import { formatText } from '../archive/format.ts'
import { beginning, findPosition, readGroups } from '../archive/read.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache, pointedCaches } from '../cache/generations.ts'
import { openReader } from '../cache/open.ts'
import { promisedBy, usableCache } from './caches.ts'
import type { CacheFound, Findings } from './guard.ts'

/** Where to look, and what this process may do there. */
export interface Place {
  readonly disk: Disk
  readonly archive: string
  readonly cache: string
  readonly schemaHash: string
  readonly lock: Findings['lock']
  readonly isProjector: boolean
}

/** Looks at files and cursors, never at the text: what it costs does not grow with the archive. */
export function look(place: Place): Findings {
  const { disk, archive, cache, schemaHash, lock, isProjector } = place
  const id = archiveId(disk, archive)
  const own = currentCache(cache, schemaHash)
  return {
    archive,
    caches: cache,
    id,
    hasSegments: archiveFiles(disk, archive).segments.length > 0,
    format: formatOf(disk, archive),
    lock,
    isProjector,
    own: cacheFound(place, own),
    hasOtherSchema: pointedCaches(cache).some((path) => path !== own),
    promised: promisedBy(cache),
  }
}

/** Which archive this is, from its first record; empty when that cannot be read. */
export function archiveId(disk: Disk, archive: string): string {
  const groups = readGroups(disk, archive)
  const first = groups.next()
  groups.return({ safe: beginning })
  if (first.done) return ''
  return first.value.records[0]?.values.find(([key]) => key === 'archive')?.[1] ?? ''
}

function formatOf(disk: Disk, archive: string): Findings['format'] {
  if (!archiveFiles(disk, archive).hasFormat) return 'missing'
  const text = readWhole(disk, join(archive, formatName)).toString('utf8')
  if (text === formatText) return 'ours'
  const number = /^thywill archive (\d{1,6})\n/.exec(text)?.[1]
  return Number(number) > 1 ? 'newer' : 'strange'
}

function cacheFound({ disk, archive }: Place, path: string | undefined): CacheFound {
  if (path === undefined || !existsSync(path)) return { is: 'missing' }
  const cache = usableCache(path, 'read')
  if (!cache) return { is: 'unusable', why: whyUnusable(path) }
  try {
    const cursor = cursorOf(cache)
    if (!cursor) return { is: 'unusable', why: 'it has no cursor' }
    const { archive: of, sequence } = cursor
    return {
      is: 'usable',
      archive: of,
      sequence,
      stands: findPosition(disk, archive, cursor) !== undefined,
    }
  } finally {
    cache.close()
  }
}

function whyUnusable(path: string): string {
  try {
    openReader(path).close()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'it is no cache of ours, or its cursor is gone'
}

/** Takes the lock, or says why not. Throws when the disk fails, because then nobody knows. */
export function tryLock(
  disk: Disk,
  path: string,
  isAsked: boolean,
): { readonly lock: Lock | undefined; readonly standing: Findings['lock'] } {
  if (!isAsked) return { lock: undefined, standing: 'not asked for' }
  try {
    const lock = disk.lock(path)
    return { lock, standing: lock ? 'ours' : 'elsewhere' }
  } catch (error) {
    if (!mayNotWrite(error)) throw error
    return { lock: undefined, standing: { refused: error.message } }
  }
}

/** As in a folder of somebody else, or on a disk that is only to be read. */
function mayNotWrite(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN|PERM))/.test(code)
}

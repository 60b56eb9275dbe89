import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Disk, Lock } from '../archive/disk.ts'
import { Corruption, type Fault } from '../archive/fault.ts'
import { readWhole } from '../archive/file.ts'
import { archiveFiles, formatName, segmentName } from '../archive/files.ts'
import { beforeSegment, findPosition, whichArchive } from '../archive/find.ts'
import { formatText } from '../archive/format.ts'
import type { Position } from '../archive/position.ts'
import { readGroups } from '../archive/read.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import { type Cursor, cursorOf } from '../cache/cursor.ts'
import { currentCache, pointedCaches } from '../cache/generations.ts'
import { openReader } from '../cache/open.ts'
import { promisedBy, usableCache } from './caches.ts'
import type { CacheFound, Findings, Lost } from './guard.ts'

/** Where to look, and what this process may do there. */
export interface Place {
  readonly disk: Disk
  readonly archive: string
  readonly cache: string
  readonly schemaHash: string
  readonly lock: Findings['lock']
  readonly isProjector: boolean
  /** Where backups are made. */
  readonly backups?: string | undefined
}

/** Looks at files, their first bytes, and cursors, never at the text: what it costs hardly grows with the archive. */
export function look(place: Place, isNew = false): Findings {
  const { disk, archive, cache, schemaHash, lock, isProjector, backups } = place
  let unread: Unreadable | undefined
  /** What cannot be read is found, too. */
  const unlessUnread = <Found>(find: () => Found): Found | undefined => {
    const found = orUnreadable(find)
    if (!(found instanceof Unreadable)) return found
    unread ??= found
    return undefined
  }
  const segments = unlessUnread(() => archiveFiles(disk, archive).segments)
  for (const segment of segments ?? []) unlessUnread(() => beforeSegment(disk, archive, segment))
  const first = whichArchive(disk, archive)
  unread ??= first.unread
  const { id = '', fault: bent } = first
  const format = unlessUnread(() => formatOf(disk, archive)) ?? 'strange'
  const own = currentCache(cache, schemaHash)
  const found = cacheFound(place, own)
  if (found.is === 'usable') unread ??= found.unread
  return {
    archive,
    caches: cache,
    id,
    bent,
    isNew,
    unread,
    hasSegments: segments === undefined || segments.length > 0,
    format,
    lock,
    isProjector,
    own: found,
    hasOtherSchema: pointedCaches(cache).some((path) => path !== own),
    promised: promisedBy(cache),
    backup: id === '' && !unread ? backupIn(disk, backups) : undefined,
  }
}

/** What a backup, or any other copy of an archive in this folder, is of. */
export function backupIn(disk: Disk, folder: string | undefined): Findings['backup'] {
  if (folder === undefined || archiveFiles(disk, folder).segments.length === 0) return undefined
  return { folder, archive: whichArchive(disk, folder).id }
}

function formatOf(disk: Disk, archive: string): Findings['format'] {
  if (!archiveFiles(disk, archive).hasFormat) return 'missing'
  const text = readWhole(disk, join(archive, formatName)).toString('utf8')
  if (text === formatText) return 'ours'
  const number = /^thywill archive (\d{1,6})\n/.exec(text)?.[1]
  return Number(number) > 1 ? 'newer' : 'strange'
}

/** `unread`: what keeps anybody from telling whether it stands. */
function cacheFound(
  { disk, archive }: Place,
  path: string | undefined,
): CacheFound & { readonly unread?: Unreadable } {
  if (path === undefined || !existsSync(path)) return { is: 'missing' }
  const cache = usableCache(path, 'read')
  if (!cache) return { is: 'unusable', why: whyUnusable(path) }
  try {
    const cursor = cursorOf(cache)
    if (!cursor) return { is: 'unusable', why: 'it has no cursor' }
    const { archive: of, sequence } = cursor
    const found = orUnreadable(() => {
      const stands = findPosition(disk, archive, cursor) !== undefined
      return { stands, ...(!stands && { lost: whereLost(disk, archive, cursor) }) }
    })
    const told = found instanceof Unreadable ? { stands: false, unread: found } : found
    return { is: 'usable', archive: of, sequence, ...told }
  } finally {
    cache.close()
  }
}

/** What is wrong with the month in which a record should stand that is not there; `undefined` when it only ends before. */
export function whereLost(disk: Disk, archive: string, { month, sequence }: Cursor): Lost | undefined {
  const segment = archiveFiles(disk, archive).segments.find((one) => one.month === month)
  if (!segment) return { is: 'gone', sentence: `${segmentName(month)} is missing.` }
  const from = beforeSegment(disk, archive, segment)
  if (!from) return { is: 'bent', sentence: `${segment.name}, line 1: this is no head of a segment.` }
  const fault = faultBehind(disk, archive, from)
  // What stands whole where the record was is another one.
  return fault && { is: fault.sequence > sequence ? 'gone' : 'bent', sentence: new Corruption(fault).message }
}

function faultBehind(disk: Disk, archive: string, from: Position): Fault | undefined {
  const groups = readGroups(disk, archive, from)
  let step = groups.next()
  while (!step.done) step = groups.next()
  return step.value.fault
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
export function mayNotWrite(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN|PERM))/.test(code)
}

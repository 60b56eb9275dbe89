import { basename, join, relative } from 'node:path'
import { archiveFiles, isDecidedRestore } from '../archive/files.ts'
import { archiveIdOf, findPosition } from '../archive/find.ts'
import { type KindCounts, kindCounter, sumOfCounts } from '../archive/kinds.ts'
import { beginning, type Position } from '../archive/position.ts'
import { readGroups } from '../archive/read.ts'
import type { ReadEnd } from '../archive/segment.ts'
import { judge, type Verdict } from '../archive/tail.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import { fileProblems, onlyOnce, type Problem, unlessUnread, unreadProblem } from '../archive/verify.ts'
import { type Cursor, cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache } from '../cache/generations.ts'
import type { Reading } from '../cache/reading.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { promisedBy, usableCache } from '../ledger/caches.ts'
import { missingSealingKeys } from '../ledger/missing-keys.ts'
import { monthsProblem } from '../ledger/months.ts'
import type { Trouble } from '../ledger/standing.ts'
import type { Folders } from './folders.ts'
import { type KindRecords, unknownKinds } from './kinds.ts'
import { lostArchive, lostRecord, wholeArchiveName } from './lost.ts'
import { type Served, unlikeServed } from './served.ts'
import { type LastVerification, lastVerification } from './verify.ts'

export interface StatusReport {
  readonly archive: {
    readonly id: string | null
    readonly records: number
    readonly bytes: number
    readonly segments: number
    readonly lastSequence: number
    readonly head: string
    /** When the last record was written. */
    readonly lastWritten: string | null
    /** Whether the last write was finished, and if not, whether that is all there is to it. */
    readonly end: Verdict['is']
    readonly healthy: boolean
    readonly problems: readonly Problem[]
    /** Kinds that this code does not know, of what was read last and of what came since. */
    readonly unknown: readonly KindRecords[]
  }
  readonly cache: {
    /** Relative to the cache folder; null when there is none for this code. */
    readonly file: string | null
    readonly schemaHash: string | null
    readonly cursor: { readonly sequence: number; readonly hash: string } | null
    /** Whether a start would serve from it after catching up. */
    readonly fits: boolean
  }
  readonly code: { readonly schemaHash: string }
  /** Numbers of the keys that words were sealed with and that this machine does not have. */
  readonly missingKeys: readonly number[]
  readonly server: {
    readonly running: boolean
    readonly trouble: Trouble | null
    /** Where the site was asked. */
    readonly served?: Served | undefined
  }
  readonly lastVerification: Omit<LastVerification, 'kinds'> | null
  readonly lastRebuild: { readonly at: string; readonly seconds: number } | null
}

/** `backups`: where a backup may tell that there was an archive. */
export type StatusFolders = Folders & { readonly secrets: string; readonly backups?: string | undefined }

/** Stands for a file where a problem is that the last verification found some. */
export const lastVerificationName = 'last verification'

/**
 * How archive and cache stand, without a lock and beside a running server. Reads only what the cache has not seen;
 * `verifyReport` reads everything.
 */
export function statusReport(folders: StatusFolders, server: StatusReport['server']): StatusReport {
  const { disk, archive, cache: folder, catalogue } = folders
  const schemaHash = schemaHashOf(disk, catalogue)
  const path = currentCache(folder, schemaHash)
  const cache = usableCache(path, 'read')
  const cursor = cache && cursorOf(cache)
  const missingKeys = cache ? missingKeysIn(cache, folders) : []
  cache?.close()
  const from = cursor && orUnreadable(() => findPosition(disk, archive, cursor))
  // Where nobody can tell whether the text holds it, what the cache has seen stands for it.
  const start = from instanceof Unreadable ? cursor : from
  const last = lastVerification(folder)
  const id = archiveIdOf(disk, archive) ?? null
  // Asked before the rest is read, which a site may be writing: what was promised then is in it.
  const promised = promisedBy(folder, id ?? undefined)
  const { end, kinds, unread } = readToEnd(folders, start ?? beginning, last)
  const unlike = unlikeServed(folder, server.served)
  const problems = [
    ...(unlike ? [unlike] : []),
    ...(unread ? [unreadProblem(unread)] : []),
    ...problemsOf(folders, end, promised, server.running),
  ]
  const { segments } = archiveFiles(disk, archive)
  const own = cursor?.archive === id ? cursor.sequence : undefined
  return {
    archive: {
      id,
      records: end.safe.sequence,
      bytes: segments.reduce((sum, { name }) => sum + (disk.measure(join(archive, name))?.size ?? 0), 0),
      segments: segments.length,
      lastSequence: end.safe.sequence,
      head: end.safe.hash,
      lastWritten: end.safe.time || null,
      end: unread ? 'corrupt' : judge(disk, archive, end, own, promised?.sequence).is,
      healthy: problems.length === 0,
      problems: onlyOnce(problems),
      unknown: unknownKinds(kinds, catalogue.kinds),
    },
    cache: {
      file: path ? relative(folder, path) : null,
      schemaHash: path ? schemaHash : null,
      cursor: cursor ? { sequence: cursor.sequence, hash: cursor.hash } : null,
      fits: from !== undefined,
    },
    code: { schemaHash },
    missingKeys,
    server,
    lastVerification: last && { at: last.at, ok: last.ok, records: last.records, seconds: last.seconds },
    lastRebuild: cursor ? { at: cursor.builtAt, seconds: cursor.buildMilliseconds / 1000 } : null,
  }
}

/** Damaged pages are told as what they are. */
function missingKeysIn(cache: Reading, folders: StatusFolders): readonly number[] {
  try {
    return missingSealingKeys(cache, folders)
  } catch (error) {
    if (isDamage(error)) return []
    throw error
  }
}

/** As far as it can be read. Also counts kinds: those of the last verification, and what was written since, as far as it is read here. */
function readToEnd(
  { disk, archive }: Folders,
  from: Position,
  last: LastVerification | null,
): { end: ReadEnd; kinds: KindCounts; unread?: Unreadable } {
  const before: KindCounts = new Map(Object.entries(last?.kinds ?? {}))
  const since = kindCounter()
  const groups = readGroups(disk, archive, from)
  let safe = from
  for (;;) {
    const step = orUnreadable(() => groups.next())
    if (step instanceof Unreadable)
      return { end: { safe }, kinds: sumOfCounts(before, since.counts()), unread: step }
    if (step.done) return { end: step.value, kinds: sumOfCounts(before, since.counts()) }
    for (const record of step.value.records) if (record.sequence > (last?.records ?? 0)) since.note(record)
    safe = step.value.end
  }
}

/** A running server may be in the middle of a write, so what it has not finished is no problem while it runs. */
function problemsOf(
  folders: StatusFolders,
  { fault }: ReadEnd,
  promised: Cursor | undefined,
  isRunning: boolean,
): Problem[] {
  const problems: Problem[] = []
  const files = archiveFiles(folders.disk, folders.archive)
  const { segments, restore } = files
  const isOpenEnd = fault?.file === segments.at(-1)?.name
  if (fault && !(isRunning && isOpenEnd)) {
    const { file, line, sequence, what } = fault
    problems.push({ file, line, sequence, what })
  }
  const gone = lostArchive(folders, isRunning)
  const lost = isDecidedRestore(restore) ? undefined : orUnreadable(() => lostRecord(folders, promised))
  if (gone) problems.push({ file: wholeArchiveName, what: gone.replace(/\.$/, '') })
  else if (lost instanceof Unreadable) problems.push(unreadProblem(lost))
  else if (lost) problems.push(lost)
  if (restore !== undefined) problems.push({ file: restore, what: stopped(restore) })
  problems.push(
    ...fileProblems(folders.disk, folders.archive, files),
    ...unlessUnread(() => monthProblems(folders)),
  )
  problems.push(...foundBefore(lastVerification(folders.cache)))
  return problems
}

/** What the last reading of every byte has found. */
function foundBefore(last: LastVerification | null): readonly Problem[] {
  if (!last || last.ok) return []
  const what = `on ${last.at} not all was well: run ./thywill verify`
  return last.problems?.length ? last.problems : [{ file: lastVerificationName, what }]
}

const stopped = (restore: string) =>
  isDecidedRestore(restore)
    ? 'a restore was stopped while it put the backup in place; the next start finishes it'
    : 'a restore did not finish, and nothing was changed; the next start takes its rest away'

/** What can be seen of the months that are over without reading them. */
function monthProblems({ disk, archive, cache, catalogue }: Folders): Problem[] {
  const reading = usableCache(currentCache(cache, schemaHashOf(disk, catalogue)), 'read')
  const cursor = reading && cursorOf(reading)
  if (!reading || !cursor) return []
  try {
    const keys = catalogue.sealKeys(reading)
    const what = monthsProblem({ disk, folder: archive, archive: cursor.archive }, keys)
    return what === undefined ? [] : [{ file: 'months', what }]
  } catch (error) {
    if (!isDamage(error)) throw error
    const what = `pages of the cache are damaged, ${error.message}: ./thywill rebuild makes a new one`
    return [{ file: basename(reading.path), what }]
  } finally {
    reading.close()
  }
}

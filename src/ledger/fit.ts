import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SqliteError } from 'better-sqlite3'
import { carryOut, remainsOf } from '../archive/erase.ts'
import { isFull } from '../archive/file.ts'
import { Corruption, type Fault, findPosition, type Position, type ReadEnd } from '../archive/read.ts'
import type { SealKey } from '../archive/seal.ts'
import { isUnfinished, judge, quarantine, renewEnd } from '../archive/tail.ts'
import { type Cursor, cursorOf } from '../cache/cursor.ts'
import { isDamage, isPassing } from '../cache/damage.ts'
import {
  currentCache,
  finishBuilding,
  generationsIn,
  pointTo,
  prune,
  reserveCache,
  setAside,
} from '../cache/generations.ts'
import { millisecondsOf, momentOf } from '../kernel/moment.ts'
import { cursorIn, promisedBy, usableCache } from './caches.ts'
import { catchUp } from './catch-up.ts'
import {
  ahead,
  type CacheDecision,
  decideEnd,
  type Endings,
  type Findings,
  type Why,
  workedIn,
} from './guard.ts'
import { missingSealingKeys } from './missing-keys.ts'
import { type Months, monthsProblem, sealMonths } from './months.ts'
import { isOfThisText } from './of-this-text.ts'
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
  /** Why this start made a cache, of how many records, and how long that took. */
  readonly rebuilt: Remade | undefined
  /** What was put away from the end of the text. */
  readonly quarantined: Quarantined | undefined
}

export interface Remade {
  /** `undefined` for the first cache of a new archive. */
  readonly why: 'missing' | 'schema' | 'unusable' | undefined
  readonly records: number
  readonly seconds: number
}

export interface Quarantined {
  readonly file: string
  /** The last record in front of it. */
  readonly behind: number
  readonly bytes: number
}

interface Reached extends ReadEnd {
  readonly path: string
  readonly trouble?: Trouble
  readonly rebuilt?: Remade
  /** Kinds passed over, with how many records. */
  readonly unknown?: ReadonlyMap<string, number>
}

/** What the guard found and decided, and what this process may do about it. */
export interface Guarded {
  readonly found: Findings
  readonly decision: CacheDecision
  readonly roles: Roles
}

/** A cache that fits this code and this archive, caught up or made anew; and whether the archive may be written. */
export async function fitCache(options: StartOptions, guarded: Guarded, reports: string[]): Promise<Fitted> {
  const { cache, schemaHash } = options
  const { found, decision, roles } = guarded
  const path = currentCache(cache, schemaHash)
  const own = cursorIn(path)
  const promised = promisedBy(cache, found.id)
  const seen = { own: own?.archive === found.id ? own : undefined, promised }
  const renewed = await withRenewedEnd(options, guarded, promised)
  try {
    return await fit(options, renewed, seen, reports)
  } catch (error) {
    if (!path || !roles.isProjector || decision.do === 'make' || !isDamage(error)) throw error
    putAway(path, reports)
    const again = { ...guarded, decision: { do: 'make', why: 'unusable', sentence: madeAnew } } as const
    return fit(options, again, seen, reports)
  }
}

/** Nobody reads on or writes behind a text that is served as it is, so it is left as it is; and what cannot be renewed is. */
async function withRenewedEnd(
  { disk, archive }: StartOptions,
  guarded: Guarded,
  promised: Position | undefined,
): Promise<Guarded> {
  const { decision, roles } = guarded
  if (!roles.sealKey || decision.do === 'serve as it is') return guarded
  try {
    await renewEnd(disk, archive, promised)
    return guarded
  } catch (error) {
    if (decision.do !== 'catch up' || !isFull(error)) throw error
    return { ...guarded, decision: { do: 'serve as it is', trouble: trouble('cache', cannotFollow(error)) } }
  }
}

const cannotFollow = ({ message }: Error) =>
  `The cache cannot follow the archive (${message}); it is tried again.`

const madeAnew = 'It is made anew from the archive.'

function putAway(path: string, reports: string[]) {
  setAside(path)
  reports.push(`The cache is damaged, and was set aside as ${basename(path)}.damaged.`)
}

async function fit(options: StartOptions, guarded: Guarded, seen: Seen, reports: string[]): Promise<Fitted> {
  const { roles } = guarded
  const reached = await reach(options, guarded, reports)
  const { safe, rebuilt } = reached
  const endings = endingsOf(options, reached, seen)
  const first = decideEnd(endings)
  const reason = reached.trouble ?? first.trouble
  const quarantined =
    first.quarantine && roles.sealKey ? await putEndAway(options, first.quarantine, safe, reports) : undefined
  const named = nameFor(options, roles, reached.path, reason)
  const path = reason ? named : await finishRewriting(options, roles, named, reports)
  const months =
    reason || !roles.sealKey ? undefined : await lookAtMonths(options, roles.sealKey, path, reports)
  if (roles.isProjector) await tidy(options, path, reason, reports)
  const last = decideEnd({ ...endings, months })
  reports.push(...last.sentences)
  return { path, head: safe, trouble: reason ?? last.trouble, rebuilt, quarantined }
}

/** What of the end of the text no write finished goes to quarantine. */
async function putEndAway(
  { disk, archive }: StartOptions,
  fault: Fault,
  safe: Position,
  reports: string[],
): Promise<Quarantined> {
  const isOurs = isUnfinished(disk, archive, fault, safe)
  const name = await quarantine(disk, archive, fault, safe)
  reports.push(
    isOurs
      ? `The last write did not finish: everything behind record ${safe.sequence} was moved to ${name}.`
      : `Behind record ${safe.sequence} stood bytes that no write begins with: somebody else wrote them, or the power failed during a write. They were moved to ${name}.`,
  )
  return { file: name, behind: safe.sequence, bytes: disk.measure(join(archive, name))?.size ?? 0 }
}

const isBent = (reason: Trouble | undefined) => reason?.why === 'corrupt' || reason?.why === 'ahead'

/** A cache that ends where the text is bent must not stand for everything that was ever promised: no pointer names it. */
function nameFor(
  { cache, schemaHash }: StartOptions,
  { isProjector }: Roles,
  path: string,
  reason: Trouble | undefined,
): string {
  if (!isProjector) return path
  return isBent(reason) ? finishBuilding(path) : pointTo(cache, schemaHash, path)
}

/** Caches that nobody will ask for. What cannot be removed is in nobody's way, and every start tries it again. */
async function tidy(
  { cache, schemaHash }: StartOptions,
  path: string,
  reason: Trouble | undefined,
  reports: string[],
): Promise<void> {
  try {
    // One that is behind knows too little of the others to have them all removed.
    const areOld = !isBent(reason) && reason?.why !== 'cache' && !areOfTheSameText(cache, path)
    await prune(cache, schemaHash, [path], areOld)
  } catch (error) {
    reports.push(`An old cache could not be removed: ${error instanceof Error ? error.message : error}.`)
  }
}

/** Whether all the other caches were made when as many words had been erased, and as many edits accepted, as for this one. */
function areOfTheSameText(folder: string, path: string): boolean {
  const own = cursorIn(path)
  return generationsIn(folder).every(({ name }) => {
    const cursor = cursorIn(join(folder, name))
    return cursor?.erasures === own?.erasures && cursor?.accepted === own?.accepted
  })
}

/** The end of the archive, seen by a cache that has everything up to there. */
async function reach(
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
async function anew(options: StartOptions, roles: Roles, why: Why): Promise<Reached> {
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

interface Seen {
  /** Where the cache of this code stood: it was written beside the archive, so nothing behind it was acknowledged. */
  readonly own: Cursor | undefined
  /** The furthest that any cache of this archive stood. */
  readonly promised: Cursor | undefined
}

function endingsOf(
  options: StartOptions,
  { path, safe, fault, unknown = new Map() }: Reached,
  { own, promised }: Seen,
): Endings {
  const { disk, archive, catalogue, source } = options
  const end = { safe, ...(fault && { fault }) }
  const cache = usableCache(path, 'read')
  try {
    return {
      verdict: judge(disk, archive, end, own?.sequence, promised?.sequence),
      isMissing: promised && !findPosition(disk, archive, promised) ? promised.sequence : undefined,
      months: undefined,
      unknown,
      clockBehind: safe.time === '' ? 0 : millisecondsOf(safe.time) - source.now(),
      free: disk.free(archive),
      lastProblems: cache && catalogue.lastProblems(cache),
      missingKeys: cache ? missingSealingKeys(cache, options) : [],
    }
  } finally {
    cache?.close()
  }
}

/**
 * A start finishes what a chained `record.erased` demands: the writer takes the words out of the text; then a cache is
 * made without them, by the writer and by whoever follows it. One is made, too, of the edits that a `record.accepted` names.
 */
async function finishRewriting(
  options: StartOptions,
  roles: Roles,
  path: string,
  reports: string[],
): Promise<string> {
  const { erasures, carriedOut, isCurrent } = learnt(options, path)
  if (isCurrent || !roles.isProjector) return path
  if (roles.sealKey && erasures.length !== carriedOut) {
    const { disk, archive } = options
    const areThere = erasures.some((erasure) => remainsOf(disk, archive, erasure) === 'words')
    for (const erasure of erasures) await carryOut(disk, archive, erasure)
    if (areThere) reports.push('Words that were to be erased were still there; they are gone now.')
  }
  const made = await anew(options, roles, 'unusable')
  return pointTo(options.cache, options.schemaHash, made.path)
}

/** Seals what is to be sealed, and looks whether the months that are over are as their seals say. In a sentence. */
async function lookAtMonths(
  options: StartOptions,
  key: SealKey,
  path: string,
  reports: string[],
): Promise<string | undefined> {
  const { archive, erasures, accepted, keys } = learnt(options, path)
  const months: Months = { disk: options.disk, folder: options.archive, archive, erasures, accepted }
  try {
    // A seal counts only when the archive names its key: else that is recorded first, and the ledger seals then.
    const sealed = keys.includes(key.publicKey) ? await sealMonths(months, key) : []
    reports.push(...sealed.map(wasSealed))
  } catch (error) {
    if (error instanceof Corruption) return error.message
    throw error
  }
  return monthsProblem(months, [...keys, key.publicKey])
}

export const wasSealed = (month: string) =>
  `${month} is over and had no seal that fits; it was verified and sealed.`

/** What a cache knows about its archive as a whole. */
function learnt({ catalogue }: StartOptions, path: string) {
  const cache = usableCache(path, 'read')
  try {
    const cursor = cache && cursorOf(cache)
    if (!cursor) throw new Error(`${path} is no cache`)
    const erasures = catalogue.erasures(cache)
    const accepted = catalogue.accepted(cache)
    const keys = catalogue.sealKeys(cache)
    const isCurrent = isOfThisText(cache, catalogue)
    return { archive: cursor.archive, carriedOut: cursor.erasures, erasures, accepted, keys, isCurrent }
  } finally {
    cache?.close()
  }
}

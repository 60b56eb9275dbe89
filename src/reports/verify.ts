import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { archiveIdOf } from '../archive/find.ts'
import type { KindCounts } from '../archive/kinds.ts'
import { type Problem, type Progress, type Verification, verifyArchive } from '../archive/verify.ts'
import { momentOf } from '../kernel/moment.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { promisedBy } from '../ledger/caches.ts'
import { type Comparison, compare } from './compare.ts'
import type { Folders } from './folders.ts'
import { type KindRecords, unknownKinds } from './kinds.ts'
import { keepComparison } from './last-comparison.ts'
import { lostRecord } from './lost.ts'
import { type Served, unlikeServed } from './served.ts'

export interface VerifyReport {
  readonly ok: boolean
  readonly records: number
  readonly segments: number
  readonly bytes: number
  readonly seconds: number
  readonly problems: readonly Problem[]
  /** Kinds that this code does not know: their records are kept and passed over. */
  readonly unknown: readonly KindRecords[]
  readonly deep?: Comparison
}

/** Every byte is read first; then, when it is deep, once more for a fresh cache to compare with. */
export interface VerifyProgress extends Progress {
  readonly isComparing: boolean
}

/**
 * Reads the whole archive and says everything that is wrong with it, also what only a cache can tell: that it ends too
 * soon. `isDeep` also compares the live cache with a fresh one; `served` is what a running site says of its own. Works beside
 * a running server. Takes as long as there is text.
 */
export async function verifyReport(
  folders: Folders & { readonly served?: Served | undefined },
  isDeep: boolean,
  onProgress: (progress: VerifyProgress) => void = () => {},
): Promise<VerifyReport> {
  const elapsed = stopwatch()
  const shown = (progress: Progress) => onProgress({ ...progress, isComparing: false })
  // Asked before the text is read, which a site may be writing: what was promised then is in it.
  const promised = promisedBy(folders.cache, archiveIdOf(folders.disk, folders.archive))
  const unlike = unlikeServed(folders.cache, folders.served)
  const seen = verifySettled(folders, shown)
  const { records, segments, bytes, kinds } = seen
  const made = (progress: Progress) => onProgress({ ...progress, isComparing: true })
  const compared = isDeep ? await compare(folders, { isDeep, onProgress: made }) : undefined
  const deep = compared?.comparison
  if (compared) keepComparison(folders, compared)
  const inCache = (deep?.problems ?? []).map((what): Problem => ({ file: 'cache', what }))
  // What cannot be read says itself why the record is not there.
  const isTold =
    seen.unread !== undefined ||
    (seen.fault !== undefined && promised !== undefined && seen.fault.sequence <= promised.sequence)
  const lost = isTold ? undefined : lostRecord(folders, promised)
  const problems = [...(lost ? [lost] : []), ...(unlike ? [unlike] : []), ...seen.problems, ...inCache]
  const ok = problems.length === 0 && deep?.ok !== false
  const unknown = unknownKinds(kinds, folders.catalogue.kinds)
  const report = {
    ok,
    records,
    segments,
    bytes,
    seconds: elapsed(),
    problems,
    unknown,
    ...(deep && { deep }),
  }
  remember(folders, report, kinds)
  return report
}

const tries = 20
const pause = new Int32Array(new SharedArrayBuffer(4))

/** A server may be in the middle of a write: a torn end only counts when it stays. */
function verifySettled({ disk, archive }: Folders, onProgress?: (progress: Progress) => void): Verification {
  let seen = verifyArchive(disk, archive, onProgress)
  for (let attempt = 1; attempt < tries && isTornOnly(seen); attempt++) {
    Atomics.wait(pause, 0, 0, 50)
    const again = verifyArchive(disk, archive, onProgress)
    if (again.head.sequence === seen.head.sequence && again.bytes === seen.bytes && attempt > 3) return again
    seen = again
  }
  return seen
}

const isTornOnly = ({ problems, head }: Verification) =>
  problems.length === 1 && problems[0]?.sequence === head.sequence + 1

const fileName = 'last-verification.json'

/** When the archive was last read from end to end, and how that went. It may be lost with the cache folder. */
export interface LastVerification {
  readonly at: string
  readonly ok: boolean
  readonly records: number
  readonly seconds: number
  /** How many there were of each kind, of those that the code which read them did not know, too. */
  readonly kinds?: Readonly<Record<string, number>>
  /** The first things that were wrong, until somebody mended the text. */
  readonly problems?: readonly Problem[]
}

/** So many problems are kept: whoever mended these reads everything again. */
const most = 100

function remember({ cache, source }: Folders, report: VerifyReport, counts: KindCounts) {
  const { ok, records, seconds } = report
  const kinds = Object.fromEntries(counts)
  const problems = report.problems.slice(0, most)
  note(cache, { at: momentOf(source.now()), ok, records, seconds, kinds, problems })
}

/** Somebody mended the text: what was wrong with it may not be so any more, and only another reading tells. */
export function forgetProblems(cache: string): void {
  const { problems, ...last } = lastVerification(cache) ?? {}
  if (problems) note(cache, last as LastVerification)
}

function note(cache: string, last: LastVerification) {
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  writeFileSync(join(cache, fileName), `${JSON.stringify(last)}\n`, { mode: 0o600 })
}

export function lastVerification(cache: string): LastVerification | null {
  try {
    return JSON.parse(readFileSync(join(cache, fileName), 'utf8')) as LastVerification
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return null
    throw error
  }
}

import { join } from 'node:path'
import type { Acceptance } from '../archive/accept.ts'
import { asItStands, copiesIn, type MonthOfCopy, monthFromCopy } from '../archive/copies.ts'
import { type Difference, differencesBetween } from '../archive/difference.ts'
import type { Disk } from '../archive/disk.ts'
import { type ArchiveAsItStands, type MonthAsItStands, surveyArchive } from '../archive/edits.ts'
import { weigh } from '../archive/file.ts'
import { isSamePlace } from '../archive/grammar.ts'
import { readSeal } from '../archive/seal.ts'
import { isExtraSegment } from '../archive/tail.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import { promisedBy } from '../ledger/caches.ts'

/** What somebody changed in the text, month by month; empty when all of it is as it was written. */
export interface EditsReport {
  readonly files: readonly EditedFile[]
}

export interface EditedFile {
  readonly file: string
  /** Records that somebody edited, with what they come to now. */
  readonly edits: readonly Acceptance[]
  /** Whether these edits are all there is, so that the file can be accepted as it stands. */
  readonly isAcceptable: boolean
  /** Why it cannot, in a sentence; or what else is wrong with it. */
  readonly wrong: string | null
  /** What stands there is behind everything that was promised: looking again puts it away. */
  readonly isTail: boolean
  /** The folder with the newest copy from which it can be restored. */
  readonly copy: string | null
  /** Why it cannot be restored from the others, each in a sentence. */
  readonly unfit: readonly string[]
  /** Without a copy: the edited records as they stand. */
  readonly differences: readonly Difference[]
  /** How many more there are. */
  readonly more: number
}

export interface EditFolders {
  readonly disk: Disk
  readonly archive: string
  readonly cache: string
  /** Where copies of the archive may be. */
  readonly copies: readonly string[]
}

/** Reads the whole archive, and of each copy the months that were changed. Works beside a running server. */
export async function editsReport(
  folders: EditFolders,
  onBytes?: (bytes: number) => void,
): Promise<EditsReport> {
  const standing = await surveyArchive(folders.disk, folders.archive, onBytes)
  return { files: standing.months.flatMap((month) => fileReport(folders, standing, month) ?? []) }
}

/** The newest copy that has this month as it was written, and why others have not. */
export function bestCopy(
  { disk, archive: folder, copies }: EditFolders,
  standing: ArchiveAsItStands,
  month: MonthAsItStands,
): {
  readonly found: { readonly copy: string; readonly bytes: Buffer } | undefined
  readonly unfit: readonly string[]
} {
  const unfit: string[] = []
  for (const copy of copies.flatMap((place) => copiesIn(disk, place))) {
    const made: MonthOfCopy = monthFromCopy({ disk, folder, copy }, standing, month)
    if ('bytes' in made) return { found: { copy, bytes: made.bytes }, unfit }
    unfit.push(`${copy}: ${made.why}.`)
  }
  return { found: undefined, unfit }
}

/** So many differences are shown of a file: what is longer is read in the files themselves. */
const most = 50

function fileReport(
  folders: EditFolders,
  standing: ArchiveAsItStands,
  month: MonthAsItStands,
): EditedFile | undefined {
  const { disk, archive, cache } = folders
  const { edits, fault, segment, end, isUnread } = month
  const isSealedOtherwise = !fault && edits.length === 0 && !isAsSealed(disk, archive, month)
  if (!fault && edits.length === 0 && !isSealedOtherwise) return undefined
  if (isBentBefore(folders, standing, month)) return undefined
  const isLast = standing.months.at(-1) === month
  const before = standing.months.at(-2)
  const isExtra =
    isLast && !isUnread && before !== undefined && fault && isExtraSegment(disk, archive, segment, before.end)
  const isTail =
    isLast &&
    !isExtra &&
    !isUnread &&
    fault !== undefined &&
    edits.length === 0 &&
    end.sequence >= (promisedBy(cache)?.sequence ?? Number.POSITIVE_INFINITY)
  const path = join(archive, segment.name)
  const now = asItStands(disk, path)?.toString('utf8') ?? ''
  const { found, unfit } = bestCopy(folders, standing, month)
  const differences = found
    ? differencesBetween(found.bytes.toString('utf8'), now, most)
    : asTheyStand(now, edits)
  const wrong = fault
    ? `line ${fault.line}, record ${fault.sequence}: ${fault.what}.${isExtra ? putHere : ''}`
    : null
  return {
    file: segment.name,
    edits,
    isAcceptable: edits.length > 0 && !fault,
    wrong: isSealedOtherwise
      ? 'every record fits its closing line, but the file is not as it was sealed.'
      : wrong,
    isTail,
    copy: found?.copy ?? null,
    unfit,
    differences: differences.slice(0, most),
    more: Math.max(0, differences.length - most),
  }
}

/** It goes on from what the month before was when that was sealed: nothing is wrong with this one, but with that one. */
function isBentBefore(
  { disk, archive }: EditFolders,
  { months }: ArchiveAsItStands,
  month: MonthAsItStands,
): boolean {
  const { from, edits, fault } = month
  const before = months[months.indexOf(month) - 1]
  const isAtItsHead = fault?.sequence === from.sequence + 1 && edits.length === 0
  return (
    isAtItsHead &&
    before !== undefined &&
    !isSamePlace(before.end, from) &&
    !isAsSealed(disk, archive, before)
  )
}

const putHere =
  ' It does not go on from the last record: when nothing is missing before it, move it out of the archive and look again.'

function isAsSealed(disk: Disk, archive: string, { segment: { isSealed, month, name } }: MonthAsItStands) {
  const isSame = orUnreadable(() => {
    const seal = isSealed ? readSeal(disk, archive, month) : undefined
    return !seal || weigh(disk, join(archive, name)).sha256 === seal.sha256
  })
  // Of a seal that cannot be read nobody can say that the month is not as it was.
  return isSame instanceof Unreadable || isSame
}

/** What can be said where nothing tells how it was: which records do not come to their closing lines, as they are. */
function asTheyStand(now: string, edits: readonly Acceptance[]): Difference[] {
  const edited = new Set(edits.map(({ record }) => record))
  return differencesBetween('', now)
    .filter(({ record }) => edited.has(record))
    .map(({ record, line, lines }) => ({ record, line, lines: lines.map((one) => ` ${one.slice(1)}`) }))
}

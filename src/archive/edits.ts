import { breath } from '../kernel/breath.ts'
import { cannotBeRead } from '../kernel/unread.ts'
import { type Acceptance, acceptances } from './accept.ts'
import type { Disk } from './disk.ts'
import { erasureOf, erasuresIn, listOfErasures, type NamedWords } from './erase.ts'
import type { Fault } from './fault.ts'
import { archiveFiles, type SegmentFile, segmentName } from './files.ts'
import { beforeSegment } from './find.ts'
import { genesis, isSamePlace } from './grammar.ts'
import { beginning, type Position } from './position.ts'
import { readMonth } from './read.ts'
import type { ReadGroup } from './segment.ts'
import { orUnreadable, Unreadable } from './unreadable.ts'

/** One month as it stands, and what in it was not written so. */
export interface MonthAsItStands {
  readonly segment: SegmentFile
  /** In front of its first record, as its head says; and behind the last group that can be read. */
  readonly from: Position
  readonly end: Position
  /** Records that somebody edited, with what they come to now: each could be accepted. */
  readonly edits: readonly Acceptance[]
  /** What nobody can accept: another grammar, records missing, added or moved, a chain that does not go on. */
  readonly fault: Fault | undefined
  /** Nobody can tell what it holds: the fault says why. */
  readonly isUnread?: boolean
}

export interface ArchiveAsItStands {
  readonly months: readonly MonthAsItStands[]
  /** Of each record that was ever accepted, what it may come to. */
  readonly accepted: ReadonlyMap<number, string>
  /** All that are recorded or listed. */
  readonly erasures: readonly NamedWords[]
}

/**
 * Reads every month by itself, whatever was done to the others. Whoever else waits in this process gets a turn every few
 * thousand records, and `onBytes` is told how many were read of the month in hand.
 */
export async function surveyArchive(
  disk: Disk,
  folder: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<ArchiveAsItStands> {
  const seen = acceptances()
  const files = archiveFiles(disk, folder)
  // Where the record of an erasure cannot be read the list still knows of it.
  const erasures: NamedWords[] = erasuresIn(listOfErasures(disk, folder))
  const all = goneMonths(files.strangers)
  for (const segment of files.segments)
    all.push(
      await readAsItStands(disk, folder, segment, ({ records, end }) => {
        onBytes(end.offset)
        for (const record of records) {
          seen.look(record)
          const erasure = erasureOf(record)
          if (erasure) erasures.push(erasure)
        }
      }),
    )
  const read = inOrder(all)
  for (const { edits } of read) for (const edit of edits) seen.edit(edit)
  const accepted = seen.accepted()
  const months: MonthAsItStands[] = []
  for (const [index, month] of read.entries()) {
    const edits = month.edits.filter(({ record, hash }) => accepted.get(record) !== hash)
    const reverted = await revertedIn(disk, folder, month, accepted)
    const fault = month.fault ?? jointFault(month, read[index - 1], read[index + 1])
    months.push({ ...month, edits: [...edits, ...reverted].sort((a, b) => a.record - b.record), fault })
  }
  return { months, accepted, erasures }
}

/** By their months. */
export const inOrder = (months: readonly MonthAsItStands[]): MonthAsItStands[] =>
  months.toSorted((a, b) => a.segment.month.localeCompare(b.segment.month))

/** Months of which only the seal is left. */
const goneMonths = (strangers: readonly string[]) =>
  strangers.flatMap((name) => {
    const month = /^\d{4}\/(\d{4}-\d{2})\.seal$/.exec(name)?.[1]
    return month === undefined ? [] : [goneMonth(month)]
  })

/** A month whose text is not there. */
export function goneMonth(month: string): MonthAsItStands {
  const segment = { month, name: segmentName(month), isSealed: true, isFile: false }
  return {
    segment,
    from: beginning,
    end: beginning,
    edits: [],
    fault: faultAtTop(segment, 0, 'the file is gone'),
  }
}

/** Some groups are passed to `look`; where they cannot be read, reading ends. */
async function readAsItStands(
  disk: Disk,
  folder: string,
  segment: SegmentFile,
  look: (group: ReadGroup) => void,
): Promise<MonthAsItStands> {
  const edits: Acceptance[] = []
  const nothing = (sequence: number, what: string) => ({
    ...{ segment, from: beginning, end: beginning, edits },
    fault: faultAtTop(segment, sequence, what),
  })
  const from = orUnreadable(() => beforeSegment(disk, folder, segment))
  if (from instanceof Unreadable) return { ...nothing(0, cannotBeRead(from)), isUnread: true }
  if (!from) return nothing(1, 'this is no head of a segment')
  const reading = readMonth(disk, folder, { month: segment.month, onEdit: (edit) => edits.push(edit) }, from)
  let end: Position = from
  for (let groups = 1; ; groups++) {
    const step = orUnreadable(() => reading.next())
    if (step instanceof Unreadable) {
      const fault = faultAtTop(segment, end.sequence + 1, cannotBeRead(step))
      return { segment, from, end, edits, fault, isUnread: true }
    }
    if (step.done) return { segment, from, end, edits, fault: step.value.fault }
    look(step.value)
    end = step.value.end
    if (groups % 2000 === 0) await breath()
  }
}

/** Records that were accepted in one form and stand in another that fits their closing lines: the one from before the edit. */
async function revertedIn(
  disk: Disk,
  folder: string,
  { segment, from, end, edits }: MonthAsItStands,
  accepted: ReadonlyMap<number, string>,
): Promise<Acceptance[]> {
  const isHere = (record: number) => record > from.sequence && record <= end.sequence
  const isDue = [...accepted.keys()].some(
    (record) => isHere(record) && !edits.some((edit) => edit.record === record),
  )
  const reverted: Acceptance[] = []
  if (!isDue) return reverted
  await readAsItStands(disk, folder, segment, ({ records }) => {
    for (const { sequence: record, hash } of records) {
      const agreed = accepted.get(record)
      const isEdited = edits.some((edit) => edit.record === record)
      if (agreed !== undefined && agreed !== hash && !isEdited) reverted.push({ record, hash })
    }
  })
  return reverted
}

/** Where two months meet the one that was edited is at fault: the one before when its last record was, else the head. */
function jointFault(
  month: MonthAsItStands,
  before: MonthAsItStands | undefined,
  next: MonthAsItStands | undefined,
): Fault | undefined {
  const { segment, from, end } = month
  const endsIll = next && !next.fault && !isSamePlace(next.from, end)
  if (endsIll && wasLastEdited(month)) {
    const what = 'its last closing line is not the one that the next month names'
    return faultAtTop(segment, end.sequence, what)
  }
  if (before?.fault || (before && wasLastEdited(before))) return undefined
  if (isSamePlace(from, before?.end ?? genesis)) return undefined
  const what = 'its head does not name the record before and its closing hash'
  return faultAtTop(segment, from.sequence + 1, what)
}

const wasLastEdited = ({ edits, end }: MonthAsItStands) => edits.some(({ record }) => record === end.sequence)

const faultAtTop = ({ name }: SegmentFile, sequence: number, what: string): Fault => ({
  file: name,
  line: 1,
  sequence,
  what,
  offset: 0,
})

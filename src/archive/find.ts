import { join } from 'node:path'
import type { Disk } from './disk.ts'
import type { Fault } from './fault.ts'
import { readInto } from './file.ts'
import { archiveFiles, type SegmentFile } from './files.ts'
import { closing, closingLength, headPattern, type Place } from './grammar.ts'
import { beginning, type Position } from './position.ts'
import { readGroups } from './read.ts'
import { headEnd, openSegment } from './segment.ts'
import { orUnreadable, reading, Unreadable } from './unreadable.ts'

/**
 * Where the record with this sequence and hash ends, or `undefined` when the archive does not hold it. A cursor's
 * offset is only a hint: an erasure moves the bytes behind it, so without the right closing line its segment is read.
 * Throws Unreadable, because then nobody can tell.
 */
export function findPosition(disk: Disk, folder: string, cursor: Position): Position | undefined {
  if (cursor.sequence === 0) return beginning
  const { segments } = archiveFiles(disk, folder)
  const segment = segments.find(({ month }) => month === cursor.month)
  if (!segment) return undefined
  if (closesAt(disk, folder, segment, cursor)) return cursor
  const from = beforeSegment(disk, folder, segment)
  if (!from) return undefined
  for (const { end } of readGroups(disk, folder, from)) {
    if (end.sequence === cursor.sequence) return end.hash === cursor.hash ? end : undefined
    if (end.sequence > cursor.sequence) return undefined
  }
  return undefined
}

/** Where the record with this sequence and hash ends, for whoever does not know its month. */
export function findRecord(
  disk: Disk,
  folder: string,
  record: Pick<Place, 'sequence' | 'hash'>,
): Position | undefined {
  const { segments } = archiveFiles(disk, folder)
  const segment = segments.findLast(
    (one) => (beforeSegment(disk, folder, one)?.sequence ?? 0) < record.sequence,
  )
  return segment && findPosition(disk, folder, { ...record, time: '', month: segment.month, offset: 0 })
}

/** Which archive this is, from its first record; or what keeps that from being read, when there is something to read. */
export function whichArchive(
  disk: Disk,
  folder: string,
): { readonly id?: string; readonly fault?: Fault; readonly unread?: Unreadable } {
  const first = orUnreadable(() => {
    const groups = readGroups(disk, folder)
    const step = groups.next()
    if (!step.done) groups.return({ safe: beginning })
    return step
  })
  if (first instanceof Unreadable) return { unread: first }
  if (first.done) return first.value.fault ? { fault: first.value.fault } : {}
  const id = first.value.records[0]?.values.find(([key]) => key === 'archive')?.[1]
  return id === undefined ? {} : { id }
}

export const archiveIdOf = (disk: Disk, folder: string): string | undefined => whichArchive(disk, folder).id

function closesAt(disk: Disk, folder: string, segment: SegmentFile, cursor: Position) {
  if (cursor.offset < closingLength) return false
  const file = openSegment(disk, folder, segment)
  try {
    const bytes = Buffer.alloc(closingLength)
    const read = reading(join(folder, segment.name), () =>
      readInto(disk, file, bytes, cursor.offset - closingLength),
    )
    return read === closingLength && bytes.toString('latin1') === closing(cursor.hash)
  } finally {
    disk.close(file)
  }
}

/** The top of a segment, as its own head tells it: what it claims of the record before is not checked here. Throws Unreadable. */
export function beforeSegment(disk: Disk, folder: string, segment: SegmentFile): Position | undefined {
  const file = openSegment(disk, folder, segment)
  try {
    const bytes = Buffer.alloc(256)
    const read = reading(join(folder, segment.name), () => readInto(disk, file, bytes, 0))
    const match = headPattern.exec(bytes.toString('latin1', 0, headEnd(bytes, read)))
    if (!match) return undefined
    return { sequence: Number(match[2]) - 1, hash: match[3] ?? '', time: '', month: segment.month, offset: 0 }
  } finally {
    disk.close(file)
  }
}

import { join } from 'node:path'
import { type Acceptance, acceptances } from './accept.ts'
import type { Disk } from './disk.ts'
import { sizeOf } from './file.ts'
import { archiveFiles, type SegmentFile } from './files.ts'
import { closingLength, limits } from './grammar.ts'
import { beginning, type Position } from './position.ts'
import { type ReadEnd, type ReadGroup, type Reading, readSegment } from './segment.ts'

/** How much of a segment is in memory at once. */
const piece = 1024 * 1024

export interface ReadOptions {
  readonly pieceSize?: number
  /** Edits to be read as they stand besides those that the text itself accepts. */
  readonly accepting?: readonly Acceptance[]
  /** Told each record that is read although it does not come to its closing line. */
  readonly onAccepted?: (edit: Acceptance) => void
}

/**
 * Reads every whole group behind `from`, comparing each byte with grammar and chain; stops at the first fault.
 * `from` must be a position that stands (`findPosition`). Never reads past the segments that were there at the start.
 * A record that does not come to its closing line is read when a later one accepts it as it stands: only then the rest
 * of the archive is read once before. Throws Unreadable.
 */
export function readGroups(
  disk: Disk,
  folder: string,
  from: Position = beginning,
  { pieceSize = piece, accepting = [], onAccepted = () => {} }: ReadOptions = {},
): Generator<ReadGroup, ReadEnd> {
  const { segments } = archiveFiles(disk, folder)
  let accepted: ReadonlyMap<number, string> | undefined
  const mayStand = (edit: Acceptance, safe: Position) => {
    accepted ??= acceptedBehind(disk, folder, safe, accepting)
    const isAccepted = accepted.get(edit.record) === edit.hash
    if (isAccepted) onAccepted(edit)
    return isAccepted
  }
  return readThrough({ disk, folder, segments, pieceSize, mayStand }, from)
}

/**
 * Reads one month as it stands: its head is believed, and a record that does not come to its closing line is told and
 * read all the same. `from` is where its head says that it begins (`beforeSegment`).
 */
export function readMonth(
  disk: Disk,
  folder: string,
  { month, onEdit }: { readonly month: string; readonly onEdit: (edit: Acceptance) => void },
  from: Position,
): Generator<ReadGroup, ReadEnd> {
  const segments = archiveFiles(disk, folder).segments.filter((segment) => segment.month === month)
  const mayStand = (edit: Acceptance) => {
    onEdit(edit)
    return true
  }
  return readThrough({ disk, folder, segments, pieceSize: piece, mayStand }, from)
}

/** What the text behind this position accepts, and what it is to accept besides. */
function acceptedBehind(disk: Disk, folder: string, from: Position, accepting: readonly Acceptance[]) {
  const seen = acceptances()
  const { segments } = archiveFiles(disk, folder)
  const mayStand = (edit: Acceptance) => {
    seen.edit(edit)
    return true
  }
  for (const { records } of readThrough({ disk, folder, segments, pieceSize: piece, mayStand }, from))
    for (const record of records) seen.look(record)
  return new Map([
    ...seen.accepted(),
    ...accepting.map(({ record, hash }): [number, string] => [record, hash]),
  ])
}

interface ReadingThrough extends Reading {
  readonly segments: readonly SegmentFile[]
  readonly pieceSize: number
}

function* readThrough(reading: ReadingThrough, from: Position): Generator<ReadGroup, ReadEnd> {
  const { disk, folder, pieceSize } = reading
  const segments = reading.segments.filter(({ month }) => month >= from.month)
  const longest = Math.max(0, ...segments.map(({ name }) => sizeOf(disk, join(folder, name))))
  const buffer = Buffer.allocUnsafe(Math.max(Math.min(pieceSize, longest), limits.record + 2 * closingLength))
  let safe = from
  for (const segment of segments) {
    const end = yield* readSegment(reading, segment, safe, buffer)
    if (end.fault) return end
    safe = end.safe
  }
  return { safe }
}

import { join } from 'node:path'
import type { ArchiveRecord } from '../kernel/wording.ts'
import { type Acceptance, acceptances } from './accept.ts'
import type { Disk } from './disk.ts'
import { readInto } from './file.ts'
import { archiveFiles, type SegmentFile } from './files.ts'
import { closing, closingLength, genesis, headPattern, limits, type Place } from './grammar.ts'
import { Bent, Misfit, type Parsed, parseRecord } from './parse.ts'

/** A place and where in which segment it is; `month` is empty while there is no segment. */
export interface Position extends Place {
  readonly month: string
  readonly offset: number
}

export const beginning: Position = { ...genesis, month: '', offset: 0 }

/** The first bytes that do not verify. */
export interface Fault {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Of the record that should stand there. */
  readonly sequence: number
  readonly what: string
  /** Of the record in its file, in bytes. */
  readonly offset: number
}

/** Something that was promised is not there as it was. */
export class Corruption extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    const { file, line, sequence, what } = fault
    super(`${file}, line ${line}, record ${sequence}: ${what}.`)
    this.name = 'Corruption'
    this.fault = fault
  }
}

/** The whole records of one command, and where the next one stands. */
export interface ReadGroup {
  readonly records: readonly ArchiveRecord[]
  readonly end: Position
}

/** Where reading stopped: behind the last whole group, and why, when not because everything was read. */
export interface ReadEnd {
  readonly safe: Position
  readonly fault?: Fault
}

/** How much of a segment is in memory at once. */
const piece = 4 * 1024 * 1024

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
 * of the archive is read once before.
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

interface Reading {
  readonly disk: Disk
  readonly folder: string
  readonly segments: readonly SegmentFile[]
  readonly pieceSize: number
  /** Asked about each record that does not come to its closing line; `safe` is behind the last whole group before it. */
  readonly mayStand: (edit: Acceptance, safe: Position) => boolean
}

function* readThrough(reading: Reading, from: Position): Generator<ReadGroup, ReadEnd> {
  const { disk, folder, pieceSize } = reading
  const segments = reading.segments.filter(({ month }) => month >= from.month)
  const longest = Math.max(0, ...segments.map(({ name }) => disk.measure(join(folder, name))?.size ?? 0))
  const buffer = Buffer.allocUnsafe(Math.max(Math.min(pieceSize, longest), limits.record + 2 * closingLength))
  let safe = from
  for (const segment of segments) {
    const end = yield* readSegment(reading, segment, safe, buffer)
    if (end.fault) return end
    safe = end.safe
  }
  return { safe }
}

function* readSegment(
  { disk, folder, mayStand }: Reading,
  segment: SegmentFile,
  from: Position,
  buffer: Buffer,
): Generator<ReadGroup, ReadEnd> {
  const file = disk.open(join(folder, segment.name), 'read')
  const isFresh = segment.month !== from.month || from.offset === 0
  // The closing line in front of the first record is part of what is hashed.
  const window = { base: isFresh ? 0 : from.offset - closingLength, end: 0 }
  let at = isFresh ? 0 : closingLength
  let place: Place = from
  let safe = from
  let group: ArchiveRecord[] = []

  const fill = (keep: number) => {
    buffer.copy(buffer, 0, keep, window.end)
    window.base += keep
    window.end -= keep
    at -= keep
    const read = readInto(disk, file, buffer.subarray(window.end), window.base + window.end)
    window.end += read
    return read > 0
  }
  const parse = (): Parsed | undefined => {
    try {
      return parseRecord(buffer, at, window.end, place)
    } catch (error) {
      if (!(error instanceof Misfit)) throw error
      const { parsed, comesTo: hash } = error
      if (!mayStand({ record: parsed.record.sequence, hash }, safe)) throw error
      return parsed
    }
  }
  const faultAt = (position: number, what: string): ReadEnd => ({
    safe,
    fault: {
      file: segment.name,
      line: lineAt(disk, file, window.base + position),
      sequence: place.sequence + 1,
      what,
      offset: window.base + at,
    },
  })

  try {
    fill(0)
    if (isFresh) {
      const head = headEnd(buffer, window.end)
      const wrong = headFault(buffer.toString('latin1', 0, head), segment, place)
      if (wrong) return faultAt(0, wrong)
      at = head
    }
    for (;;) {
      let parsed = parse()
      while (parsed === undefined && fill(at - closingLength)) parsed = parse()
      if (parsed === undefined) {
        if (window.end - at > limits.record) return faultAt(at, 'a record of more than 256 KiB')
        if (at < window.end) return faultAt(at, 'the record is cut short')
        if (group.length > 0) return faultAt(at, 'the group is cut short')
        if (isFresh && safe === from) return faultAt(at, 'a segment without a record')
        return { safe }
      }
      const wrong = groupFault(parsed.record, group, segment)
      if (wrong) return faultAt(at, wrong)
      at = parsed.next
      place = { sequence: parsed.record.sequence, hash: parsed.record.hash, time: parsed.record.time }
      group.push(parsed.record)
      if (parsed.record.more > 0) continue
      safe = { ...place, month: segment.month, offset: window.base + at }
      yield { records: group, end: safe }
      group = []
    }
  } catch (error) {
    if (error instanceof Bent) return faultAt(error.at, error.message)
    throw error
  } finally {
    disk.close(file)
  }
}

function headEnd(buffer: Buffer, end: number) {
  const stop = buffer.subarray(0, Math.min(end, 256)).indexOf('\n\n')
  return stop < 0 ? end : stop + 2
}

function headFault(text: string, segment: SegmentFile, before: Place): string | undefined {
  const match = headPattern.exec(text)
  if (!match) return 'this is no head of a segment'
  const [, month, sequence, hash] = match
  if (month !== segment.month) return `the head says month ${month}`
  if (Number(sequence) !== before.sequence + 1)
    return `the segment should begin with record ${before.sequence + 1}, not ${sequence}`
  if (hash !== before.hash) return 'the head does not name the closing hash of the record before'
  if (before.time.slice(0, 7) >= segment.month) return 'the record before is of this month or a later one'
  return undefined
}

function groupFault(record: ArchiveRecord, group: readonly ArchiveRecord[], segment: SegmentFile) {
  if (record.time.slice(0, 7) !== segment.month) return 'its time is of another month'
  const previous = group.at(-1)
  if (!previous) return record.more >= limits.group ? 'a group of more than 1,000 records' : undefined
  if (record.more !== previous.more - 1) return 'it does not continue its group'
  return record.time === previous.time ? undefined : 'its time is not that of its group'
}

/** Only a fault needs its line, so only a fault counts them. */
function lineAt(disk: Disk, file: number, offset: number) {
  const buffer = Buffer.allocUnsafe(65_536)
  let line = 1
  for (let from = 0; from < offset; ) {
    const read = readInto(disk, file, buffer.subarray(0, offset - from), from)
    if (read === 0) break
    for (const byte of buffer.subarray(0, read)) if (byte === 10) line++
    from += read
  }
  return line
}

/**
 * Where the record with this sequence and hash ends, or `undefined` when the archive does not hold it. A cursor's
 * offset is only a hint: an erasure moves the bytes behind it, so without the right closing line its segment is read.
 */
export function findPosition(disk: Disk, folder: string, cursor: Position): Position | undefined {
  if (cursor.sequence === 0) return beginning
  const { segments } = archiveFiles(disk, folder)
  const segment = segments.find(({ month }) => month === cursor.month)
  if (!segment) return undefined
  if (closesAt(disk, join(folder, segment.name), cursor)) return cursor
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
export function whichArchive(disk: Disk, folder: string): { readonly id?: string; readonly fault?: Fault } {
  const groups = readGroups(disk, folder)
  const first = groups.next()
  if (first.done) return first.value.fault ? { fault: first.value.fault } : {}
  groups.return({ safe: beginning })
  const id = first.value.records[0]?.values.find(([key]) => key === 'archive')?.[1]
  return id === undefined ? {} : { id }
}

export const archiveIdOf = (disk: Disk, folder: string): string | undefined => whichArchive(disk, folder).id

function closesAt(disk: Disk, path: string, cursor: Position) {
  if (cursor.offset < closingLength) return false
  const file = disk.open(path, 'read')
  try {
    const bytes = Buffer.alloc(closingLength)
    const read = readInto(disk, file, bytes, cursor.offset - closingLength)
    return read === closingLength && bytes.toString('latin1') === closing(cursor.hash)
  } finally {
    disk.close(file)
  }
}

/** The top of a segment, as its own head tells it: what it claims of the record before is not checked here. */
export function beforeSegment(disk: Disk, folder: string, segment: SegmentFile): Position | undefined {
  const file = disk.open(join(folder, segment.name), 'read')
  try {
    const bytes = Buffer.alloc(256)
    const read = readInto(disk, file, bytes, 0)
    const match = headPattern.exec(bytes.toString('latin1', 0, headEnd(bytes, read)))
    if (!match) return undefined
    return { sequence: Number(match[2]) - 1, hash: match[3] ?? '', time: '', month: segment.month, offset: 0 }
  } finally {
    disk.close(file)
  }
}

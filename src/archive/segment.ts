import { join } from 'node:path'
import type { ArchiveRecord } from '../kernel/wording.ts'
import type { Acceptance } from './accept.ts'
import type { Disk } from './disk.ts'
import type { Fault } from './fault.ts'
import { readInto } from './file.ts'
import type { SegmentFile } from './files.ts'
import { closingLength, headPattern, limits, type Place } from './grammar.ts'
import { Bent, Misfit, type Parsed, parseRecord } from './parse.ts'
import type { Position } from './position.ts'
import { asUnreadable, reading, Unreadable } from './unreadable.ts'

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

/** Where a segment is read, and what may stand in it. */
export interface Reading {
  readonly disk: Disk
  readonly folder: string
  /** Asked about each record that does not come to its closing line; `safe` is behind the last whole group before it. */
  readonly mayStand: (edit: Acceptance, safe: Position) => boolean
}

/** Opens a segment to read it. Throws Unreadable. */
export function openSegment(disk: Disk, folder: string, { name, isFile }: SegmentFile): number {
  const path = join(folder, name)
  if (!isFile) throw new Unreadable(path, 'a folder, a link or a pipe stands in its place')
  return reading(path, () => disk.open(path, 'read'))
}

/**
 * Every whole group of one segment behind `from`, through a buffer that holds a whole record; stops at the first fault.
 * Throws Unreadable.
 */
export function* readSegment(
  { disk, folder, mayStand }: Reading,
  segment: SegmentFile,
  from: Position,
  buffer: Buffer,
): Generator<ReadGroup, ReadEnd> {
  const file = openSegment(disk, folder, segment)
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
    throw asUnreadable(join(folder, segment.name), error)
  } finally {
    disk.close(file)
  }
}

/** Where the head of a segment ends that begins with these bytes. */
export function headEnd(buffer: Buffer, end: number) {
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

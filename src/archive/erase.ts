import { dirname, join } from 'node:path'
import type { ArchiveRecord } from '../kernel/wording.ts'
import type { Disk } from './disk.ts'
import { readWhole, writeAll } from './file.ts'
import { archiveFiles, erasuresName, segmentName } from './files.ts'
import type { Place } from './grammar.ts'
import { digestOf, printRecord } from './print.ts'
import { beforeSegment, type Position, type ReadGroup, readGroups } from './read.ts'

/** One block that a chained `record.erased` names. Sequence and hash: after a restore, numbers are used again. */
export interface Erasure {
  readonly record: number
  readonly hash: string
  readonly field: string
  readonly time: string
  readonly why: string
}

/** The erasure that this record demands, when it is one. The archive knows this one kind because it is about itself. */
export function erasureOf(record: ArchiveRecord): Erasure | undefined {
  if (record.kind !== 'record.erased') return undefined
  const value = Object.fromEntries(record.values)
  const { record: sequence = '', hash = '', field = '', why = '' } = value
  return { record: Number(sequence), hash, field, why, time: record.time }
}

/**
 * Takes the words out of their segment: the list first, then the one segment, rewritten with the block in its erased
 * form. Every step can be repeated. Answers the month the words were in, whose seal has to be made anew. Needs the
 * archive's lock, and whoever holds the segment open must open it again.
 */
export async function carryOut(disk: Disk, folder: string, erasure: Erasure): Promise<string> {
  await addToList(disk, folder, erasure)
  const found = findGroup(disk, folder, erasure)
  if (!found) throw new Error(`there is no record ${erasure.record} with the hash ${erasure.hash}`)
  const text = erasedText(found, erasure)
  const path = join(folder, segmentName(found.month))
  if (text !== undefined) await rewrite(disk, path, found.before.offset, found.group.end.offset, text)
  return found.month
}

const line = ({ record, hash, field, time, why }: Erasure) => `${record} ${hash} ${field} ${time} ${why}\n`

/** Appends to `erasures.txt` what is not in it yet; a line that a crash cut short is completed first. */
async function addToList(disk: Disk, folder: string, erasure: Erasure) {
  const path = join(folder, erasuresName)
  const isNew = disk.measure(path) === undefined
  const known = isNew ? '' : readWhole(disk, path).toString('latin1')
  const whole = known.slice(0, known.lastIndexOf('\n') + 1)
  if (whole.split('\n').some((one) => `${one}\n` === line(erasure))) return
  const file = disk.open(path, isNew ? 'create' : 'append')
  try {
    if (whole.length < known.length) disk.truncate(file, whole.length)
    writeAll(disk, file, Buffer.from(line(erasure)))
    await disk.sync(file)
  } finally {
    disk.close(file)
  }
  if (isNew) disk.syncFolder(folder)
}

interface Found {
  readonly month: string
  readonly before: Position
  readonly group: ReadGroup
}

function findGroup(disk: Disk, folder: string, erasure: Erasure): Found | undefined {
  for (const segment of archiveFiles(disk, folder).segments.toReversed()) {
    let before = beforeSegment(disk, folder, segment)
    if (!before || before.sequence >= erasure.record) continue
    before = { ...before, offset: 0 }
    for (const group of readGroups(disk, folder, before)) {
      if (group.end.month !== segment.month) return undefined
      if (group.records.some((record) => record.sequence === erasure.record && record.hash === erasure.hash))
        return { month: segment.month, before: withHead(before, group), group }
      before = group.end
    }
    return undefined
  }
  return undefined
}

/** The first group of a segment begins behind the head: its bytes are as many as it prints to. */
function withHead(before: Position, group: ReadGroup): Position {
  if (before.offset > 0) return before
  const text = textOf(group.records, before)
  return { ...before, offset: group.end.offset - Buffer.byteLength(text) }
}

function erasedText({ group, before }: Found, erasure: Erasure): string | undefined {
  let isDue = false
  const records = group.records.map((record) => {
    if (record.sequence !== erasure.record) return record
    const blocks = record.blocks.map((block) => {
      if (block.field !== erasure.field || 'erased' in block) return block
      isDue = true
      return { field: block.field, erased: digestOf(block) }
    })
    return { ...record, blocks }
  })
  return isDue ? textOf(records, before) : undefined
}

function textOf(records: readonly ArchiveRecord[], before: Place) {
  let place: Place = before
  let text = ''
  for (const record of records) {
    const printed = printRecord(record, place, record.time, record.more)
    text += printed.text
    place = printed.after
  }
  return text
}

const piece = 1024 * 1024

/** Replaces the bytes from `from` to `to`, in a copy that takes the file's place when it is whole. */
async function rewrite(disk: Disk, path: string, from: number, to: number, text: string) {
  const unfinished = `${path}.tmp`
  if (disk.measure(unfinished)) disk.remove(unfinished)
  const old = disk.open(path, 'read')
  const copy = disk.open(unfinished, 'create')
  try {
    copyBytes(disk, old, copy, 0, from)
    writeAll(disk, copy, Buffer.from(text))
    copyBytes(disk, old, copy, to, disk.measureOpen(old).size)
    await disk.sync(copy)
  } finally {
    disk.close(old)
    disk.close(copy)
  }
  disk.rename(unfinished, path)
  disk.syncFolder(dirname(path))
}

function copyBytes(disk: Disk, from: number, to: number, start: number, end: number) {
  const buffer = Buffer.allocUnsafe(piece)
  for (let at = start; at < end; ) {
    const read = disk.read(from, buffer, 0, Math.min(piece, end - at), at)
    if (read === 0) throw new Error('the segment became shorter while it was copied')
    writeAll(disk, to, buffer.subarray(0, read))
    at += read
  }
}

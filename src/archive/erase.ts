import { dirname, join } from 'node:path'
import type { ArchiveRecord } from '../kernel/wording.ts'
import type { Disk } from './disk.ts'
import { readWhole, rewrite, writeWhole } from './file.ts'
import { archiveFiles, erasuresName, segmentName } from './files.ts'
import { beforeSegment } from './find.ts'
import { closing, closingLength, type Place } from './grammar.ts'
import type { Position } from './position.ts'
import { digestOf, printRecord } from './print.ts'
import { readGroups } from './read.ts'
import type { ReadGroup } from './segment.ts'

/** One block of one record. Sequence and hash: after a restore, numbers are used again. */
export interface NamedWords {
  readonly record: number
  readonly hash: string
  readonly field: string
}

/** What a chained `record.erased` demands. */
export interface Erasure extends NamedWords {
  readonly time: string
  readonly why: string
}

/** The same words have the same name: a line of `erasures.txt` begins with it. */
export const nameOfWords = ({ record, hash, field }: NamedWords) => `${record} ${hash} ${field}`

/** The erasure that this record demands, when it is one. The archive knows this one kind because it is about itself. */
export function erasureOf({ kind, values, time }: ArchiveRecord): Erasure | undefined {
  const erasure = erasureIn(kind, values)
  return erasure && { ...erasure, time }
}

/** The same of a record that is still to be written. */
export function erasureIn(kind: string, values: ArchiveRecord['values']): Omit<Erasure, 'time'> | undefined {
  if (kind !== 'record.erased') return undefined
  const { record = '', hash = '', field = '', why = '' } = Object.fromEntries(values)
  return { record: Number(record), hash, field, why }
}

/** What there is of the words that an erasure names. */
export type Remains = 'words' | 'erased' | 'no such record' | 'no such words'

/** Looks it up in the text; one month is read for it. */
export function remainsOf(disk: Disk, folder: string, erasure: NamedWords): Remains {
  const found = findGroup(disk, folder, erasure)
  return found ? remainsIn(found, erasure) : 'no such record'
}

/** After a mistake there may be nothing of the kind, and then there is nothing to do about it. */
export const namesNothing = (disk: Disk, folder: string, erasure: NamedWords): boolean =>
  remainsOf(disk, folder, erasure).startsWith('no such')

/**
 * Takes the words out of their segment: the list first, then the one segment, rewritten with the block in its erased
 * form. Every step can be repeated. Answers the month the words were in, whose seal has to be made anew; nothing happens
 * when there are no such words. Needs the archive's lock, and whoever holds the segment open must open it again.
 */
export async function carryOut(disk: Disk, folder: string, erasure: Erasure): Promise<string | undefined> {
  const found = findGroup(disk, folder, erasure)
  if (!found || remainsIn(found, erasure) === 'no such words') return undefined
  await addToList(disk, folder, erasure)
  const text = withoutWords(found.group.records, found.before, [erasure])
  const path = join(folder, segmentName(found.month))
  if (text === undefined) disk.syncFolder(dirname(path))
  else await rewrite(disk, path, { from: found.before.offset, to: found.group.end.offset, text })
  return found.month
}

/** The text of `erasures.txt`; empty when nothing was ever erased. */
export function listOfErasures(disk: Disk, folder: string): string {
  const path = join(folder, erasuresName)
  return disk.measure(path) ? readWhole(disk, path).toString('latin1') : ''
}

/** What a list of erasures demands; of a line that somebody cut short as much as it says. */
export function erasuresIn(list: string): Erasure[] {
  return list.split('\n').flatMap((line) => {
    const [record = '', hash = '', field = '', time = '', why = ''] = line.split(' ')
    return hash === '' ? [] : [{ record: Number(record), hash, field, time, why }]
  })
}

/** Every erasure that either of these lists names, once: a list never becomes shorter. */
export function unionOfErasures(one: string, other: string): string {
  const lines = new Set([...one.split('\n'), ...other.split('\n')])
  lines.delete('')
  return [...lines].map((line) => `${line}\n`).join('')
}

/** Each erasure once, in the order they were carried out. Written anew each time: one that died may not have lasted. */
async function addToList(disk: Disk, folder: string, erasure: Erasure) {
  const line = `${nameOfWords(erasure)} ${erasure.time} ${erasure.why}`
  const list = unionOfErasures(listOfErasures(disk, folder), line)
  await writeWhole(disk, join(folder, erasuresName), Buffer.from(list, 'latin1'))
}

interface Found {
  readonly month: string
  readonly before: Position
  readonly group: ReadGroup
}

function findGroup(disk: Disk, folder: string, erasure: NamedWords): Found | undefined {
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

function remainsIn({ group }: Found, { record: sequence, field }: NamedWords): Remains {
  const record = group.records.find((record) => record.sequence === sequence)
  const block = record?.blocks.find((block) => block.field === field)
  if (!block) return 'no such words'
  return 'erased' in block ? 'erased' : 'words'
}

/** The first group of a segment begins behind the head: its bytes are as many as it prints to. */
function withHead(before: Position, group: ReadGroup): Position {
  if (before.offset > 0) return before
  const text = textOf(group.records, before)
  return { ...before, offset: group.end.offset - Buffer.byteLength(text) }
}

/** A group with the words of these erasures taken out; `undefined` when there are none in it. */
export function withoutWords(
  records: readonly ArchiveRecord[],
  before: Place,
  erasures: readonly NamedWords[],
): string | undefined {
  let isDue = false
  const erased = records.map((record) => {
    const due = erasures.filter((one) => one.record === record.sequence && one.hash === record.hash)
    if (due.length === 0) return record
    const blocks = record.blocks.map((block) => {
      if ('erased' in block || !due.some(({ field }) => field === block.field)) return block
      isDue = true
      return { field: block.field, erased: digestOf(block) }
    })
    return { ...record, blocks }
  })
  return isDue ? textOf(erased, before) : undefined
}

function textOf(records: readonly ArchiveRecord[], before: Place) {
  let place: Place = before
  let text = ''
  for (const record of records) {
    const printed = printRecord(record, place, record.time, record.more)
    // Of a record that was edited and accepted the closing line stays, too: the chain goes on from there.
    text += printed.text.slice(0, -closingLength) + closing(record.hash)
    place = { ...printed.after, hash: record.hash }
  }
  return text
}

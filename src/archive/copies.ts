import { join } from 'node:path'
import { cannotBeRead } from '../kernel/unread.ts'
import type { Disk } from './disk.ts'
import type { ArchiveAsItStands, MonthAsItStands } from './edits.ts'
import { withoutWords } from './erase.ts'
import { readWhole } from './file.ts'
import { archiveFiles } from './files.ts'
import { beforeSegment } from './find.ts'
import { headLength, isSamePlace } from './grammar.ts'
import { Bent, Misfit, type Parsed, parseRecord } from './parse.ts'
import type { Position } from './position.ts'
import { readGroups } from './read.ts'
import { orUnreadable, Unreadable } from './unreadable.ts'

/* Months as a copy of the archive has them: a backup, or a folder that somebody copied with any tool. */

/** This folder, or those in it, as far as they have an archive's tree; the one that was written last comes first. */
export function copiesIn(disk: Disk, folder: string): string[] {
  const inside = disk
    .list(folder)
    .filter(({ isFolder, name }) => isFolder && !/^(\d{4}|quarantine)$/.test(name))
  const found = [folder, ...inside.map(({ name }) => join(folder, name))].flatMap((copy) => {
    const last = archiveFiles(disk, copy).segments.at(-1)
    return last ? [{ copy, last, written: disk.measure(join(copy, last.name))?.modified ?? 0 }] : []
  })
  found.sort((a, b) => b.last.month.localeCompare(a.last.month) || b.written - a.written)
  return found.map(({ copy }) => copy)
}

/** A month as it was written, from a copy: whole, with the words gone that were erased since; or why the copy has none. */
export type MonthOfCopy = { readonly bytes: Buffer; readonly end: Position } | { readonly why: string }

/**
 * The text of a month before somebody changed it. What a copy of then does not hold yet is taken from the text as it stands.
 * Every byte is proven by the chain: from the head that the months before it lead to, to the head of the month behind.
 */
export function monthFromCopy(
  place: Place,
  standing: ArchiveAsItStands,
  month: MonthAsItStands,
): MonthOfCopy {
  const found = orUnreadable(() => provenFrom(place, standing, month))
  return found instanceof Unreadable ? { why: cannotBeRead(found) } : found
}

/** Of which archive, and where a copy of it is. */
interface Place {
  readonly disk: Disk
  readonly folder: string
  readonly copy: string
}

function provenFrom(
  { disk, folder, copy }: Place,
  standing: ArchiveAsItStands,
  month: MonthAsItStands,
): MonthOfCopy {
  const index = standing.months.indexOf(month)
  const before = standing.months[index - 1]
  const next = standing.months[index + 1]
  const { name } = month.segment
  const segment = archiveFiles(disk, copy).segments.find((one) => one.name === name)
  const from = segment && beforeSegment(disk, copy, segment)
  if (!segment || !from) return { why: 'it does not hold this month' }
  if (before && !before.fault && !isSamePlace(from, before.end))
    return { why: 'it does not follow the month before' }
  const kept = read({ disk, copy, name }, from, standing)
  if ('why' in kept) return kept
  if (next && isSamePlace(kept.end, next.from)) return kept
  const now = asItStands(disk, join(folder, name)) ?? Buffer.alloc(0)
  const whole = goneOn(kept, now, standing)
  if ('why' in whole || !next || isSamePlace(whole.end, next.from)) return whole
  return { why: `with it the month does not end where ${next.segment.name} begins` }
}

/** The bytes of a month that somebody changed; `undefined` when there are none to be read. */
export function asItStands(disk: Disk, path: string): Buffer | undefined {
  const found = orUnreadable(() => (disk.measure(path) ? readWhole(disk, path) : undefined))
  return found instanceof Unreadable ? undefined : found
}

/** What the copy holds of this month, up to the first thing in it that does not fit. */
function read(
  { disk, copy, name }: { readonly disk: Disk; readonly copy: string; readonly name: string },
  from: Position,
  { accepted, erasures }: ArchiveAsItStands,
): MonthOfCopy {
  const bytes = readWhole(disk, join(copy, name))
  const accepting = [...accepted].map(([record, hash]) => ({ record, hash }))
  const stands = new Map<number, string>()
  const onAccepted = ({ record, hash }: { record: number; hash: string }) => stands.set(record, hash)
  let end: Position = { ...from, offset: headLength(from.sequence + 1) }
  const parts = [bytes.subarray(0, end.offset)]
  for (const { records, end: next } of readGroups(disk, copy, from, { accepting, onAccepted })) {
    if (next.month !== from.month) break
    const older = records.find(({ sequence, hash }) => {
      const agreed = accepted.get(sequence)
      return agreed !== undefined && (stands.get(sequence) ?? hash) !== agreed
    })
    if (older) return { why: `it is older than the edit of record ${older.sequence}, which was accepted` }
    const erased = withoutWords(records, end, erasures)
    parts.push(erased === undefined ? bytes.subarray(end.offset, next.offset) : Buffer.from(erased))
    end = next
  }
  if (end.sequence === from.sequence) return { why: 'nothing of this month can be read in it' }
  const joined = Buffer.concat(parts)
  return { bytes: joined, end: { ...end, offset: joined.length } }
}

/** The records behind these, from the text as it stands. */
function goneOn(
  kept: { readonly bytes: Buffer; readonly end: Position },
  now: Buffer,
  { accepted }: ArchiveAsItStands,
): MonthOfCopy {
  const header = `\n\n@${kept.end.sequence + 1}`
  const found = [' ', '+'].map((sign) => now.indexOf(header + sign)).find((place) => place >= 0)
  if (found === undefined) {
    const isBehind = [...now.toString('latin1').matchAll(/\n\n@(\d{1,15})[ +]/g)].some(
      ([, sequence]) => Number(sequence) > kept.end.sequence,
    )
    return isBehind ? { why: `it ends with record ${kept.end.sequence}, and the one behind is gone` } : kept
  }
  const bytes = Buffer.concat([kept.bytes, now.subarray(found + 2)])
  let end = kept.end
  try {
    while (end.offset < bytes.length) {
      const parsed = parse(bytes, end, accepted)
      if (!parsed)
        return { why: `it ends with record ${kept.end.sequence}, and the text behind is cut short` }
      const { sequence, hash, time } = parsed.record
      end = { ...end, sequence, hash, time, offset: parsed.next }
    }
    return { bytes, end }
  } catch (error) {
    if (!(error instanceof Bent)) throw error
    const bent = end.sequence + 1
    return { why: `it ends with record ${kept.end.sequence}, and record ${bent} behind it was changed, too` }
  }
}

function parse(bytes: Buffer, end: Position, accepted: ReadonlyMap<number, string>): Parsed | undefined {
  try {
    return parseRecord(bytes, end.offset, bytes.length, end)
  } catch (error) {
    if (error instanceof Misfit && accepted.get(error.parsed.record.sequence) === error.comesTo)
      return error.parsed
    throw error
  }
}

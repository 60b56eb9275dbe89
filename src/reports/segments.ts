import { join } from 'node:path'
import { sizeOf } from '../archive/file.ts'
import { archiveFiles, type SegmentFile } from '../archive/files.ts'
import { beforeSegment } from '../archive/find.ts'
import { readSeal } from '../archive/seal.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import type { Folders } from './folders.ts'

export interface SegmentReport {
  /** `2026-11` */
  readonly month: string
  readonly file: string
  readonly records: number
  readonly bytes: number
  /** What can be seen of it without reading the month; `open` is the one that is written to. */
  readonly seal: 'unread' | 'open' | 'good' | 'missing' | 'bent' | 'unlike' | 'foreign'
}

/** Every month, counted by the heads of the files; `last` is the sequence of the archive's last record. */
export function segmentsReport(
  { disk, archive }: Pick<Folders, 'disk' | 'archive'>,
  last: number,
  keys: readonly string[],
): SegmentReport[] {
  const { segments } = archiveFiles(disk, archive)
  const top = (segment: SegmentFile) => orUnreadable(() => beforeSegment(disk, archive, segment))
  const sealIn = ({ month, isSealed }: SegmentFile) =>
    isSealed ? orUnreadable(() => readSeal(disk, archive, month)) : undefined
  /** Of a month that cannot be read its seal knows where it begins. */
  const behind = (segment: SegmentFile) => {
    const found = top(segment)
    if (!(found instanceof Unreadable)) return found?.sequence
    const seal = sealIn(segment)
    return seal && !(seal instanceof Unreadable) ? seal.first - 1 : undefined
  }
  return segments.map((segment, index) => {
    const next = segments[index + 1]
    const size = orUnreadable(() => sizeOf(disk, join(archive, segment.name)))
    const bytes = size instanceof Unreadable ? 0 : size
    const first = behind(segment) ?? 0
    return {
      month: segment.month,
      file: segment.name,
      // The head of a bent file may say anything; there are never fewer than none.
      records: Math.max(0, ((next && behind(next)) ?? last) - first),
      bytes,
      seal: stateOf(segment, bytes, next !== undefined),
    }
  })

  function stateOf(segment: SegmentFile, bytes: number, isClosed: boolean): SegmentReport['seal'] {
    if (top(segment) instanceof Unreadable) return 'unread'
    if (!isClosed) return 'open'
    const seal = sealIn(segment)
    if (seal instanceof Unreadable) return 'unread'
    if (!seal) return segment.isSealed ? 'bent' : 'missing'
    if (!keys.includes(seal.key)) return 'foreign'
    return seal.bytes === bytes ? 'good' : 'unlike'
  }
}

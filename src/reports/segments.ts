import { join } from 'node:path'
import { archiveFiles, type SegmentFile } from '../archive/files.ts'
import { beforeSegment } from '../archive/find.ts'
import { readSeal } from '../archive/seal.ts'
import type { Folders } from './folders.ts'

export interface SegmentReport {
  /** `2026-11` */
  readonly month: string
  readonly file: string
  readonly records: number
  readonly bytes: number
  /** What can be seen of its seal without reading the month; `open` is the one that is written to. */
  readonly seal: 'open' | 'good' | 'missing' | 'bent' | 'unlike' | 'foreign'
}

/** Every month, counted by the heads of the files; `last` is the sequence of the archive's last record. */
export function segmentsReport(
  { disk, archive }: Pick<Folders, 'disk' | 'archive'>,
  last: number,
  keys: readonly string[],
): SegmentReport[] {
  const { segments } = archiveFiles(disk, archive)
  const behind = (segment: SegmentFile) => beforeSegment(disk, archive, segment)?.sequence
  return segments.map((segment, index) => {
    const next = segments[index + 1]
    const bytes = disk.measure(join(archive, segment.name))?.size ?? 0
    const first = behind(segment) ?? 0
    return {
      month: segment.month,
      file: segment.name,
      // The head of a bent file may say anything; there are never fewer than none.
      records: Math.max(0, ((next && behind(next)) ?? last) - first),
      bytes,
      seal: next ? sealOf(segment, bytes) : 'open',
    }
  })

  function sealOf({ month, isSealed }: SegmentFile, bytes: number): SegmentReport['seal'] {
    const seal = isSealed ? readSeal(disk, archive, month) : undefined
    if (!seal) return isSealed ? 'bent' : 'missing'
    if (!keys.includes(seal.key)) return 'foreign'
    return seal.bytes === bytes ? 'good' : 'unlike'
  }
}

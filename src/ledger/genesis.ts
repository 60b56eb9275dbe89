import { join } from 'node:path'
import type { Disk } from '../archive/disk.ts'
import { writeWhole } from '../archive/file.ts'
import { archiveFiles, formatName } from '../archive/files.ts'
import { formatText } from '../archive/format.ts'
import { beginning, type Position } from '../archive/position.ts'
import { printGroup } from '../archive/print.ts'
import { readGroups } from '../archive/read.ts'
import { judge, quarantine } from '../archive/tail.ts'
import { openWriter } from '../archive/write.ts'
import { wordingOf } from '../kernel/event.ts'
import { type Source, stampOf } from '../kernel/stamp.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * Writes record 1 into an archive that has none: which archive this is, and the key of its seals. A first start that
 * died half way left at most a torn record, which goes to quarantine. Answers where it stands when it wrote it.
 */
export async function openArchive(
  disk: Disk,
  folder: string,
  source: Source,
  catalogue: Catalogue,
  publicKey: string,
): Promise<Position | undefined> {
  if (await hasFirstRecord(disk, folder)) return undefined
  await writeWhole(disk, join(folder, formatName), Buffer.from(formatText), 0o400)
  const stamp = stampOf(source, source.now())
  const wording = wordingOf(catalogue.opened(stamp.id('archive'), publicKey), stamp.salt)
  const writer = openWriter(disk, folder, beginning)
  try {
    await writer.append([printGroup([wording], writer.head, stamp.time)])
    return writer.head
  } finally {
    writer.close()
  }
}

async function hasFirstRecord(disk: Disk, folder: string): Promise<boolean> {
  if (archiveFiles(disk, folder).segments.length === 0) return false
  const groups = readGroups(disk, folder)
  const first = groups.next()
  if (!first.done) {
    groups.return({ safe: beginning })
    return true
  }
  const verdict = judge(disk, folder, first.value, undefined)
  if (verdict.is !== 'torn') return true
  await quarantine(disk, folder, verdict.fault, first.value.safe)
  return false
}

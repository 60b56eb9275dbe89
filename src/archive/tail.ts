import { join } from 'node:path'
import type { Disk } from './disk.ts'
import type { Fault } from './fault.ts'
import { letGo, makeLasting, piecesOf, readInto, rewrite, weigh, writePieces } from './file.ts'
import { archiveFiles, quarantineName, type SegmentFile, segmentName } from './files.ts'
import { closingLength, headPattern, limits, segmentHead } from './grammar.ts'
import type { Position } from './position.ts'
import type { ReadEnd } from './segment.ts'
import { reading } from './unreadable.ts'

/**
 * What the end of reading means (archive-format.md, "The end of the last segment"). Torn: a write that was never
 * acknowledged did not finish. Corrupt: something that was promised is not there as it was.
 */
export type Verdict =
  | { readonly is: 'whole' }
  | { readonly is: 'torn'; readonly fault: Fault }
  | { readonly is: 'corrupt'; readonly fault: Fault }

/**
 * `promised`: what the cache that was written beside this archive has seen, so that nothing behind it was acknowledged;
 * `undefined` when there is no such cache. `atLeast`: the highest sequence that any cache of this archive has seen.
 */
export function judge(
  disk: Disk,
  folder: string,
  end: ReadEnd,
  promised: number | undefined,
  atLeast = promised ?? 0,
): Verdict {
  const { fault } = end
  if (!fault) return { is: 'whole' }
  const last = archiveFiles(disk, folder).segments.at(-1)
  if (fault.file !== last?.name) return { is: 'corrupt', fault }
  if (fault.sequence <= atLeast) return { is: 'corrupt', fault }
  if (fault.offset === 0 && isExtraSegment(disk, folder, last, end.safe)) return { is: 'corrupt', fault }
  if (promised !== undefined) return { is: 'torn', fault }
  return { is: closesARecord(disk, join(folder, fault.file), fault.offset) ? 'corrupt' : 'torn', fault }
}

/**
 * Whether the last file begins with a whole head that does not go on from the last record: no write of ours leaves that
 * (docs/decisions/0017), so somebody put it there.
 */
export function isExtraSegment(
  disk: Disk,
  folder: string,
  { name, month }: SegmentFile,
  safe: Position,
): boolean {
  const text = beginningOf(disk, join(folder, name), 0)
  const head = text.slice(0, text.indexOf('\n\n') + 2)
  return headPattern.test(head) && head !== segmentHead(month, safe)
}

/**
 * Writes the open segment anew unless it ends where a cache says that it ended: what stands behind may be of a process
 * that died before its sync, or after a failed one, and then it is only in memory, where a power cut takes it away.
 * Whoever reads on without this promises what may be gone tomorrow. Needs the archive's lock.
 */
export async function renewEnd(disk: Disk, folder: string, known: Position | undefined): Promise<void> {
  const last = archiveFiles(disk, folder).segments.at(-1)
  if (!last) return
  const path = join(folder, last.name)
  if (last.month === known?.month && disk.measure(path)?.size === known.offset) return
  await rewrite(disk, path)
  disk.syncFolder(folder)
}

/** Keeps a copy of everything behind `safe` in `quarantine/`, then cuts it off. Answers the copy's name. */
export async function quarantine(disk: Disk, folder: string, fault: Fault, safe: Position): Promise<string> {
  const path = join(folder, fault.file)
  const month = fault.file.slice(5, 12)
  const isInside = fault.file === segmentName(safe.month)
  const from = isInside ? safe.offset : 0
  const name = `${quarantineName}/${month}-${from}-${weigh(disk, path, from).sha256.slice(0, 16)}.part`
  const shelf = join(folder, quarantineName)
  makeLasting(disk, shelf)
  await writePieces(disk, join(folder, name), piecesOf(disk, path, from))
  if (isInside) {
    const file = disk.open(path, 'append')
    try {
      disk.truncate(file, from)
      await disk.sync(file)
    } finally {
      letGo(disk, file)
    }
  } else {
    disk.remove(path)
    disk.syncFolder(join(folder, fault.file.slice(0, 4)))
  }
  return name
}

/**
 * Whether the fault is the beginning of what this archive's writer would have written there, so that a write may be under
 * way, or was cut short. Anything else is somebody else's, or what a power cut makes of a write.
 */
export function isUnfinished(disk: Disk, folder: string, fault: Fault, safe: Position): boolean {
  const text = beginningOf(disk, join(folder, fault.file), fault.offset)
  if (fault.offset === 0) return segmentHead(fault.file.slice(5, 12), safe).startsWith(text)
  const number = `@${fault.sequence}`
  const isNext = number.startsWith(text) || text.startsWith(`${number} `) || text.startsWith(`${number}+`)
  return isNext && text.length <= limits.record && cutRecord.test(text)
}

/** A record that is not there whole: header, blocks, and a closing line that has no end. */
const cutRecord =
  /^@?[ -~]*(?:\n(?:~[ -~]*|\|(?: [^\u0000-\u0008\u000a-\u001f\u007f]*)?))*(?:\n(?:=(?: [0-9a-f]{0,64}\n?)?)?)?$/

/** As much as one record may have, and a little more; in Latin-1, where a character may be half there. */
function beginningOf(disk: Disk, path: string, from: number): string {
  return reading(path, () => {
    const file = disk.open(path, 'read')
    try {
      const buffer = Buffer.alloc(limits.record + closingLength)
      return buffer.toString('latin1', 0, readInto(disk, file, buffer, from))
    } finally {
      letGo(disk, file)
    }
  })
}

/** A closing line with its blank line: a cut leaves none behind the place where it shows. */
const closingLine = /\n= [0-9a-f]{64}\n\n/

function closesARecord(disk: Disk, path: string, from: number) {
  let text = '\n'
  for (const bytes of piecesOf(disk, path, from)) {
    // It may stand half in the piece before.
    text = text.slice(-closingLength) + bytes.toString('latin1')
    if (closingLine.test(text)) return true
  }
  return false
}

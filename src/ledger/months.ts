import { join } from 'node:path'
import type { Disk } from '../archive/disk.ts'
import { type Erasure, remainsOf } from '../archive/erase.ts'
import { weigh } from '../archive/file.ts'
import { archiveFiles, sealName } from '../archive/files.ts'
import { beforeSegment } from '../archive/read.ts'
import { readSeal, type Seal, type SealKey, sealSegment } from '../archive/seal.ts'

/* Months that are over: sealed once, sealed anew when words were erased there, and looked at by every start. */

export interface Months {
  readonly disk: Disk
  readonly folder: string
  /** Id of the archive. */
  readonly archive: string
  /** All that were ever recorded. */
  readonly erasures: readonly Erasure[]
}

/** Seals the months that have no seal, or one of before words were erased there. Answers which. Throws Corruption. */
export async function sealMonths(
  { disk, folder, archive, erasures }: Months,
  key: SealKey,
): Promise<string[]> {
  const isGone = (erasure: Erasure) => remainsOf(disk, folder, erasure) === 'erased'
  const due = closed(disk, folder).filter(({ month, isSealed }) => {
    const seal = isSealed ? readSeal(disk, folder, month) : undefined
    if (!seal) return !isSealed
    const demanded = demandedIn(seal, erasures)
    // Only where more was demanded than is gone the text has to say how much of it was ever there.
    return seal.erased < demanded.length && seal.erased < demanded.filter(isGone).length
  })
  for (const { month } of due) await sealSegment(disk, folder, month, archive, key)
  return due.map(({ month }) => month)
}

/**
 * What can be seen of the months that are sealed without reading them: a file of another length, a seal that is bent, of somebody
 * else, or does not fit its neighbours. In a sentence; `undefined` when there is nothing to be seen.
 */
export function monthsProblem(
  { disk, folder, archive }: Months,
  keys: readonly string[],
): string | undefined {
  let last = 0
  for (const { month, name, next, isSealed } of closed(disk, folder)) {
    const behind = beforeSegment(disk, folder, next)
    if (!isSealed) {
      last = behind?.sequence ?? last
      continue
    }
    const seal = readSeal(disk, folder, month)
    if (!seal) return `${sealName(month)} is bent. Take it away to have the month verified and sealed anew.`
    const size = disk.measure(join(folder, name))?.size
    if (size !== seal.bytes) return `${name} has ${size} bytes, and its seal says ${seal.bytes}.`
    if (seal.archive !== archive || !keys.includes(seal.key))
      return `${sealName(month)} was not made by this archive.`
    if (seal.first !== last + 1 || behind?.sequence !== seal.last || behind.hash !== seal.head)
      return `${sealName(month)} does not fit the months beside it.`
    last = seal.last
  }
  return undefined
}

/**
 * Reads these months and compares each with the hash in its seal. The first that is not as it was sealed, in a sentence.
 * Whoever else waits in this process gets a turn after each month.
 */
export async function weighMonths({
  disk,
  folder,
}: Pick<Months, 'disk' | 'folder'>): Promise<string | undefined> {
  for (const { month, name, isSealed } of closed(disk, folder)) {
    const seal = isSealed ? readSeal(disk, folder, month) : undefined
    if (seal && weigh(disk, join(folder, name)).sha256 !== seal.sha256)
      return `${name} is not as it was sealed. ./thywill verify says where.`
    await new Promise((resolve) => setImmediate(resolve))
  }
  return undefined
}

/** Closed means that it has a successor. */
function closed(disk: Disk, folder: string) {
  const { segments } = archiveFiles(disk, folder)
  return segments.flatMap((segment, index) => {
    const next = segments[index + 1]
    return next ? [{ ...segment, next }] : []
  })
}

/** What was to be erased there, each block once. */
function demandedIn({ first, last }: Seal, erasures: readonly Erasure[]): Erasure[] {
  const inMonth = erasures.filter(({ record }) => record >= first && record <= last)
  return [...new Map(inMonth.map((one) => [`${one.record} ${one.hash} ${one.field}`, one])).values()]
}

import { join } from 'node:path'
import type { Acceptance } from '../archive/accept.ts'
import type { Disk } from '../archive/disk.ts'
import { type Erasure, remainsOf } from '../archive/erase.ts'
import { Corruption } from '../archive/fault.ts'
import { weigh, weighInTurns } from '../archive/file.ts'
import { archiveFiles, sealName } from '../archive/files.ts'
import { beforeSegment } from '../archive/find.ts'
import { readGroups } from '../archive/read.ts'
import { readSeal, type Seal, type SealKey, sealSegment } from '../archive/seal.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { breath } from '../kernel/breath.ts'
import { unreadable } from './guard.ts'
import { type Trouble, trouble } from './standing.ts'

/*
 * Months that are over: sealed once, sealed anew when words were erased or edits accepted there, and looked at by every
 * start.
 */

export interface Months {
  readonly disk: Disk
  readonly folder: string
  /** Id of the archive. */
  readonly archive: string
  /** All that were ever recorded. */
  readonly erasures: readonly Erasure[]
  /** Records that may stay as somebody edited them. */
  readonly accepted: readonly Acceptance[]
}

/**
 * Seals the months that have no seal, or one of before words were erased or edits accepted there. Answers which. Throws
 * Corruption.
 */
export async function sealMonths(
  { disk, folder, archive, erasures, accepted }: Months,
  key: SealKey,
): Promise<string[]> {
  const isGone = (erasure: Erasure) => remainsOf(disk, folder, erasure) === 'erased'
  const due = closed(disk, folder).filter(({ month, name, isSealed }) => {
    const seal = isSealed ? readSeal(disk, folder, month) : undefined
    if (!seal) return !isSealed
    const demanded = demandedIn(seal, erasures)
    // Only where more was demanded than is gone the text has to say how much of it was ever there.
    if (seal.erased < demanded.length && seal.erased < demanded.filter(isGone).length) return true
    return accepted.some(isIn(seal)) && weigh(disk, join(folder, name)).sha256 !== seal.sha256
  })
  for (const { month } of due) {
    await requireAsAccepted({ disk, folder, accepted }, month)
    await sealSegment(disk, folder, month, archive, key)
  }
  return due.map(({ month }) => month)
}

/**
 * Reads a month that holds accepted edits; any other is not read. Throws Corruption when one of them is not as it was
 * accepted: not even the text from before the edit, because caches were made of the edited one.
 */
export async function requireAsAccepted(
  { disk, folder, accepted }: Pick<Months, 'disk' | 'folder' | 'accepted'>,
  month: string,
): Promise<void> {
  const segment = archiveFiles(disk, folder).segments.find((one) => one.month === month)
  const from = segment && beforeSegment(disk, folder, segment)
  const stands = new Map<number, string>()
  const due = new Map(accepted.map(({ record, hash }) => [record, hash]))
  if (!from || due.size === 0) return
  let groups = 0
  const reading = readGroups(disk, folder, from, {
    onAccepted: ({ record, hash }) => stands.set(record, hash),
  })
  for (const { records, end } of reading) {
    if (end.month !== month) break
    for (const { sequence, hash } of records) {
      const agreed = due.get(sequence)
      if (agreed === undefined || (stands.get(sequence) ?? hash) === agreed) continue
      const what = 'it was accepted as somebody had edited it, and reads otherwise now'
      throw new Corruption({ file: segment.name, line: 1, sequence, what, offset: 0 })
    }
    if (++groups % 2000 === 0) await breath()
  }
}

/**
 * What can be seen of the months that are sealed without reading them: a file of another length, a seal that is bent, of somebody
 * else, or does not fit its neighbours. In a sentence; `undefined` when there is nothing to be seen.
 */
export function monthsProblem(
  { disk, folder, archive }: Pick<Months, 'disk' | 'folder' | 'archive'>,
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
    if (seal.first > last + 1) return missing(last + 1, seal.first - 1, `before ${name}`)
    if (behind && behind.sequence > seal.last)
      return missing(seal.last + 1, behind.sequence, `between ${name} and ${next.name}`)
    if (seal.first !== last + 1 || behind?.sequence !== seal.last || behind.hash !== seal.head)
      return `${sealName(month)} does not fit the months beside it.`
    last = seal.last
  }
  return undefined
}

const missing = (first: number, last: number, where: string) =>
  `Records ${first} to ${last} are missing ${where}: put the file with them back.`

/**
 * Reads these months and compares each with the hash in its seal. The first that is not as it was sealed, or cannot be read.
 * Whoever else waits in this process gets a turn after each piece of one.
 */
export async function weighMonths({
  disk,
  folder,
}: Pick<Months, 'disk' | 'folder'>): Promise<Trouble | undefined> {
  try {
    for (const { month, name, isSealed } of closed(disk, folder)) {
      const seal = isSealed ? readSeal(disk, folder, month) : undefined
      if (seal && (await weighInTurns(disk, join(folder, name))) !== seal.sha256)
        return trouble('corrupt', `${name} is not as it was sealed. ./thywill edits shows what is different.`)
    }
    return undefined
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(error)
    throw error
  }
}

/** Closed means that it has a successor. */
function closed(disk: Disk, folder: string) {
  const { segments } = archiveFiles(disk, folder)
  return segments.flatMap((segment, index) => {
    const next = segments[index + 1]
    return next ? [{ ...segment, next }] : []
  })
}

const isIn =
  ({ first, last }: Pick<Seal, 'first' | 'last'>) =>
  ({ record }: { readonly record: number }) =>
    record >= first && record <= last

/** What was to be erased there, each block once. */
function demandedIn(seal: Seal, erasures: readonly Erasure[]): Erasure[] {
  const inMonth = erasures.filter(isIn(seal))
  return [...new Map(inMonth.map((one) => [`${one.record} ${one.hash} ${one.field}`, one])).values()]
}

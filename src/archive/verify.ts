import { join } from 'node:path'
import { cannotBeRead } from '../kernel/unread.ts'
import type { ArchiveRecord } from '../kernel/wording.ts'
import type { Disk } from './disk.ts'
import { type Erasure, erasureOf, nameOfWords, namesNothing } from './erase.ts'
import type { Fault } from './fault.ts'
import { readWhole, sizeOf, weigh } from './file.ts'
import { type ArchiveFiles, archiveFiles, erasuresName, formatName, sealName, segmentName } from './files.ts'
import { formatText } from './format.ts'
import { type KindCounts, kindCounter } from './kinds.ts'
import { beginning, type Position } from './position.ts'
import { readGroups } from './read.ts'
import { readSeal } from './seal.ts'
import { orUnreadable, Unreadable } from './unreadable.ts'

/** Something that is not as it should be. Line and sequence are absent where a whole file is meant. */
export interface Problem {
  readonly file: string
  readonly line?: number
  readonly sequence?: number
  readonly what: string
}

/** "2026/2026-11.txt, line 7, record 3: the sum is wrong." */
export function problemSentence({ file, line, sequence, what }: Problem): string {
  const place = [file, line && `line ${line}`, sequence && `record ${sequence}`].filter(Boolean).join(', ')
  return `${place}: ${what}${what.endsWith('.') ? '' : '.'}`
}

export interface Verification {
  readonly archive: string | undefined
  readonly records: number
  readonly segments: number
  readonly bytes: number
  readonly head: Position
  readonly kinds: KindCounts
  readonly problems: readonly Problem[]
  /** The first bytes that do not verify, when reading did not come to the end. */
  readonly fault?: Fault
  /** The file that could not be read, when that is why it did not. */
  readonly unread?: Unreadable
  /** Public keys that the archive names. */
  readonly keys: readonly string[]
}

export interface Progress {
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

/**
 * Reads every byte of the archive: framing, chain, seals, keys, erasures, list of erasures, FORMAT, strange files.
 * Synchronous and long; `onProgress` is called about every 50,000 records. A file that cannot be read is a problem, too.
 * Throws only what the disk throws.
 */
export function verifyArchive(
  disk: Disk,
  folder: string,
  onProgress: (progress: Progress) => void = () => {},
): Verification {
  const files = archiveFiles(disk, folder)
  const sizes = files.segments.map(({ name }) => orUnreadable(() => sizeOf(disk, join(folder, name))))
  const totalBytes = sizes.reduce<number>((sum, size) => sum + (size instanceof Unreadable ? 0 : size), 0)
  const seen = witness()
  const kinds = kindCounter()
  const problems: Problem[] = [...fileProblems(disk, folder, files)]

  let records = 0
  let ended = beginning
  let bytesBefore = 0
  const groups = readGroups(disk, folder)
  const next = () => orUnreadable(() => groups.next())
  let step = next()
  for (; !(step instanceof Unreadable) && !step.done; step = next()) {
    const { records: group, end } = step.value
    if (end.month !== ended.month) {
      seen.closeMonth(ended)
      bytesBefore += ended.offset
    }
    for (const record of group) {
      seen.look(record, end.month)
      kinds.note(record)
    }
    ended = end
    records += group.length
    if (records % 50_000 < group.length) onProgress({ records, bytes: bytesBefore + end.offset, totalBytes })
  }
  const unread = step instanceof Unreadable ? step : undefined
  const fault = step instanceof Unreadable ? undefined : step.value.fault
  if (unread) problems.push(unreadProblem(unread))
  if (fault) problems.push({ file: fault.file, line: fault.line, sequence: fault.sequence, what: fault.what })
  // A month was read to its end when reading went on to the next one, even if it did not get far there.
  if ((fault ?? unread)?.file !== segmentName(ended.month)) seen.closeMonth(ended)
  const isCut = fault !== undefined || unread !== undefined
  problems.push(...unlessUnread(() => [...seen.erasureProblems(disk, folder, files, isCut)]))
  problems.push(...sealProblems(disk, folder, files, seen))
  return {
    archive: seen.archive,
    records,
    segments: files.segments.length,
    bytes: totalBytes,
    head: ended,
    kinds: kinds.counts(),
    problems: onlyOnce(problems),
    keys: [...seen.keys],
    ...(fault && { fault }),
    ...(unread && { unread }),
  }
}

/** That a file cannot be read, as what is wrong with it. */
export const unreadProblem = (unread: Unreadable): Problem => ({
  file: unread.file,
  what: cannotBeRead(unread),
})

/** The problems found, or that they could not be looked for. */
export function unlessUnread(find: () => readonly Problem[]): readonly Problem[] {
  const found = orUnreadable(find)
  return found instanceof Unreadable ? [unreadProblem(found)] : found
}

/** Several may have come upon the same one. */
export const onlyOnce = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((one) => [JSON.stringify(Object.entries(one).sort()), one])).values(),
]

/** What can be seen of the files without reading a record. */
export function* fileProblems(disk: Disk, folder: string, files: ArchiveFiles): Generator<Problem> {
  if (files.hasFormat) {
    const text = orUnreadable(() => readWhole(disk, join(folder, formatName)).toString('utf8'))
    if (text instanceof Unreadable) yield unreadProblem(text)
    else if (text !== formatText) yield { file: formatName, what: 'this is not the text of format 1' }
  } else if (files.segments.length > 0) yield { file: formatName, what: 'it is missing' }
  for (const name of files.strangers) yield { file: name, what: 'the archive did not put this file here' }
}

/** What the whole reading has to remember: keys, erasures, and each month's last place. */
function witness() {
  const keys = new Set<string>()
  const months = new Map<string, { first: number; end: Position; erased: number }>()
  const erased = new Map<string, Problem>()
  const demanded: { erasure: Erasure; month: string }[] = []
  let archive: string | undefined
  let open: { first: number; erased: number } | undefined

  return {
    keys,
    months,
    get archive() {
      return archive
    },
    look(record: ArchiveRecord, month: string) {
      open ??= { first: record.sequence, erased: 0 }
      if (record.kind === 'archive.opened') {
        const value = Object.fromEntries(record.values)
        archive = value.archive
        if (value.key) keys.add(value.key)
      }
      if (record.kind === 'key.added') keys.add(Object.fromEntries(record.values).publicKey ?? '')
      const erasure = erasureOf(record)
      if (erasure) demanded.push({ erasure, month })
      for (const block of record.blocks) {
        if (!('erased' in block)) continue
        open.erased++
        const what = `the words of "${block.field}" are gone and no record.erased names them`
        erased.set(nameOfWords({ record: record.sequence, hash: record.hash, field: block.field }), {
          file: segmentName(month),
          sequence: record.sequence,
          what,
        })
      }
    },
    closeMonth(end: Position) {
      if (open) months.set(end.month, { ...open, end })
      open = undefined
    },
    /** `isCut`: behind the fault there may be records that name more erasures. */
    *erasureProblems(disk: Disk, folder: string, files: ArchiveFiles, isCut: boolean): Generator<Problem> {
      const text = files.hasErasures ? readWhole(disk, join(folder, erasuresName)).toString('latin1') : ''
      const listed = new Set(text.split('\n').map((line) => line.split(' ').slice(0, 3).join(' ')))
      const unnamed = new Map(erased)
      for (const { erasure } of demanded) unnamed.delete(nameOfWords(erasure))
      for (const { erasure, month } of demanded) {
        const { record: sequence, field } = erasure
        const name = nameOfWords(erasure)
        // A mistake that harms nobody, unless words are gone that this was meant to name.
        if (unnamed.size === 0 && !erased.has(name) && namesNothing(disk, folder, erasure)) continue
        if (!erased.has(name)) {
          const file = segmentName(monthOf(sequence) ?? month)
          yield { file, sequence, what: `the words of "${field}" were to be erased and are there` }
        }
        if (!listed.has(name))
          yield { file: erasuresName, sequence, what: `the erasure of "${field}" is not in the list` }
      }
      if (!isCut) yield* unnamed.values()
    },
  }

  function monthOf(sequence: number) {
    for (const [month, { first, end }] of months)
      if (first <= sequence && sequence <= end.sequence) return month
    return undefined
  }
}

function* sealProblems(
  disk: Disk,
  folder: string,
  files: ArchiveFiles,
  seen: ReturnType<typeof witness>,
): Generator<Problem> {
  for (const [index, segment] of files.segments.entries()) {
    const isClosed = index < files.segments.length - 1
    const file = sealName(segment.month)
    if (!segment.isSealed) {
      if (isClosed) yield { file, what: 'this month is over and has no seal' }
      continue
    }
    const said = orUnreadable(() => readSeal(disk, folder, segment.month))
    if (said instanceof Unreadable) {
      yield unreadProblem(said)
      continue
    }
    if (!said) {
      yield { file, what: 'this seal is bent, or its signature does not fit' }
      continue
    }
    const found = seen.months.get(segment.month)
    if (!found) {
      yield { file, what: 'this seal is of a month that could not be read to its end' }
      continue
    }
    if (!isClosed) {
      yield { file, what: 'this month is sealed, and the one that came after it is missing' }
      continue
    }
    if (!seen.keys.has(said.key))
      yield { file, what: 'this seal was made with a key that the archive does not name' }
    const weight = orUnreadable(() => weigh(disk, join(folder, segment.name)))
    if (weight instanceof Unreadable) {
      yield unreadProblem(weight)
      continue
    }
    const is = {
      archive: seen.archive,
      first: found.first,
      last: found.end.sequence,
      records: found.end.sequence - found.first + 1,
      head: found.end.hash,
      ...weight,
      erased: found.erased,
    }
    for (const [name, value] of Object.entries(is)) {
      const claimed = said[name as keyof typeof is]
      if (claimed !== value) yield { file, what: `it says ${name} ${claimed}, and it is ${value}` }
    }
  }
}

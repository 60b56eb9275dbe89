import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Acceptance, acceptanceOf } from '../archive/accept.ts'
import type { Disk } from '../archive/disk.ts'
import { type Erasure, erasureOf, nameOfWords, namesNothing } from '../archive/erase.ts'
import { archiveFiles } from '../archive/files.ts'
import { type KindCounts, kindCounter } from '../archive/kinds.ts'
import { beginning, type Position } from '../archive/position.ts'
import { readGroups } from '../archive/read.ts'
import type { ReadEnd } from '../archive/segment.ts'
import type { Progress } from '../archive/verify.ts'
import { bulkWriter } from '../cache/bulk.ts'
import { moveCursor } from '../cache/cursor.ts'
import { buildingFile, removeCache } from '../cache/generations.ts'
import { type Connection, openForBuilding, openForWriting } from '../cache/open.ts'
import { createIndexes, createTables } from '../cache/schema.ts'
import { breath } from '../kernel/breath.ts'
import type { Kind } from '../kernel/event.ts'
import { stopwatch } from '../kernel/stamp.ts'
import type { ArchiveRecord } from '../kernel/wording.ts'
import { catchUp, cursorAt } from './catch-up.ts'
import { type Projector, projector } from './project.ts'
import { differingTables, requireSound } from './prove.ts'

export interface Rebuilt extends ReadEnd {
  /** Where it was made: it gets its name with the pointer (generations.ts). */
  readonly path: string
  readonly records: number
  readonly seconds: number
  /** How many records of each kind it was made of; those that it caught up with afterwards are not among them. */
  readonly kinds: KindCounts
  /** Kinds passed over, with how many records. */
  readonly unknown: ReadonlyMap<string, number>
  /** Tables in which the cache that was served meanwhile had other rows; `undefined` when nothing was compared. */
  readonly differing?: readonly string[]
  /** How long writes waited for the switch, when they did not wait for the whole rebuild. */
  readonly pausedSeconds?: number
}

/** Which cache is wanted: plain values, so that another thread can be told. */
export interface RebuildOrder {
  /** Folder of the archive. */
  readonly archive: string
  /** Where the cache will be, reserved (generations.ts). */
  readonly path: string
  /** The moment it happens in. */
  readonly now: string
  /** Stop behind this record: to compare with a cache that stands there. */
  readonly until?: number
  /** Edits of the text that are to be read as if they were accepted: to see whether they could be. */
  readonly accepting?: readonly Acceptance[]
  /** Path of the cache that is served meanwhile, when it has the same schema. */
  readonly besides?: string
}

export interface RebuildProgress extends Progress {
  readonly phase: 'reading' | 'indexing' | 'catching up' | 'checking'
}

/** What whoever waits for a rebuild sees and may do. */
export interface RebuildWatch {
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined
  /** Told the sequence of each record that is about to be projected, and the same below zero when that is done. */
  readonly onRecord?: ((sequence: number) => void) | undefined
  /** Ends it at the next stretch; it throws the signal's reason then. */
  readonly signal?: AbortSignal | undefined
}

/** How a cache is made: `rebuild` itself, or in another thread. */
export type Rebuild = (order: RebuildOrder, watch: RebuildWatch) => Promise<Rebuilt>

/**
 * A new cache from the text alone, beside whatever is there; nothing points to it yet. Writes may go on meanwhile: it
 * catches up until hardly a batch is missing. Stops at the first fault, which is the caller's to judge. Whoever else waits
 * in this thread gets a turn every few thousand records. Throws, and leaves no file, when a record cannot be projected or
 * when SQLite does not find the file sound.
 */
export const rebuildWith =
  (disk: Disk, kinds: readonly Kind[]): Rebuild =>
  async (order, watch) => {
    const elapsed = stopwatch()
    const building = buildingFile(order.path)
    const cache = openForBuilding(building)
    const projecting = watched(projector(kinds), watch)
    const progress = progressIn(disk, order, watch)
    try {
      const work = { disk, order, cache, projecting, progress }
      const made = await project({ ...work, watch, elapsed })
      let end: ReadEnd = order.until === undefined ? follow(work, made) : made
      progress('checking', end.safe, made.records)
      requireSound(cache)
      const compared = order.besides
        ? await differingTables({ ...work, kinds }, order.besides, end)
        : undefined
      // Comparing takes a while, too.
      if (compared) end = follow(work, compared, 'checking')
      cache.close()
      // Its header is turned into that of a served cache here, where nobody waits for the disk.
      openForWriting(building).close()
      await syncFile(building)
      return {
        safe: end.safe,
        ...(end.fault && { fault: end.fault }),
        path: building,
        records: made.records,
        seconds: elapsed(),
        kinds: made.kinds,
        unknown: projecting.unknown,
        ...(compared?.differing && { differing: compared.differing }),
      }
    } catch (error) {
      cache.close()
      removeCache(building)
      throw error
    }
  }

interface Work {
  readonly disk: Disk
  readonly order: RebuildOrder
  readonly cache: Connection
  readonly projecting: Projector
  readonly progress: (phase: RebuildProgress['phase'], at: Position, records: number) => void
}

type Made = ReadEnd & { readonly records: number; readonly kinds: KindCounts }

/** Everything that is there, in one transaction and without indexes until the end. */
async function project(
  work: Work & { readonly watch: RebuildWatch; readonly elapsed: () => number },
): Promise<Made> {
  const { disk, order, watch, cache, projecting, progress } = work
  const { until = Number.POSITIVE_INFINITY, accepting = [] } = order
  const { signal } = watch
  createTables(cache)
  const writer = bulkWriter(cache)
  const seen = notes(disk, order.archive)
  const kinds = kindCounter()
  cache.sqlite.exec('begin')
  let safe = beginning
  let records = 0
  let pauseAt = stretch
  const groups = readGroups(disk, order.archive, beginning, { accepting })
  let step = groups.next()
  while (!step.done && safe.sequence < until) {
    for (const record of step.value.records) {
      seen.note(record)
      kinds.note(record)
      projecting.project(writer, record)
      records++
    }
    safe = step.value.end
    if (records >= pauseAt) {
      pauseAt = records + stretch
      progress('reading', safe, records)
      await breath()
      signal?.throwIfAborted()
    }
    step = groups.next()
  }
  if (!step.done) groups.return({ safe })
  progress('indexing', safe, records)
  writer.settle()
  createIndexes(cache)
  const built = { builtAt: order.now, buildMilliseconds: Math.round(work.elapsed() * 1000) }
  moveCursor(writer, cursorAt({ ...seen.build(), ...built }, safe))
  cache.sqlite.exec('commit')
  return { ...(step.done ? step.value : { safe }), records, kinds: kinds.counts() }
}

/** In every phase: what was read, what was written meanwhile, and what the cache it is compared with has seen. */
function watched({ unknown, project }: Projector, { onRecord = () => {} }: RebuildWatch): Projector {
  return {
    unknown,
    project(writer, record) {
      onRecord(record.sequence)
      project(writer, record)
      onRecord(-record.sequence)
    },
  }
}

/** What was written meanwhile, until hardly more than a batch is missing; the rest is for whoever stops the writer. */
function follow(
  { disk, order, cache, projecting, progress }: Work,
  from: ReadEnd,
  phase: RebuildProgress['phase'] = 'catching up',
): ReadEnd {
  let end = from
  for (let missed = shortTail; missed >= shortTail; ) {
    progress(phase, end.safe, end.safe.sequence)
    const next = catchUp(disk, order.archive, cache, projecting, end.safe)
    missed = next.records
    end = next
  }
  return end
}

/** It was built without a single sync: what a pointer names is not torn by a power cut. */
async function syncFile(path: string) {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Which archive this is, how many erasures were carried out before its words were read, and the last edit accepted. */
function notes(disk: Disk, folder: string) {
  let archive = ''
  let accepted = 0
  const erased = new Set<string>()
  const demanded: Erasure[] = []
  const isDone = (erasure: Erasure) => erased.has(nameOfWords(erasure)) || namesNothing(disk, folder, erasure)
  return {
    note(record: ArchiveRecord) {
      if (record.sequence === 1) archive = record.values.find(([key]) => key === 'archive')?.[1] ?? ''
      for (const block of record.blocks) {
        if ('erased' in block)
          erased.add(nameOfWords({ record: record.sequence, hash: record.hash, field: block.field }))
      }
      if (acceptanceOf(record)) accepted = record.sequence
      const erasure = erasureOf(record)
      if (erasure) demanded.push(erasure)
    },
    build: () => ({ archive, accepted, erasures: demanded.filter(isDone).length }),
  }
}

/** How many records are projected before others get a turn: about 50 ms. */
const stretch = 5000

/** A tail of fewer records than this is caught up in a few milliseconds. */
const shortTail = 256

/** How far a position is into the bytes that were there at the start. */
function progressIn(disk: Disk, { archive }: RebuildOrder, { onProgress = () => {} }: RebuildWatch) {
  const before = new Map<string, number>()
  let totalBytes = 0
  for (const { month, name } of archiveFiles(disk, archive).segments) {
    before.set(month, totalBytes)
    totalBytes += disk.measure(join(archive, name))?.size ?? 0
  }
  return (phase: RebuildProgress['phase'], { month, offset }: Position, records: number) => {
    const bytes = Math.min(totalBytes, (before.get(month) ?? totalBytes) + offset)
    onProgress({ phase, records, bytes: month === '' ? 0 : bytes, totalBytes })
  }
}

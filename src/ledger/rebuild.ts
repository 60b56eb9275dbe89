import { join } from 'node:path'
import type { Disk } from '../archive/disk.ts'
import { erasureOf } from '../archive/erase.ts'
import { archiveFiles } from '../archive/files.ts'
import { type KindCounts, kindCounter } from '../archive/kinds.ts'
import { beginning, type Position, type ReadEnd, readGroups } from '../archive/read.ts'
import type { Progress } from '../archive/verify.ts'
import { bulkWriter } from '../cache/bulk.ts'
import { moveCursor } from '../cache/cursor.ts'
import { nextCache, removeCache } from '../cache/generations.ts'
import { openForBuilding } from '../cache/open.ts'
import { createIndexes, createTables } from '../cache/schema.ts'
import type { Kind } from '../kernel/event.ts'
import { stopwatch } from '../kernel/stamp.ts'
import type { ArchiveRecord } from '../kernel/wording.ts'
import { cursorAt } from './catch-up.ts'
import { projector } from './project.ts'

export interface Rebuilt extends ReadEnd {
  readonly path: string
  readonly records: number
  readonly seconds: number
  readonly kinds: KindCounts
  /** Kinds passed over, with how many records. */
  readonly unknown: ReadonlyMap<string, number>
}

export interface RebuildOptions {
  readonly disk: Disk
  readonly archive: string
  readonly cache: string
  readonly kinds: readonly Kind[]
  readonly schemaHash: string
  /** The moment it happens in. */
  readonly now: string
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Stop behind this record: to compare with a cache that stands there. */
  readonly until?: number
}

/**
 * A new cache from the text alone, beside whatever is there; nothing points to it yet. Whoever else waits in this process
 * gets a turn every few thousand records. Stops at the first fault, which is the caller's to judge. Throws, and leaves no
 * file, when a record cannot be projected.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const elapsed = stopwatch()
  const path = nextCache(options.cache, options.schemaHash)
  const cache = openForBuilding(path)
  const projecting = projector(options.kinds)
  const seen = notes()
  const kinds = kindCounter()
  const { until = Number.POSITIVE_INFINITY, onProgress = () => {} } = options
  try {
    createTables(cache)
    const writer = bulkWriter(cache)
    cache.sqlite.exec('begin')
    let safe = beginning
    const progress = progressIn(options)
    let records = 0
    let pauseAt = stretch
    const groups = readGroups(options.disk, options.archive)
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
        onProgress(progress(safe, records))
        await breath()
      }
      step = groups.next()
    }
    writer.settle()
    createIndexes(cache)
    const build = { ...seen.build(), builtAt: options.now, buildMilliseconds: Math.round(elapsed() * 1000) }
    moveCursor(cache, cursorAt(build, safe))
    cache.sqlite.exec('commit')
    if (!step.done) groups.return({ safe })
    const end = step.done ? step.value : { safe }
    return { ...end, path, records, seconds: elapsed(), kinds: kinds.counts(), unknown: projecting.unknown }
  } catch (error) {
    cache.close()
    removeCache(path)
    throw error
  } finally {
    cache.close()
  }
}

/** Which archive this is, and how many erasures were carried out before its words were read. */
function notes() {
  let archive = ''
  const erased = new Set<string>()
  const demanded: string[] = []
  return {
    note(record: ArchiveRecord) {
      if (record.sequence === 1) archive = record.values.find(([key]) => key === 'archive')?.[1] ?? ''
      for (const block of record.blocks) {
        if ('erased' in block) erased.add(`${record.sequence} ${block.field}`)
      }
      const erasure = erasureOf(record)
      if (erasure) demanded.push(`${erasure.record} ${erasure.field}`)
    },
    build: () => ({ archive, erasures: demanded.filter((one) => erased.has(one)).length }),
  }
}

/** How many records are projected before others get a turn: about 50 ms. */
const stretch = 5000

const breath = () => new Promise((resolve) => setImmediate(resolve))

/** How far a position is into the bytes that were there at the start. */
function progressIn({ disk, archive }: RebuildOptions) {
  const before = new Map<string, number>()
  let totalBytes = 0
  for (const { month, name } of archiveFiles(disk, archive).segments) {
    before.set(month, totalBytes)
    totalBytes += disk.measure(join(archive, name))?.size ?? 0
  }
  return ({ month, offset }: Position, records: number): Progress => ({
    records,
    bytes: (before.get(month) ?? 0) + offset,
    totalBytes,
  })
}

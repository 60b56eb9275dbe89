import type { Disk } from '../archive/disk.ts'
import type { Position } from '../archive/position.ts'
import { readGroups } from '../archive/read.ts'
import type { ReadEnd } from '../archive/segment.ts'
import { type Cursor, cursorOf, moveCursor } from '../cache/cursor.ts'
import type { Reading } from '../cache/reading.ts'
import { countCommit } from '../cache/unchanged.ts'
import { forgetKept } from '../cache/untouched.ts'
import { cacheWriter } from '../cache/writer.ts'
import type { Projector } from './project.ts'

/** What of a cursor does not move with every batch. */
export type Build = Pick<Cursor, 'archive' | 'erasures' | 'accepted' | 'builtAt' | 'buildMilliseconds'>

export const cursorAt = (build: Build, at: Position): Cursor => ({
  archive: build.archive,
  erasures: build.erasures,
  accepted: build.accepted,
  builtAt: build.builtAt,
  buildMilliseconds: build.buildMilliseconds,
  sequence: at.sequence,
  hash: at.hash,
  time: at.time,
  month: at.month,
  offset: at.offset,
})

/** How many records are projected in one transaction: what is lost when the process dies meanwhile. */
const step = 20_000

/**
 * Projects every whole group behind `from`, the position of this cache's cursor. Rows and cursor move together. Answers
 * where the archive ends; a fault there is the caller's to judge. Stops behind the record `until`.
 */
export function catchUp(
  disk: Disk,
  folder: string,
  cache: Reading,
  projector: Projector,
  from: Position,
  until = Number.POSITIVE_INFINITY,
): ReadEnd & { records: number } {
  const build = cursorOf(cache)
  if (!build) throw new Error('a cache without a cursor cannot catch up')
  const writer = cacheWriter(cache)
  const groups = readGroups(disk, folder, from)
  let place = from
  let records = 0
  for (;;) {
    const before = place
    const end = inTransaction(cache, () => {
      let ended: ReadEnd | undefined
      for (let seen = 0; seen < step && !ended; ) {
        const group = place.sequence < until ? groups.next() : groups.return({ safe: place })
        if (group.done) ended = group.value
        else {
          for (const record of group.value.records) projector.project(writer, record)
          seen += group.value.records.length
          place = group.value.end
        }
      }
      writer.settle()
      if (place !== before) moveCursor(writer, cursorAt(build, place))
      return ended
    })
    records += place.sequence - before.sequence
    if (end) return { ...end, records }
  }
}

/** All or nothing. Throws what `work` throws, with everything undone. */
export function inTransaction<Result>(cache: Reading, work: () => Result): Result {
  const { sqlite } = cache
  sqlite.exec('begin immediate')
  try {
    const result = work()
    sqlite.exec('commit')
    countCommit(cache)
    return result
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('rollback')
    forgetKept(cache)
    throw error
  }
}

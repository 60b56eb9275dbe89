import { type Erasure, erasureOf } from '../archive/erase.ts'
import { AppendFailed } from '../archive/write.ts'
import { cursorOf, moveCursor } from '../cache/cursor.ts'
import { countCommit } from '../cache/unchanged.ts'
import { cursorAt } from './catch-up.ts'
import { type Attempt, type Bench, type Rehearsed, rehearseAll, type WriteConnection } from './rehearse.ts'
import { refused } from './standing.ts'

/** What came of a batch. */
export interface BatchEnd {
  /** How many of the attempts were answered. */
  readonly taken: number
  /** The archive took nothing, or nobody knows. */
  readonly failed?: AppendFailed
  /** The archive holds the records and the cache could not be brought up to them. */
  readonly isBehind?: boolean
  /** Words have to leave the archive now. */
  readonly erasures?: readonly Erasure[]
}

/**
 * The path of every write: rehearse each command on the cache; append what they decided with one sync; commit. Nobody is
 * answered before, so that whoever is answered can read what they wrote, and no answer rests on a command that was not
 * saved after all. Never throws.
 */
export async function runBatch(bench: Bench, attempts: readonly Attempt[]): Promise<BatchEnd> {
  const { connection, writer } = bench
  let rehearsed: Rehearsed
  try {
    rehearsed = rehearseAll(bench, attempts)
  } catch (cause) {
    // SQLite lost the transaction (a full disk does that) or never began it: nothing of this batch may be appended.
    undoAll(connection)
    for (const attempt of attempts) attempt.reject(refused('not-saved'))
    return {
      taken: attempts.length,
      failed: new AppendFailed('refused', 'the cache could not rehearse', cause),
    }
  }

  const { groups, answers, taken } = rehearsed
  try {
    await writer.append(groups)
  } catch (error) {
    undoAll(connection)
    const failed =
      error instanceof AppendFailed ? error : new AppendFailed('unknown', 'the append failed', error)
    const refusal = refused(failed.outcome === 'unknown' ? 'unknown' : 'not-saved')
    for (const attempt of attempts.slice(0, taken)) attempt.reject(refusal)
    return { taken, failed }
  }

  const isBehind = !committed(bench, groups.length > 0)
  for (const answer of answers) answer()
  const erasures = groups.flatMap(({ records }) => records.flatMap((record) => erasureOf(record) ?? []))
  return { taken, isBehind, erasures }
}

function undoAll({ cache, rows, rollback }: WriteConnection) {
  rows.forget()
  try {
    if (cache.sqlite.inTransaction) rollback.run()
  } catch {
    // Then the next batch cannot begin, is refused, and tries this again.
  }
}

function committed({ connection, writer, catchUp }: Bench, hasMoved: boolean): boolean {
  const { cache, rows } = connection
  try {
    const cursor = cursorOf(cache)
    if (hasMoved && cursor) moveCursor(rows, cursorAt(cursor, writer.head))
    connection.commit.run()
    countCommit(cache)
    connection.sendLogAhead()
    return true
  } catch {
    // The records exist, so whoever wrote them is told so, and the cache learns of them from the text.
  }
  rows.forget()
  try {
    if (cache.sqlite.inTransaction) connection.rollback.run()
    catchUp()
    return true
  } catch {
    return false
  }
}

import type { Statement } from 'better-sqlite3'
import { type Erasure, erasureOf } from '../archive/erase.ts'
import type { Place } from '../archive/grammar.ts'
import { type Group, printGroup } from '../archive/print.ts'
import { AppendFailed, type Writer } from '../archive/write.ts'
import { cursorOf, moveCursor } from '../cache/cursor.ts'
import { sendLogAhead } from '../cache/log.ts'
import type { Reading } from '../cache/reading.ts'
import { countCommit } from '../cache/unchanged.ts'
import { type CacheWriter, cacheWriter } from '../cache/writer.ts'
import { type Draft, wordingOf } from '../kernel/event.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { millisecondsOf, monthOf } from '../kernel/moment.ts'
import { type Source, type Stamp, stampOf } from '../kernel/stamp.ts'
import { cursorAt } from './catch-up.ts'
import type { Projector } from './project.ts'
import { refused } from './standing.ts'

/** What a rehearsal decided: the events to write, and the answer once they are written. */
export interface Decided<Result> {
  readonly drafts: readonly Draft[]
  readonly result: Result
}

/** One command that waits for its turn. */
export interface Attempt {
  /** Only reads, and may be asked again before anybody is answered. */
  readonly rehearse: (cache: Reading, stamp: Stamp) => Decided<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** Its moment, drawn once, also when it has to wait for the next batch. */
  milliseconds?: number
}

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

/** The write connection with what is prepared on it. */
export interface WriteConnection {
  readonly cache: Reading
  readonly rows: CacheWriter
  readonly begin: Statement
  readonly commit: Statement
  readonly rollback: Statement
  readonly savepoint: Statement
  readonly release: Statement
  readonly undo: Statement
  readonly sendLogAhead: () => void
}

export function writeConnection(cache: Reading): WriteConnection {
  const prepare = (text: string) => cache.sqlite.prepare(text)
  return {
    cache,
    rows: cacheWriter(cache),
    begin: prepare('begin immediate'),
    commit: prepare('commit'),
    rollback: prepare('rollback'),
    savepoint: prepare('savepoint command'),
    release: prepare('release command'),
    undo: prepare('rollback to command'),
    sendLogAhead: sendLogAhead(cache.sqlite.name),
  }
}

export interface Bench {
  readonly connection: WriteConnection
  readonly writer: Writer
  readonly projector: Projector
  readonly source: Source
  readonly keyring: Keyring
  /** Projects from the text what a commit lost. Throws when that is not possible either. */
  readonly catchUp: () => void
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

interface Rehearsed {
  readonly groups: readonly Group[]
  readonly answers: readonly (() => void)[]
  readonly taken: number
}

/**
 * A savepoint for each command is a tenth of a write, and only a projection that fails half-way needs one. When that
 * happens, everything is undone and rehearsed again, each command apart from the others.
 */
function rehearseAll(bench: Bench, attempts: readonly Attempt[]): Rehearsed {
  const { cache, rows, rollback } = bench.connection
  try {
    return rehearseEach(bench, attempts, false)
  } catch (error) {
    if (!cache.sqlite.inTransaction) throw error
    rows.forget()
    rollback.run()
    return rehearseEach(bench, attempts, true)
  }
}

/** A batch has one month: the commands of the next one wait for the next batch. */
function rehearseEach(bench: Bench, attempts: readonly Attempt[], isApart: boolean): Rehearsed {
  const { connection, writer, source, keyring } = bench
  const groups: Group[] = []
  const answers: (() => void)[] = []
  let place: Place = writer.head
  let latest = place.time ? millisecondsOf(place.time) : 0
  connection.begin.run()
  for (const attempt of attempts) {
    attempt.milliseconds ??= source.now()
    const milliseconds = Math.max(attempt.milliseconds, latest)
    const stamp = stampOf(source, milliseconds, keyring)
    if (groups[0] && monthOf(stamp.time) !== groups[0].month) break
    const { group, answer } = rehearse(bench, attempt, { stamp, place, isApart })
    answers.push(answer)
    if (!group) continue
    groups.push(group)
    place = group.after
    latest = milliseconds
  }
  connection.rows.settle()
  return { groups, answers, taken: answers.length }
}

interface Turn {
  readonly stamp: Stamp
  readonly place: Place
  /** Whether what it writes can be undone alone. */
  readonly isApart: boolean
}

/** A refusal undoes only itself; so does an event that cannot be printed or projected, which never reaches the archive. */
function rehearse(
  { connection, projector }: Bench,
  attempt: Attempt,
  { stamp, place, isApart }: Turn,
): { group?: Group | undefined; answer: () => void } {
  const { cache, rows, savepoint, release, undo } = connection
  let group: Group | undefined
  if (isApart) savepoint.run()
  try {
    const { drafts, result } = attempt.rehearse(cache, stamp)
    if (drafts.length > 0) {
      const wordings = drafts.map((draft) => wordingOf(draft, stamp.salt))
      group = printGroup(wordings, place, stamp.time)
      for (const record of group.records) projector.project(rows, record)
    }
    if (isApart) {
      rows.settle()
      release.run()
    }
    return { group, answer: () => attempt.resolve(result) }
  } catch (error) {
    // Before there was a group there were no rows; now some of them may stand among those of the others.
    const hasRows = group !== undefined && !isApart
    if (hasRows || !cache.sqlite.inTransaction) throw error
    if (isApart) {
      rows.forget()
      undo.run()
      release.run()
    }
    return { answer: () => attempt.reject(error) }
  }
}

function committed({ connection, writer, catchUp }: Bench, hasMoved: boolean): boolean {
  const { cache, rows } = connection
  try {
    const cursor = cursorOf(cache)
    if (hasMoved && cursor) moveCursor(cache, cursorAt(cursor, writer.head))
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

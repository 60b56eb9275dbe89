import type { Statement } from 'better-sqlite3'
import type { Place } from '../archive/grammar.ts'
import { type Group, printGroup } from '../archive/print.ts'
import type { Writer } from '../archive/write.ts'
import { isPassing } from '../cache/damage.ts'
import { sendLogAhead } from '../cache/log.ts'
import type { Reading } from '../cache/reading.ts'
import { type CacheWriter, cacheWriter } from '../cache/writer.ts'
import { type Draft, wordingOf } from '../kernel/event.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { millisecondsOf, monthOf } from '../kernel/moment.ts'
import { type Source, type Stamp, stampOf } from '../kernel/stamp.ts'
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

/** What commands are rehearsed and recorded with. */
export interface Bench {
  readonly connection: WriteConnection
  readonly writer: Writer
  readonly projector: Projector
  readonly source: Source
  readonly keyring: Keyring
  /** Projects from the text what a commit lost. Throws when that is not possible either. */
  readonly catchUp: () => void
}

/** A batch that stands on the cache, in a transaction that is still open, and nowhere else. */
export interface Rehearsed {
  readonly groups: readonly Group[]
  readonly answers: readonly (() => void)[]
  readonly taken: number
}

/**
 * Begins a transaction and rehearses in it. Throws when SQLite lost the transaction or never began it. A savepoint for
 * each command is a tenth of a write, and only a projection that fails half-way needs one. When that
 * happens, everything is undone and rehearsed again, each command apart from the others.
 */
export function rehearseAll(bench: Bench, attempts: readonly Attempt[]): Rehearsed {
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
    // Not every full disk makes SQLite give up the transaction: then only this command finds no room.
    const reason = isPassing(error) ? refused('not-saved') : error
    return { answer: () => attempt.reject(reason) }
  }
}

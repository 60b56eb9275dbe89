import type { Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'

/**
 * An answer that depends on nothing but the cache, kept for each connection until something is committed: it is the same
 * for whoever asks. What is only for one reader is kept under something that only they know.
 */
export function untilChanged<Answer>(ask: (cache: Reading) => Answer): (cache: Reading) => Answer {
  const kept = new WeakMap<Reading, { readonly version: number; readonly answer: Answer }>()
  return (cache) => {
    // A connection that writes sees what it did before anybody commits it, and SQLite does not count that.
    if (!cache.sqlite.readonly) return ask(cache)
    // Asked first: an answer that is newer than its version is only asked for once more.
    const version = versionOf(cache)
    const known = kept.get(cache)
    if (known?.version === version) return known.answer
    const answer = ask(cache)
    kept.set(cache, { version, answer })
    return answer
  }
}

/**
 * The same for an answer that comes from these tables and nothing else: what is committed of others does not matter to it.
 * A connection that does not know who writes forgets it with every commit.
 */
export function untilCommitted<Answer>(
  tables: readonly Table[],
  ask: (cache: Reading) => Answer,
): (cache: Reading) => Answer {
  const kept = new WeakMap<Reading, { readonly version: string; readonly answer: Answer }>()
  const commitsOf = (writer: Reading) => tables.map((table) => tableCommits(writer).get(table) ?? 0).join()
  return (cache) => {
    if (!cache.sqlite.readonly) return ask(cache)
    const writer = writers.get(cache)
    const version = writer ? commitsOf(writer) : String(versionOf(cache))
    const known = kept.get(cache)
    if (known?.version === version) return known.answer
    const answer = ask(cache)
    kept.set(cache, { version, answer })
    return answer
  }
}

const writers = new WeakMap<Reading, Reading>()
const commits = new WeakMap<Reading, number>()
const touched = new WeakMap<Reading, Set<Table>>()
const committed = new WeakMap<Reading, Map<Table, number>>()

function tableCommits(writer: Reading): Map<Table, number> {
  const known = committed.get(writer)
  if (known) return known
  const none = new Map<Table, number>()
  committed.set(writer, none)
  return none
}

/** For whoever writes with this connection: says that its next commit has something of a table. */
export function committingOn(writer: Reading): (table: Table) => void {
  const tables = touched.get(writer) ?? new Set<Table>()
  touched.set(writer, tables)
  return (table) => void tables.add(table)
}

/** This connection reads what only that one writes: it need not ask SQLite whether anything was committed. */
export const readsBehind = (reader: Reading, writer: Reading) => void writers.set(reader, writer)

/** Said after each commit of a connection that others read behind. */
export function countCommit(writer: Reading): void {
  commits.set(writer, (commits.get(writer) ?? 0) + 1)
  const tables = touched.get(writer)
  const counts = tableCommits(writer)
  for (const table of tables ?? []) counts.set(table, (counts.get(table) ?? 0) + 1)
  tables?.clear()
}

const counters = new WeakMap<Reading, () => number>()

/** Another number after each commit that this connection can see. */
function versionOf(cache: Reading): number {
  const writer = writers.get(cache)
  if (writer) return commits.get(writer) ?? 0
  const known = counters.get(cache)
  if (known) return known()
  const counter = counterOf(cache)
  counters.set(cache, counter)
  return counter()
}

/** To ask SQLite takes as long as a small query, so the pieces of one page, made in one go, share an answer. */
function counterOf({ sqlite }: Reading): () => number {
  const count = sqlite.prepare<[], number>('pragma data_version').pluck()
  let counted: number | undefined
  return () => {
    if (counted !== undefined) return counted
    queueMicrotask(() => {
      counted = undefined
    })
    counted = count.get() ?? 0
    return counted
  }
}

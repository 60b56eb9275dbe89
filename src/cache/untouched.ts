import type { Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'

/*
 * Every command asks who somebody is and what they may see, and next to nothing of that changes between two commands. So
 * the connection that writes keeps such answers, also those of rows that nobody has committed yet, until a table that they
 * come from is written to or anything is undone. Only `cacheWriter` writes rows (test/architecture.test.ts), and it says so.
 */

type Answers = Map<string, unknown>

const byTable = new WeakMap<Reading, Map<Table, Answers[]>>()

/** So many, and all of them are forgotten: nobody fills the memory by asking. */
const most = 10_000

/**
 * What `ask` answers for a key from these tables and nothing else, kept for the connection that writes while nothing
 * touches them. That there is nothing is asked each time, and so is whatever a connection asks that only reads.
 */
export function untilTouched<Answer>(
  tables: readonly Table[],
  ask: (cache: Reading, key: string) => Answer | undefined,
): (cache: Reading, key: string) => Answer | undefined {
  const kept = new WeakMap<Reading, Map<string, Answer>>()
  const answersOf = (cache: Reading) => {
    const known = kept.get(cache)
    if (known || cache.sqlite.readonly) return known
    const answers = new Map<string, Answer>()
    kept.set(cache, answers)
    const watched = answersOn(cache)
    for (const table of tables) watched.set(table, [...(watched.get(table) ?? []), answers])
    return answers
  }
  return (cache, key) => {
    const answers = answersOf(cache)
    const known = answers?.get(key)
    if (known !== undefined) return known
    const answer = ask(cache, key)
    if (answer === undefined || !answers) return answer
    if (answers.size >= most) answers.clear()
    answers.set(key, answer)
    return answer
  }
}

/** For whoever writes with this connection: says that it writes to a table. */
export function touchingOn(cache: Reading): (table: Table) => void {
  const watched = answersOn(cache)
  return (table) => {
    for (const answers of watched.get(table) ?? []) answers.clear()
  }
}

/** Said when anything that this connection wrote was undone, whatever it was. */
export function forgetKept(cache: Reading): void {
  for (const some of answersOn(cache).values()) for (const answers of some) answers.clear()
}

function answersOn(cache: Reading): Map<Table, Answers[]> {
  const known = byTable.get(cache)
  if (known) return known
  const watched = new Map<Table, Answers[]>()
  byTable.set(cache, watched)
  return watched
}

import type Database from 'better-sqlite3'
import { and, eq, getTableColumns, getTableName, sql } from 'drizzle-orm'
import type { Projection, Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'
import { committingOn } from './unchanged.ts'
import { forgetKept, touchingOn } from './untouched.ts'

export interface CacheWriter extends Projection {
  /** Writes down what was tallied. Counters wait until then: for the end of a batch, of a rebuild. */
  settle(): void
  /** Said when what was written has been undone: drops what was tallied of it, and what was kept of its rows. */
  forget(): void
}

/** What projectors write with. Its SQL comes from drizzle and is prepared once for each table. */
export function cacheWriter(cache: Reading): CacheWriter {
  const writers = new Map<Table, TableWriter>()
  const writerOf = (table: Table) => {
    const known = writers.get(table)
    if (known) return known
    const writer = tableWriter(cache, table)
    writers.set(table, writer)
    return writer
  }
  const touch = touchingOn(cache)
  const commits = committingOn(cache)
  const writing = (table: Table) => {
    touch(table)
    commits(table)
    return writerOf(table)
  }
  const tallies = new Map<Table, Map<string, Tally>>()
  const tallyOf = (table: Table, key: string) => {
    let rows = tallies.get(table)
    if (!rows) {
      rows = new Map()
      tallies.set(table, rows)
    }
    let tally = rows.get(key)
    if (!tally) {
      tally = { changes: {}, latest: {} }
      rows.set(key, tally)
    }
    return tally
  }
  return {
    put: (table, row) => void writing(table).put(row),
    add: (table, row) => writing(table).add(row),
    patch: (table, key, changes) => writing(table).patch(key, changes),
    drop: (table, key) => writing(table).drop(key),
    has: (table, values) => writerOf(table).has(values),
    tally(table, key, changes, latest) {
      const tally = tallyOf(table, key)
      for (const name in changes) tally.changes[name] = (tally.changes[name] ?? 0) + (changes[name] ?? 0)
      for (const name in latest) tally.latest[name] = latest[name] ?? 0
    },
    settle() {
      for (const [table, rows] of tallies) {
        for (const [key, tally] of rows) writing(table).tally(key, tally)
        rows.clear()
      }
    },
    forget() {
      for (const rows of tallies.values()) rows.clear()
      forgetKept(cache)
    },
  }
}

interface Tally {
  readonly changes: Record<string, number>
  readonly latest: Record<string, number>
}
type Row = Readonly<Record<string, unknown>>

interface TableWriter {
  put(row: Row): void
  add(row: Row): boolean
  patch(key: string | number, changes: Row): void
  drop(key: string | number): boolean
  has(values: Row): boolean
  tally(key: string, changes: Tally): void
}

type Column = ReturnType<typeof getTableColumns<Table>>[string]

function tableWriter({ db, sqlite }: Reading, table: Table): TableWriter {
  const columns: [string, Column][] = Object.entries(getTableColumns(table))
  const primary = columns.find(([, column]) => column.primary)
  if (!primary) throw new Error(`${getTableName(table)} has no primary key of one column`)
  const [keyName, key] = primary
  const prepare = (query: { toSQL(): { sql: string } }) => sqlite.prepare(query.toSQL().sql)
  const given = (names: readonly [string, Column][]) =>
    Object.fromEntries(names.map(([name]) => [name, sql`${sql.placeholder(name)}`]))
  const driven = (names: readonly [string, Column][], values: Row) =>
    names.map(([name, column]) => toDriver(column, values[name]))
  const isKey = eq(key, sql.placeholder('key'))
  const fresh = ([, column]: [string, Column]) => sql`excluded.${sql.identifier(column.name)}`

  const add = once(() =>
    prepare(db.insert(table).values(given(columns)).onConflictDoNothing({ target: key })),
  )
  const put = once(() => {
    const set = Object.fromEntries(columns.map((column) => [column[0], fresh(column)]))
    return prepare(db.insert(table).values(given(columns)).onConflictDoUpdate({ target: key, set }))
  })
  const drop = once(() => prepare(db.delete(table).where(isKey)))
  const patch = onceFor(columns, (names) => prepare(db.update(table).set(given(names)).where(isKey)))
  // A counter keeps what it was and grows; of the others only the latest is kept.
  const tally = onceFor(columns, (names, latest) => {
    const set = Object.fromEntries(
      names.map((one) => [one[0], latest.has(one[0]) ? fresh(one) : sql`${one[1]} + ${fresh(one)}`]),
    )
    return prepare(db.insert(table).values(given(columns)).onConflictDoUpdate({ target: key, set }))
  })
  const has = onceFor(columns, (names) =>
    prepare(
      db
        .select({ found: sql`1` })
        .from(table)
        .where(and(...names.map(([name, column]) => sql`${column} = ${sql.placeholder(name)}`)))
        .limit(sql`1` as never),
    ),
  )

  return {
    put: (row) => void put().run(driven(columns, row)),
    add: (row) => add().run(driven(columns, row)).changes === 1,
    patch(value, changes) {
      const { names, statement } = patch(changes)
      statement.run([...driven(names, changes), value])
    },
    drop: (value) => drop().run(value).changes === 1,
    has(values) {
      const { names, statement } = has(values)
      return statement.get(driven(names, values)) !== undefined
    },
    tally(value, { changes, latest }) {
      const both = { ...changes, ...latest }
      const { statement } = tally(both, latest)
      statement.run(columns.map(([name]) => (name === keyName ? value : (both[name] ?? 0))))
    },
  }
}

/** Prepared at its first use: most tables need only a few of their statements. */
function once(prepare: () => Database.Statement): () => Database.Statement {
  let statement: Database.Statement | undefined
  return () => {
    statement ??= prepare()
    return statement
  }
}

interface Named {
  readonly names: readonly [string, Column][]
  readonly statement: Database.Statement
}

/** The same for statements that depend on which columns are named, and which of them apart from the others. */
function onceFor(
  columns: readonly [string, Column][],
  prepare: (names: readonly [string, Column][], apart: ReadonlySet<string>) => Database.Statement,
): (values: Row, apart?: Row) => Named {
  const statements = new Map<string, Named>()
  return (values, apart = {}) => {
    const which = `${Object.keys(values)} ${Object.keys(apart)}`
    const known = statements.get(which)
    if (known) return known
    const names = columns.filter(([name]) => name in values)
    const named = { names, statement: prepare(names, new Set(Object.keys(apart))) }
    statements.set(which, named)
    return named
  }
}

/** A column left out by mistake must not become null in silence. */
function toDriver(column: Column, value: unknown) {
  if (value === undefined) throw new TypeError(`no value for the column ${column.name}`)
  return value === null ? null : column.mapToDriverValue(value)
}

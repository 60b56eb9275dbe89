import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getTableName } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import type { Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'
import { howWordsAreFound, searchIndexes, searchTables, teachSearching } from './search.ts'

/** The DDL of all tables, made by `npm run schema` from the tables in `src/records`. */
const statements = readFileSync(new URL('schema.sql', import.meta.url), 'utf8')
  .split(';')
  .map((statement) => statement.replace(/\s+/g, ' ').trim())
  .filter((statement) => statement !== '')

const isIndex = (statement: string) => /^CREATE (UNIQUE )?INDEX /.test(statement)

export function createTables({ sqlite }: Reading) {
  teachSearching(sqlite)
  sqlite.exec([...statements.filter((one) => !isIndex(one)), ...searchTables].join(';'))
}

/** Made at once after a load, indexes cost half of what they cost row by row; the one for searching even less. */
export const createIndexes = ({ sqlite }: Reading) =>
  sqlite.exec([...statements.filter(isIndex), ...searchIndexes].join(';'))

/**
 * Decides whether a cache fits this code (architecture.md): archive format, tables, Unicode version, how words are found,
 * and `behaviour`, the digest of the golden archive as this code projects it. 16 hex digits.
 */
export const schemaHash = (behaviour: string) => {
  const tables = [...statements, ...searchTables, ...searchIndexes]
  const what = ['archive format 1', ...tables, process.versions.unicode, howWordsAreFound, behaviour]
  return hash('sha256', what.join('\n')).slice(0, 16)
}

/** Every row of a table in the order of its primary key: two caches are equal when these are. */
export function rowsOf({ sqlite }: Reading, table: Table): IterableIterator<unknown[]> {
  const key = getTableConfig(table).columns.find((column) => column.primary)
  const rows = sqlite.prepare(`select * from ${getTableName(table)} order by "${key?.name}"`).raw()
  return rows.iterate() as IterableIterator<unknown[]>
}

/** Rows of a table, and a digest over all of them in order. */
export function digestTable(cache: Reading, table: Table): { rows: number; digest: string } {
  let digest = ''
  let rows = 0
  let pending: string[] = []
  const fold = () => {
    digest = hash('sha256', `${digest}\n${pending.join('\n')}`)
    pending = []
  }
  for (const row of rowsOf(cache, table)) {
    rows++
    pending.push(JSON.stringify(row))
    if (pending.length === 1000) fold()
  }
  fold()
  return { rows, digest }
}

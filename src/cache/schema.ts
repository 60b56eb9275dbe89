import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getTableName } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import type { Table } from '../kernel/event.ts'
import type { Reading } from './reading.ts'

/** The DDL of all tables, made by `npm run schema` from the tables in `src/records`. */
const statements = readFileSync(new URL('schema.sql', import.meta.url), 'utf8')
  .split(';')
  .map((statement) => statement.replace(/\s+/g, ' ').trim())
  .filter((statement) => statement !== '')

const isIndex = (statement: string) => /^CREATE (UNIQUE )?INDEX /.test(statement)

export const createTables = ({ sqlite }: Reading) =>
  sqlite.exec(statements.filter((one) => !isIndex(one)).join(';'))

/** Made at once after a load, indexes cost half of what they cost row by row. */
export const createIndexes = ({ sqlite }: Reading) => sqlite.exec(statements.filter(isIndex).join(';'))

/**
 * Decides whether a cache fits this code (architecture.md): archive format, tables, Unicode version, and `behaviour`,
 * the digest of the golden archive as this code projects it. 16 hex digits.
 */
export const schemaHash = (behaviour: string) =>
  hash('sha256', ['archive format 1', ...statements, process.versions.unicode, behaviour].join('\n')).slice(
    0,
    16,
  )

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

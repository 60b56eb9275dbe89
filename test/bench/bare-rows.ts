import { currentCache } from '../../src/cache/generations.ts'
import { type Connection, openReader } from '../../src/cache/open.ts'

/** What both bare loops say at their end. */
export interface BareRebuild {
  readonly records: number
  readonly seconds: number
}

export type Rows = readonly (readonly unknown[])[]

/** Every row of the finished cache, in the order in which it came there. */
export function finishedRows(cacheDir: string, schemaHash: string): { table: string; rows: Rows }[] {
  const path = currentCache(cacheDir, schemaHash)
  if (path === undefined) throw new Error('the community has no cache')
  const { sqlite, close } = openReader(path)
  const names = sqlite
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'",
    )
    .pluck()
    .all()
  const found = (names as string[]).map((table) => ({
    table,
    rows: sqlite.prepare(`select * from ${table} order by rowid`).raw().all() as unknown[][],
  }))
  close()
  return found
}

export function insertAll({ sqlite }: Connection, table: string, rows: Rows) {
  const [first] = rows
  if (!first) return
  const insert = sqlite.prepare(`insert into ${table} values (${first.map(() => '?').join()})`)
  for (const row of rows) insert.run(row)
}

export function requireAsMany({ sqlite }: Connection, table: string, rows: Rows) {
  const found = sqlite.prepare(`select count(*) from ${table}`).pluck().get()
  if (found !== rows.length) throw new Error(`${found} rows in ${table} instead of ${rows.length}`)
}

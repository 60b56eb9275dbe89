import { getTableName } from 'drizzle-orm'
import type { Reading } from '../cache/reading.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Rebuilt } from '../ledger/rebuild.ts'
import { tables } from '../records/kinds.ts'

export interface RebuildReport {
  readonly records: number
  readonly seconds: number
  readonly recordsPerSecond: number
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>
  readonly schemaHash: string
}

/** What a rebuild made and what it cost. */
export const rebuildReport = (
  ledger: Ledger,
  { records, seconds }: Pick<Rebuilt, 'records' | 'seconds'>,
): RebuildReport => ({
  records,
  seconds,
  recordsPerSecond: Math.round(records / Math.max(seconds, 0.001)),
  tables: rowCounts(ledger.cache()),
  schemaHash: ledger.schemaHash,
})

/** How many rows each table has. */
export function rowCounts({ sqlite }: Reading): Record<string, number> {
  const counts = tables.map((table): [string, number] => {
    const name = getTableName(table)
    return [name, sqlite.prepare(`select count(*) from ${name}`).pluck().get() as number]
  })
  return Object.fromEntries(counts)
}

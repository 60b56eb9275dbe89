import { getTableName } from 'drizzle-orm'
import { openReader } from '../cache/open.ts'
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

/** How many rows each table has. By a connection of its own: what the site keeps in memory of its cache stays there. */
export function rowCounts({ sqlite: { name } }: Reading): Record<string, number> {
  const reader = openReader(name, 1)
  try {
    return Object.fromEntries(
      tables.map((table) => {
        const counting = reader.sqlite.prepare<[], number>(`select count(*) from ${getTableName(table)}`)
        return [getTableName(table), counting.pluck().get() ?? 0]
      }),
    )
  } finally {
    reader.close()
  }
}

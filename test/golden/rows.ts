import { readFileSync, writeFileSync } from 'node:fs'
import { getTableName } from 'drizzle-orm'
import { realDisk } from '../../src/archive/disk.ts'
import { readGroups } from '../../src/archive/read.ts'
import { digestTable } from '../../src/cache/schema.ts'
import { cacheWriter } from '../../src/cache/writer.ts'
import { catalogue } from '../../src/catalogue.ts'
import type { Kind } from '../../src/kernel/event.ts'
import { projector } from '../../src/ledger/project.ts'
import { emptyCache } from '../tools/cache.ts'

/*
 * What the projectors make of the golden archive. The program computes it at each start; `npm run schema` writes it down,
 * too, so that whoever changes a projector sees in the difference which tables every site will make anew.
 */

/** Of each table, how many rows and a digest of all of them. */
export type GoldenRows = Readonly<Record<string, string>>

const pinFile = new URL('rows.json', import.meta.url)

/** What was written down last. */
export const pinnedRows = (): GoldenRows => JSON.parse(readFileSync(pinFile, 'utf8'))

/** What these kinds make of it now. */
export function goldenRows(kinds: readonly Kind[]): GoldenRows {
  const cache = emptyCache()
  const writer = cacheWriter(cache)
  const { project } = projector(kinds)
  for (const { records } of readGroups(realDisk, catalogue.golden)) {
    for (const record of records) project(writer, record)
    writer.settle()
  }
  const tables = [...new Set(kinds.flatMap((kind) => kind.tables))]
  const found = tables.map((table): [string, string] => {
    const { rows, digest } = digestTable(cache, table)
    return [getTableName(table), `${rows} ${digest.slice(0, 32)}`]
  })
  return Object.fromEntries(found.sort())
}

if (import.meta.main) writeFileSync(pinFile, `${JSON.stringify(goldenRows(catalogue.kinds), null, 2)}\n`)

import { hash } from 'node:crypto'
import Database from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Disk } from '../archive/disk.ts'
import { readGroups } from '../archive/read.ts'
import { bulkWriter } from '../cache/bulk.ts'
import { createTables, digestTable, schemaHash } from '../cache/schema.ts'
import type { Kind } from '../kernel/event.ts'
import type { Catalogue } from './catalogue.ts'
import { projector } from './project.ts'

/** By kinds, then by the folder of the golden archive: neither changes while a process runs. */
const computed = new WeakMap<readonly Kind[], Map<string, string>>()

/**
 * The schema hash of this code: tables and what its projectors make of the golden archive, computed rather than trusted, once
 * in each process or when it was bundled. Throws when the golden archive does not verify.
 */
export function schemaHashOf(
  disk: Disk,
  { golden, kinds, schemaHash }: Pick<Catalogue, 'golden' | 'kinds' | 'schemaHash'>,
): string {
  if (schemaHash !== undefined) return schemaHash
  const known = computed.get(kinds) ?? new Map<string, string>()
  computed.set(kinds, known)
  const found = known.get(golden) ?? hashFrom(disk, golden, kinds)
  known.set(golden, found)
  return found
}

function hashFrom(disk: Disk, golden: string, kinds: readonly Kind[]): string {
  const sqlite = new Database(':memory:')
  try {
    const cache = { sqlite, db: drizzle({ client: sqlite }) }
    createTables(cache)
    const writer = bulkWriter(cache)
    const { project } = projector(kinds)
    const groups = readGroups(disk, golden)
    let step = groups.next()
    for (; !step.done; step = groups.next()) {
      for (const record of step.value.records) project(writer, record)
    }
    const { fault } = step.value
    if (fault) throw new Error(`the golden archive: ${fault.file}, line ${fault.line}: ${fault.what}`)
    writer.settle()
    const tables = [...new Set(kinds.flatMap((kind) => kind.tables))]
    const rows = tables.map((table) => `${getTableName(table)} ${digestTable(cache, table).digest}`)
    return schemaHash(hash('sha256', rows.sort().join('\n')))
  } finally {
    sqlite.close()
  }
}

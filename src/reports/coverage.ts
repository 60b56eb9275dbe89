import { getTableName } from 'drizzle-orm'
import { type Progress, verifyArchive } from '../archive/verify.ts'
import type { Kind } from '../kernel/event.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { type ComparedTable, compare, fewRows } from './compare.ts'
import type { Folders } from './folders.ts'
import { type KindRecords, recordsOf, unknownKinds } from './kinds.ts'
import { keepComparison } from './last-comparison.ts'

export interface CoverageReport {
  readonly ok: boolean
  /** The record that both caches stood at. */
  readonly sequence: number
  readonly seconds: number
  readonly tables: readonly CoveredTable[]
  /** Whether the archive holds every record that the live cache has seen: else no rebuild makes what it was. */
  readonly isHeld: boolean
  /** Kinds that fill no table. */
  readonly idle: readonly string[]
  /** Kinds that this code does not know: their records are kept and passed over. */
  readonly unknown: readonly KindRecords[]
  /** Everything that is not well, in sentences. */
  readonly problems: readonly string[]
}

export interface CoveredTable extends ComparedTable {
  /** What fills it. */
  readonly kinds: readonly KindRecords[]
}

/** How many rows of a table a deep report names. */
const manyRows = 1000

/**
 * What every table of the cache comes from: the kinds that fill it, how many records of each there are, its rows now and
 * after a rebuild, and which rows differ. `isDeep` names more of them and checks the file of the cache, too. Takes as long
 * as a rebuild, and works beside a running server.
 */
export async function coverageReport(
  folders: Folders,
  isDeep: boolean,
  onProgress?: (progress: Progress) => void,
): Promise<CoverageReport> {
  const elapsed = stopwatch()
  const { kinds } = folders.catalogue
  const most = isDeep ? manyRows : fewRows
  const compared = await compare(folders, { most, isDeep, onProgress })
  keepComparison(folders, compared)
  const { comparison, kinds: read } = compared
  const counts = read ?? verifyArchive(folders.disk, folders.archive, onProgress).kinds
  const tables = comparison.tables.map((table): CoveredTable => {
    const filling = kinds.filter((kind) => fills(kind, table.table))
    return { ...table, kinds: filling.map((kind) => ({ kind: kind.name, records: recordsOf(counts, kind) })) }
  })
  const idle = kinds.filter((kind) => kind.tables.length === 0).map(({ name }) => name)
  const problems = [
    ...comparison.problems,
    ...tables
      .filter((table) => table.kinds.length === 0)
      .map(({ table }) => `No kind fills the table ${table}.`),
    ...idle.map((kind) => `The kind ${kind} fills no table.`),
  ]
  return {
    ok: comparison.ok && problems.length === 0,
    sequence: comparison.sequence,
    seconds: elapsed(),
    tables,
    isHeld: comparison.isHeld,
    idle,
    unknown: unknownKinds(counts, kinds),
    problems,
  }
}

const fills = (kind: Kind, table: string) => kind.tables.some((one) => getTableName(one) === table)

import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { momentOf } from '../kernel/moment.ts'
import { type Compared, type ComparedTable, fewRows } from './compare.ts'
import type { Folders } from './folders.ts'

/*
 * What the last comparison of a cache with a fresh one has found. It is about that very cache, so it lies beside it and may
 * be lost with it; that there was one, and whether all was well, is a record.
 */

export interface LastComparison {
  /** Name of the cache in its folder. */
  readonly cache: string
  readonly at: string
  readonly isWell: boolean
  readonly tables: readonly ComparedTable[]
}

const pathIn = (folder: string) => join(folder, 'last-comparison.json')

/** Keeps what was found, with a few rows of each table. */
export function keepComparison({ cache, source }: Folders, { comparison, path }: Compared): void {
  const { ok, tables } = comparison
  if (path === undefined || tables.length === 0) return
  const few = tables.map((table) => ({ ...table, rows: table.rows.slice(0, fewRows) }))
  const last: LastComparison = {
    ...{ cache: basename(path), at: momentOf(source.now()), isWell: ok },
    tables: few,
  }
  writeFileSync(pathIn(cache), `${JSON.stringify(last)}\n`, { mode: 0o600 })
}

/** The last comparison of this cache. */
export function lastComparisonOf(path: string | undefined, folder: string): LastComparison | undefined {
  if (path === undefined) return undefined
  try {
    // Only this file writes it.
    const last = JSON.parse(readFileSync(pathIn(folder), 'utf8')) as LastComparison
    return last.cache === basename(path) ? last : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}

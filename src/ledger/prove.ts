import { setTimeout as pause } from 'node:timers/promises'
import { getTableName } from 'drizzle-orm'
import type { Disk } from '../archive/disk.ts'
import type { ReadEnd } from '../archive/segment.ts'
import { isSameTable } from '../cache/compare.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { type Connection, openBoth } from '../cache/open.ts'
import type { Reading } from '../cache/reading.ts'
import type { Kind, Table } from '../kernel/event.ts'
import { catchUp } from './catch-up.ts'
import type { Projector } from './project.ts'

/** Throws when SQLite does not find the pages of this file in order. */
export function requireSound({ sqlite }: Reading): void {
  const found = sqlite.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new Error(`The new cache is damaged: ${found}`)
}

interface Fresh {
  readonly disk: Disk
  readonly order: { readonly archive: string }
  readonly cache: Connection
  readonly kinds: readonly Kind[]
  readonly projecting: Projector
}

/**
 * Brings a fresh cache to the very record at which a served one stands, and names the tables that are not the same there.
 * The served one may move on meanwhile: it is looked at in one read transaction.
 */
export async function differingTables(
  { disk, order, cache, kinds, projecting }: Fresh,
  served: string,
  from: ReadEnd,
): Promise<ReadEnd & { differing: readonly string[] | undefined }> {
  const both = openBoth(served, cache.path)
  try {
    const sequence = await standsBehind(both, from.safe.sequence).catch(unlessDamaged)
    if (sequence === undefined) return { ...from, differing: undefined }
    const end = catchUp(disk, order.archive, cache, projecting, from.safe, sequence)
    if (end.safe.sequence !== sequence) return { ...from, differing: undefined }
    const tables = [...new Set(kinds.flatMap((kind) => kind.tables))]
    const differing = tables.filter((table) => !isSame(both, table))
    return { safe: end.safe, differing: differing.map((table) => getTableName(table)) }
  } finally {
    both.close()
  }
}

function isSame(both: Reading, table: Table): boolean {
  try {
    return isSameTable(both, table)
  } catch (error) {
    return unlessDamaged(error) ?? false
  }
}

/** A served cache with damaged pages is not the same, and is what the fresh one is wanted for. */
function unlessDamaged(error: unknown): undefined {
  if (!isDamage(error)) throw error
}

const tries = 200

/** Where the served cache stands once it has seen as much, held in a read transaction; `undefined` when it never does. */
async function standsBehind(served: Reading, sequence: number): Promise<number | undefined> {
  for (let attempt = 0; attempt < tries; attempt++) {
    served.sqlite.exec('begin')
    const stands = cursorOf(served)?.sequence ?? 0
    if (stands >= sequence) return stands
    served.sqlite.exec('rollback')
    await pause(5)
  }
  return undefined
}

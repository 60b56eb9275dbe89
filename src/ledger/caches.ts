import { existsSync } from 'node:fs'
import { SqliteError } from 'better-sqlite3'
import { type Cursor, cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { pointedCaches } from '../cache/generations.ts'
import { applicationId, type Connection, openForWriting, openReader } from '../cache/open.ts'

/**
 * A cache that opened, is ours and has a cursor. `undefined` when it is damaged, of another program, or without our
 * tables: there is nothing in it that the archive does not have. Throws when nobody can tell, because then it may have
 * seen what the archive has lost.
 */
export function usableCache(path: string | undefined, how: 'read' | 'write'): Connection | undefined {
  if (path === undefined || !existsSync(path)) return undefined
  let connection: Connection | undefined
  try {
    connection = how === 'read' ? openReader(path) : openForWriting(path)
    const isOurs = connection.sqlite.pragma('application_id', { simple: true }) === applicationId
    if (isOurs && cursorOf(connection)) return connection
  } catch (error) {
    if (!isOfNoUse(error)) {
      connection?.close()
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`The cache ${path} cannot be looked at just now: ${why}.`, { cause: error })
    }
  }
  connection?.close()
  return undefined
}

/** Pages that are damaged, or tables that are not ours: SQLite says no more of a missing one than that the words are wrong. */
const isOfNoUse = (error: unknown) =>
  isDamage(error) || (error instanceof SqliteError && error.code === 'SQLITE_ERROR')

/**
 * The furthest cursor of any cache here, of any schema: what it has seen was promised to somebody. `archive` leaves out
 * the caches of other archives.
 */
export function promisedBy(folder: string, archive?: string): Cursor | undefined {
  let furthest: Cursor | undefined
  for (const path of pointedCaches(folder)) {
    const cursor = cursorIn(path)
    if (!cursor || (archive !== undefined && cursor.archive !== archive)) continue
    if (cursor.sequence > (furthest?.sequence ?? 0)) furthest = cursor
  }
  return furthest
}

/** Where the cache in this file stands; `undefined` when it is none. */
export function cursorIn(path: string | undefined): Cursor | undefined {
  const connection = usableCache(path, 'read')
  const cursor = connection && cursorOf(connection)
  connection?.close()
  return cursor
}

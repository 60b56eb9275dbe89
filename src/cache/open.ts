import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Reading } from './reading.ts'
import { teachSearching } from './search.ts'

/** Marks the file as ours: "ThyW". */
export const applicationId = 0x54687957

/** One connection to one cache file. Closing it twice is closing it once. */
export interface Connection extends Reading {
  readonly path: string
  close(): void
}

/** For readers: sees only what was committed, and can change nothing. */
export function openReader(path: string, cacheMiB?: number): Connection {
  const sqlite = new Database(path, { readonly: true, fileMustExist: true })
  sqlite.pragma('query_only = on')
  return connection(sqlite, path, cacheMiB)
}

/**
 * Two caches with the same tables, to be compared where their rows lie (compare.ts): the tables of the second are in
 * `other`. Each page is looked at once, so next to none are kept.
 */
export function openBoth(path: string, other: string): Connection {
  const both = openReader(path)
  both.sqlite.pragma('cache_size = -2048')
  both.sqlite.prepare('attach ? as other').run(other)
  return both
}

/** For the one writer. The archive is what lasts, so the cache may be a little behind after a power cut, but never broken. */
export function openForWriting(path: string): Connection {
  const sqlite = new Database(path, { fileMustExist: true, timeout: 5000 })
  sqlite.pragma('journal_mode = wal')
  sqlite.pragma('synchronous = normal')
  // Copying the log into the cache waits for the disk twice, so it may grow to 32 MiB before, eight times what is usual;
  // most of the first wait is over by then (log.ts).
  sqlite.pragma('wal_autocheckpoint = 8000')
  return connection(sqlite, path)
}

/** For a rebuild: a file that nobody knows yet and that is thrown away when anything happens to it. */
export function openForBuilding(path: string): Connection {
  const sqlite = new Database(path)
  chmodSync(path, 0o600)
  sqlite.pragma(`application_id = ${applicationId}`)
  sqlite.pragma('journal_mode = off')
  sqlite.pragma('synchronous = off')
  // Indexes are sorted in a file: a million marks must not need a hundred megabytes more.
  sqlite.pragma('temp_store = file')
  return connection(sqlite, path, 2)
}

function connection(sqlite: Database.Database, path: string, cacheMiB = 32): Connection {
  sqlite.pragma(`cache_size = ${-1024 * cacheMiB}`)
  teachSearching(sqlite)
  return { sqlite, db: drizzle({ client: sqlite }), path, close: () => sqlite.close() }
}

import { SqliteError } from 'better-sqlite3'

/** Whether SQLite found pages that cannot be its own: this file is of no use any more, and the archive has what is in it. */
export function isDamage(error: unknown): error is Error {
  if (error instanceof SqliteError) return /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
  return error instanceof Error && isDamage(error.cause)
}

/** Whether SQLite could not do now what it may be able to do later: there is no room, the disk failed, or somebody else is at it. */
export const isPassing = (error: unknown): boolean =>
  error instanceof SqliteError && /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|READONLY)/.test(error.code)

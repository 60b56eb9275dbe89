import { basename } from 'node:path'

/** A file that is there and cannot be read: closed to this user, on a bad part of the disk, or no file at all. */
export class Unreadable extends Error {
  /** As the archive names it, such as `2026/2026-11.txt`. */
  readonly file: string
  /** "EIO: i/o error" */
  readonly why: string
  /** Whether only the right to read it is missing. */
  readonly isClosed: boolean

  constructor(path: string, why: string, cause?: Error & { readonly code: string }) {
    super(`${path} cannot be read: ${cause?.message ?? why}.`, { cause })
    this.name = 'Unreadable'
    this.file = /\d{4}\/[^/]+$/.exec(path)?.[0] ?? basename(path)
    this.why = why
    this.isClosed = cause?.code === 'EACCES' || cause?.code === 'EPERM'
  }
}

/** What the work answers that reads this file. Throws Unreadable in place of what the system says; a missing file is missing. */
export function reading<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw asUnreadable(path, error)
  }
}

/** The same for who catches by himself. */
export function asUnreadable(path: string, error: unknown): unknown {
  if (!isOfSystem(error) || error.code === 'ENOENT') return error
  return new Unreadable(path, error.message.split(',')[0] ?? error.code, error)
}

/** What the work answers, or else the file that it could not read. */
export function orUnreadable<Result>(work: () => Result): Result | Unreadable {
  try {
    return work()
  } catch (error) {
    if (error instanceof Unreadable) return error
    throw error
  }
}

const isOfSystem = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code))

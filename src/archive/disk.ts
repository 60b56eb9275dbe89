import {
  chmodSync,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

/** What the archive remembers of a file, to notice when somebody else wrote to it. */
export interface Measure {
  readonly size: number
  readonly inode: number
  /** When its bytes last changed, in milliseconds. */
  readonly modified: number
}

/** What a folder holds: a folder, a file, or something else (a link, a pipe), which nobody should open. */
export interface Listed {
  readonly name: string
  readonly isFolder: boolean
  readonly isFile: boolean
}

/** A lock that dies with the process that holds it. */
export interface Lock {
  release(): void
}

/**
 * Every way in which the archive touches the disk, so that a test can make any call fail. Each throws the system's
 * error. A folder that is missing lists as empty; a file that is missing measures as `undefined`, also at a link's end.
 */
export interface Disk {
  list(folder: string): Listed[]
  measure(path: string): Measure | undefined
  makeFolder(path: string): void
  open(path: string, how: 'read' | 'append' | 'create'): number
  measureOpen(file: number): Measure
  read(file: number, into: Buffer, from: number, length: number, position: number): number
  /** Writes at the end and says how many bytes it took, which may be fewer. */
  write(file: number, bytes: Buffer, from: number): number
  truncate(file: number, size: number): void
  /** fdatasync: when it resolves the bytes are on the disk. */
  sync(file: number): Promise<void>
  /** Makes names in a folder as lasting as the bytes behind them. */
  syncFolder(path: string): void
  close(file: number): void
  rename(from: string, to: string): void
  remove(path: string): void
  /** With everything in it; one that is not there is gone already. */
  removeFolder(path: string): void
  protect(path: string, mode: number): void
  /** Bytes that are left on the disk of this folder. */
  free(path: string): number
  /** `undefined` when another process holds it. */
  lock(path: string): Lock | undefined
}

const flags = {
  // A pipe in a file's place keeps nobody waiting.
  read: constants.O_RDONLY | constants.O_NONBLOCK,
  append: constants.O_RDWR | constants.O_APPEND,
  create: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL,
}

export const realDisk: Disk = {
  list(folder) {
    try {
      const found = readdirSync(folder, { withFileTypes: true })
      return found.map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory(),
        isFile: entry.isFile(),
      }))
    } catch (error) {
      return absent(error, [])
    }
  },
  measure(path) {
    try {
      const { size, ino, mtimeMs } = statSync(path)
      return { size, inode: ino, modified: mtimeMs }
    } catch (error) {
      return absent(error, undefined)
    }
  },
  makeFolder,
  open: (path, how) => openSync(path, flags[how], 0o600),
  measureOpen(file) {
    const { size, ino, mtimeMs } = fstatSync(file)
    return { size, inode: ino, modified: mtimeMs }
  },
  read: readSync,
  write: (file, bytes, from) => writeSync(file, bytes, from),
  truncate: ftruncateSync,
  sync: (file) =>
    new Promise((resolve, reject) => {
      fdatasync(file, (error) => (error ? reject(error) : resolve()))
    }),
  syncFolder(path) {
    const folder = openSync(path, constants.O_RDONLY)
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  },
  close: closeSync,
  rename: renameSync,
  remove: (path) => rmSync(path),
  removeFolder: (path) => rmSync(path, { recursive: true, force: true }),
  protect: chmodSync,
  free(path) {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  },
  lock,
}

/** One after the other: `recursive` never ends where a folder takes none and says that it is not there, as /proc does. */
function makeFolder(path: string) {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have been first.
    if (!isFolder(path)) throw error
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/*
 * A tiny SQLite file held with BEGIN EXCLUSIVE: the kernel frees it when the process dies. Nothing else in the process
 * may open that file, because POSIX locks die when any descriptor of it is closed (archive-format.md, "Files").
 */
function lock(path: string): Lock | undefined {
  const file = new Database(path, { timeout: 0 })
  try {
    file.pragma('journal_mode = memory')
    file.exec('begin exclusive')
    chmodSync(path, 0o600)
  } catch (error) {
    file.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
  held.add(file)
  return {
    release() {
      held.delete(file)
      file.close()
    },
  }
}

/** A database that nobody refers to is closed when memory is tidied up, and its lock is gone; so these are referred to. */
const held = new Set<Database.Database>()

function absent<Nothing>(error: unknown, nothing: Nothing): Nothing {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ELOOP') return nothing
  throw error
}

import { type Disk, realDisk } from '../../src/archive/disk.ts'
import {
  emptyImage,
  type Image,
  type MemoryDisk,
  memoryDisk,
  type Random,
  systemError,
} from './memory-disk.ts'

/** Everything under this path is on the failing disk; other paths are the real one's. */
export const top = '/disk'

/** One call of the disk. */
export interface Call {
  readonly name: keyof Disk
  readonly path: string
  /** What a file is opened for. */
  readonly to?: 'read' | 'append' | 'create'
}

/**
 * How one call fails. `short`: a write takes only a part. `filling`: so, and then there is no room for a while.
 * `dying`: this call and the next few fail.
 */
export const failures = ['EIO', 'ENOSPC', 'EROFS', 'short', 'filling', 'dying'] as const
export type Failure = (typeof failures)[number]

export interface FailingDisk {
  readonly disk: Disk
  /** The same files, for a test to look at: its calls are not counted and do not fail. */
  readonly onlooker: Disk
  readonly calls: readonly Call[]
  readonly memory: MemoryDisk
  /** Makes the call with this number fail; the first has number 0. */
  fail(call: number, how: Failure): void
  /** While it is full every call that needs room fails. */
  setFull(isFull: boolean): void
  /** Replaces what is told of every call before it happens. */
  beforeCall(told: (call: Call, number: number) => void): void
}

export interface FailingDiskOptions {
  readonly image?: Image
  readonly random: Random
  /** Told of every call before it happens: the moment to take a picture. */
  readonly before?: (call: Call, number: number) => void
}

const needsRoom = new Set<keyof Disk>(['makeFolder', 'open', 'write', 'rename'])
const changesSomething = new Set<keyof Disk>([
  'makeFolder',
  'open',
  'write',
  'truncate',
  'rename',
  'remove',
  'removeFolder',
  'protect',
])

/** Whether a call can fail in this way at all. */
export function canFail({ name, to }: Call, how: Failure): boolean {
  if (how === 'short' || how === 'filling') return name === 'write'
  if (how === 'EIO') return true
  if (to === 'read' || (to === 'append' && how === 'ENOSPC')) return false
  // Bytes that were taken may find no place only when they are synced.
  if (how === 'ENOSPC') return needsRoom.has(name) || name === 'sync'
  return changesSomething.has(name) || (how === 'dying' && (name === 'sync' || name === 'syncFolder'))
}

export function failingDisk({ image = emptyImage, random, ...options }: FailingDiskOptions): FailingDisk {
  const memory = memoryDisk(image, top, random)
  const calls: Call[] = []
  let before = options.before ?? (() => {})
  let planned: { call: number; how: Failure } | undefined
  let fullUntil = 0
  let deadUntil = 0

  /** Throws when it is this call's turn to fail; answers which part of its bytes a write may take. */
  function count(name: keyof Disk, path: string, to?: NonNullable<Call['to']>): number {
    const call: Call = { name, path, ...(to && { to }) }
    const number = calls.length
    before(call, number)
    calls.push(call)
    if (number < deadUntil) throw systemError('EIO', path)
    if (number < fullUntil && needsRoom.has(name) && canFail(call, 'ENOSPC'))
      throw systemError('ENOSPC', path)
    if (planned?.call !== number) return 1
    const { how } = planned
    if (how === 'dying') deadUntil = number + 4
    if (how === 'filling') fullUntil = number + 8
    if (how === 'short' || how === 'filling') return 0.6
    throw systemError(how === 'dying' ? 'EIO' : how, path)
  }

  function counted<Result>(name: keyof Disk, path: string, call: () => Result): Result {
    count(name, path)
    return call()
  }

  const counting: Disk = {
    list: (path) => counted('list', path, () => memory.list(path)),
    measure: (path) => counted('measure', path, () => memory.measure(path)),
    makeFolder: (path) => counted('makeFolder', path, () => memory.makeFolder(path)),
    open(path, how) {
      count('open', path, how)
      return memory.open(path, how)
    },
    measureOpen: (file) => counted('measureOpen', '', () => memory.measureOpen(file)),
    read: (file, ...rest) => counted('read', '', () => memory.read(file, ...rest)),
    write(file, bytes, from) {
      const part = count('write', '')
      return memory.write(file, bytes.subarray(0, from + Math.ceil((bytes.length - from) * part)), from)
    },
    truncate: (file, size) => counted('truncate', '', () => memory.truncate(file, size)),
    async sync(file) {
      try {
        count('sync', '')
      } catch (error) {
        memory.failSync(file)
        throw error
      }
      await turn()
      memory.finishSync(file)
    },
    syncFolder(path) {
      try {
        count('syncFolder', path)
      } catch (error) {
        memory.failSyncFolder(path)
        throw error
      }
      memory.syncFolder(path)
    },
    close(file) {
      try {
        count('close', '')
      } finally {
        // What cannot be closed is closed all the same.
        memory.close(file)
      }
    },
    rename: (from, to) => counted('rename', from, () => memory.rename(from, to)),
    remove: (path) => counted('remove', path, () => memory.remove(path)),
    free: (path) => memory.free(path),
    removeFolder: (path) => counted('removeFolder', path, () => memory.removeFolder(path)),
    protect: (path, mode) => counted('protect', path, () => memory.protect(path, mode)),
    lock: (path) => counted('lock', path, () => memory.lock(path)),
  }
  const quiet: Disk = { ...memory, sync: async (file) => memory.finishSync(file) }

  return {
    disk: besideRealDisk(counting),
    onlooker: besideRealDisk(quiet),
    calls,
    memory,
    fail(call, how) {
      planned = { call, how }
    },
    setFull(isFull) {
      fullUntil = isFull ? Number.POSITIVE_INFINITY : 0
    },
    beforeCall(told) {
      before = told
    },
  }
}

/** A sync takes a while: commands that come meanwhile wait for the next batch. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Locks are in memory wherever they are; the golden archive and the cache's folder are real. */
function besideRealDisk(disk: Disk): Disk {
  const by = (path: string) => (path.startsWith(`${top}/`) || path === top ? disk : realDisk)
  const of = (file: number) => (file > 1_000_000 ? disk : realDisk)
  return {
    list: (path) => by(path).list(path),
    measure: (path) => by(path).measure(path),
    makeFolder: (path) => by(path).makeFolder(path),
    open: (path, how) => by(path).open(path, how),
    measureOpen: (file) => of(file).measureOpen(file),
    read: (file, ...rest) => of(file).read(file, ...rest),
    write: (file, bytes, from) => of(file).write(file, bytes, from),
    truncate: (file, size) => of(file).truncate(file, size),
    sync: (file) => of(file).sync(file),
    syncFolder: (path) => by(path).syncFolder(path),
    close: (file) => of(file).close(file),
    rename: (from, to) => by(from).rename(from, to),
    remove: (path) => by(path).remove(path),
    free: (path) => by(path).free(path),
    removeFolder: (path) => by(path).removeFolder(path),
    protect: (path, mode) => by(path).protect(path, mode),
    lock: (path) => disk.lock(path),
  }
}

import { constants } from 'node:os'
import { basename, dirname } from 'node:path'
import { type Disk, type Lock, realDisk } from '../../src/archive/disk.ts'
import type { Chance } from './chance.ts'

/*
 * A disk in memory that keeps apart what the kernel shows and what would survive a power cut. Bytes last once their
 * file was synced; names last once their folder was synced. Everything under `/disk` is on it; other paths (the golden
 * archive, the cache's folder) are the real disk's.
 */

/** One call, as a test names it. */
export interface Call {
  readonly name: keyof Disk
  readonly path: string
}

/**
 * How a call fails. `short`: a write takes a part of its bytes and the rest at the next call. `filling`: a write takes
 * a part, and then the disk is full for a while. `dying`: this call and the next few fail.
 */
export type Failure = 'EIO' | 'ENOSPC' | 'EROFS' | 'short' | 'filling' | 'dying'

/**
 * What a stop leaves. `killed`: only the process died, so everything is there and what was not synced still is not.
 * The others are a power cut: what was not synced is there, is gone, has its length but not its bytes, or is there in
 * part, in pieces of 512 bytes and single names, in any order.
 */
export type Loss = 'killed' | 'kept' | 'dropped' | 'zeroed' | 'trashed'

/** The whole disk at one moment. Never changes: its parts are replaced, not written to. */
export type Image = ReadonlyMap<number, Inode>

type Inode = FileInode | FolderInode

interface FileInode {
  readonly is: 'file'
  readonly mode: number
  readonly modified: number
  readonly bytes: Buffer
  /** What is on the platter. */
  readonly lasting: Buffer
  /** Where `bytes` were written since the last sync, or since the last one that failed: the kernel forgets them, too. */
  readonly dirty: readonly (readonly [from: number, to: number])[]
}

interface FolderInode {
  readonly is: 'folder'
  readonly mode: number
  readonly names: ReadonlyMap<string, number>
  readonly lasting: ReadonlyMap<string, number>
  readonly changes: readonly Change[]
}

type Change = { readonly put: string; readonly inode: number; readonly instead?: string } | { readonly drop: string }

export interface FailingDisk {
  readonly disk: Disk
  /** The same files for a test to look at: its calls are not counted and never fail. */
  readonly onlooker: Disk
  readonly calls: readonly Call[]
  /** Bytes that were ever written. */
  readonly written: number
  image(): Image
  /** Fails the call with this number (the first is 0), counted from the first call of this disk. */
  fail(call: number, how: Failure): void
  /** From now on every call that needs room fails, until there is room again. */
  setFull(isFull: boolean): void
}

export interface FailingDiskOptions {
  /** Called before each call, with its number: the moment to take a photograph of everything. */
  readonly before?: (call: number) => void
  /** What a failed sync leaves on the platter is chance. */
  readonly chance: Chance
}

const root = 1
const mount = '/disk'
const firstFile = 1_000_000

export const emptyDisk: Image = new Map([
  [root, { is: 'folder', mode: 0o700, names: new Map(), lasting: new Map(), changes: [] }],
])

/** Whether a call can fail in this way at all. */
export function canFail(call: Call, how: Failure): boolean {
  if (how === 'EIO' || how === 'dying') return true
  if (how === 'short' || how === 'filling') return call.name === 'write'
  if (how === 'ENOSPC') return needsRoom.has(call.name)
  return changes.has(call.name)
}

const needsRoom = new Set<keyof Disk>(['makeFolder', 'open', 'write', 'sync', 'syncFolder', 'rename'])
const changes = new Set<keyof Disk>(['makeFolder', 'open', 'write', 'truncate', 'rename', 'remove', 'protect'])

export function failingDisk(from: Image, { before = () => {}, chance }: FailingDiskOptions): FailingDisk {
  const inodes = new Map(from)
  const open = new Map<number, number>()
  const locks = new Set<string>()
  const calls: Call[] = []
  let nextInode = Math.max(...inodes.keys()) + 1
  let nextFile = firstFile
  let clock = Date.UTC(2026, 0, 1) + calls.length
  let written = 0
  let planned: { call: number; how: Failure } | undefined
  let fullUntil = 0
  let deadUntil = 0

  for (const inode of inodes.values()) if (inode.is === 'file') clock = Math.max(clock, inode.modified)

  const folderAt = (path: string): [number, FolderInode] | undefined => {
    const found = find(inodes, path)
    const inode = found === undefined ? undefined : inodes.get(found)
    return found !== undefined && inode?.is === 'folder' ? [found, inode] : undefined
  }
  const fileOf = (file: number): [number, FileInode] => {
    const number = open.get(file)
    const inode = number === undefined ? undefined : inodes.get(number)
    if (number === undefined || inode?.is !== 'file') throw systemError('EBADF')
    return [number, inode]
  }
  const parentOf = (path: string): [number, FolderInode] => {
    const found = folderAt(dirname(path))
    if (!found) throw systemError('ENOENT', path)
    return found
  }
  const change = (path: string, one: Change) => {
    const [number, folder] = parentOf(path)
    inodes.set(number, { ...folder, names: applied(folder.names, one), changes: [...folder.changes, one] })
  }
  const measured = (number: number) => {
    const inode = inodes.get(number)
    if (inode?.is !== 'file') return { size: 0, inode: number, modified: 0 }
    return { size: inode.bytes.length, inode: number, modified: inode.modified }
  }

  /** What each call does when nothing is wrong. */
  const whole: Disk = {
    list(path) {
      const found = folderAt(path)
      if (!found) return []
      return [...found[1].names].map(([name, inode]) => ({
        name,
        isFolder: inodes.get(inode)?.is === 'folder',
      }))
    },
    measure(path) {
      const number = find(inodes, path)
      return number === undefined ? undefined : measured(number)
    },
    makeFolder(path) {
      if (path === mount || find(inodes, path) !== undefined) return
      whole.makeFolder(dirname(path))
      const inode = nextInode++
      inodes.set(inode, { is: 'folder', mode: 0o700, names: new Map(), lasting: new Map(), changes: [] })
      change(path, { put: basename(path), inode })
    },
    open(path, how) {
      const known = find(inodes, path)
      if (how === 'create') {
        if (known !== undefined) throw systemError('EEXIST', path)
        const inode = nextInode++
        const nothing = Buffer.alloc(0)
        change(path, { put: basename(path), inode })
        inodes.set(inode, {
          is: 'file',
          mode: 0o600,
          modified: ++clock,
          bytes: nothing,
          lasting: nothing,
          dirty: [],
        })
        open.set(nextFile, inode)
        return nextFile++
      }
      if (known === undefined) throw systemError('ENOENT', path)
      const inode = inodes.get(known)
      // The tests may run as root, whom no mode stops; the site does not.
      if (how === 'append' && inode?.is === 'file' && (inode.mode & 0o200) === 0)
        throw systemError('EACCES', path)
      open.set(nextFile, known)
      return nextFile++
    },
    measureOpen: (file) => measured(fileOf(file)[0]),
    read(file, into, from, length, position) {
      const [, { bytes }] = fileOf(file)
      return bytes.copy(into, from, position, Math.min(bytes.length, position + length))
    },
    write(file, bytes, from) {
      const [number, inode] = fileOf(file)
      const more = bytes.subarray(from)
      const end = inode.bytes.length
      written += more.length
      inodes.set(number, {
        ...inode,
        modified: ++clock,
        bytes: Buffer.concat([inode.bytes, more]),
        dirty: [...inode.dirty, [end, end + more.length]],
      })
      return more.length
    },
    truncate(file, size) {
      const [number, inode] = fileOf(file)
      const grown = Buffer.alloc(Math.max(0, size - inode.bytes.length))
      inodes.set(number, {
        ...inode,
        modified: ++clock,
        bytes: Buffer.concat([inode.bytes.subarray(0, size), grown]),
        // Even a truncation of nothing has to be synced to last.
        dirty: [...inode.dirty.map(([from, to]) => [Math.min(from, size), Math.min(to, size)] as const), [size, size]],
      })
    },
    async sync(file) {
      const [number, inode] = fileOf(file)
      await new Promise((resolve) => setImmediate(resolve))
      const now = inodes.get(number)
      // What was written while the disk was at it is not promised.
      if (now?.is === 'file')
        inodes.set(number, {
          ...now,
          lasting: settled(inode, () => 'kept'),
          dirty: now.dirty.slice(inode.dirty.length),
        })
    },
    syncFolder(path) {
      const found = folderAt(path)
      if (!found) throw systemError('ENOENT', path)
      const [number, folder] = found
      inodes.set(number, { ...folder, lasting: folder.changes.reduce(applied, folder.lasting), changes: [] })
    },
    close(file) {
      fileOf(file)
      open.delete(file)
    },
    rename(from, to) {
      const inode = find(inodes, from)
      if (inode === undefined || dirname(from) !== dirname(to)) throw systemError('ENOENT', from)
      change(to, { put: basename(to), inode, instead: basename(from) })
    },
    remove(path) {
      if (find(inodes, path) === undefined) throw systemError('ENOENT', path)
      change(path, { drop: basename(path) })
    },
    protect(path, mode) {
      const number = find(inodes, path)
      const inode = number === undefined ? undefined : inodes.get(number)
      if (number === undefined || !inode) throw systemError('ENOENT', path)
      inodes.set(number, { ...inode, mode })
    },
    lock(path): Lock | undefined {
      if (locks.has(path)) return undefined
      locks.add(path)
      return { release: () => void locks.delete(path) }
    },
  }

  /** Counts a call, and makes it fail when its turn has come. Answers how many bytes a write may take. */
  function count(name: keyof Disk, path: string, isChange: boolean): { part?: true } {
    const number = calls.length
    before(number)
    calls.push({ name, path })
    if (number < deadUntil) throw systemError('EIO', path)
    if (number < fullUntil && isChange && needsRoom.has(name)) throw systemError('ENOSPC', path)
    if (planned?.call !== number) return {}
    const { how } = planned
    if (how === 'short') return { part: true }
    if (how === 'filling') {
      fullUntil = number + 8
      return { part: true }
    }
    if (how === 'dying') deadUntil = number + 4
    throw systemError(how === 'dying' ? 'EIO' : how, path)
  }

  /** The kernel tells of a failed sync once, and then takes the bytes for written: whether they are, is chance. */
  function forgetBytes(file: number) {
    const [number, inode] = fileOf(file)
    inodes.set(number, { ...inode, lasting: settled(inode, () => chance.one(fates)), dirty: [] })
  }

  function forgetNames(path: string) {
    const found = folderAt(path)
    if (!found) return
    const [number, folder] = found
    const lucky = folder.changes.filter(() => chance.one([true, false]))
    inodes.set(number, { ...folder, lasting: lucky.reduce(applied, folder.lasting), changes: [] })
  }

  const pathOf = (file: number) => String(open.get(file))
  const disk: Disk = {
    list: (path) => (count('list', path, false), whole.list(path)),
    measure: (path) => (count('measure', path, false), whole.measure(path)),
    makeFolder: (path) => (count('makeFolder', path, true), whole.makeFolder(path)),
    open: (path, how) => (count('open', path, how === 'create'), whole.open(path, how)),
    measureOpen: (file) => (count('measureOpen', pathOf(file), false), whole.measureOpen(file)),
    read: (file, ...where) => (count('read', pathOf(file), false), whole.read(file, ...where)),
    write(file, bytes, from) {
      const { part } = count('write', pathOf(file), true)
      const end = part ? from + Math.ceil((bytes.length - from) * 0.6) : bytes.length
      return whole.write(file, bytes.subarray(0, end), from)
    },
    truncate: (file, size) => (count('truncate', pathOf(file), false), whole.truncate(file, size)),
    async sync(file) {
      try {
        count('sync', pathOf(file), true)
      } catch (error) {
        forgetBytes(file)
        throw error
      }
      await whole.sync(file)
    },
    syncFolder(path) {
      try {
        count('syncFolder', path, true)
      } catch (error) {
        forgetNames(path)
        throw error
      }
      whole.syncFolder(path)
    },
    close(file) {
      try {
        count('close', pathOf(file), false)
      } finally {
        // A close that fails has closed.
        whole.close(file)
      }
    },
    rename: (from, to) => (count('rename', from, true), whole.rename(from, to)),
    remove: (path) => (count('remove', path, false), whole.remove(path)),
    protect: (path, mode) => (count('protect', path, false), whole.protect(path, mode)),
    lock: (path) => (count('lock', path, false), whole.lock(path)),
  }

  return {
    disk: withRealDisk(disk, whole),
    onlooker: withRealDisk(whole, whole),
    calls,
    get written() {
      return written
    },
    image: () => new Map(inodes),
    fail(call, how) {
      planned = { call, how }
    },
    setFull(isFull) {
      fullUntil = isFull ? Number.POSITIVE_INFINITY : 0
    },
  }
}

/** What a stop leaves of a disk, for the next start. */
export function after(image: Image, loss: Loss, chance: Chance): Image {
  if (loss === 'killed') return image
  const left = new Map<number, Inode>()
  for (const [number, inode] of image) {
    if (inode.is === 'file') {
      const bytes = settled(inode, () => (loss === 'trashed' ? chance.one(fates) : loss))
      left.set(number, { ...inode, bytes, lasting: bytes, dirty: [] })
    } else {
      const lucky = inode.changes.filter(() => {
        if (loss === 'trashed') return chance.one([true, false])
        return loss !== 'dropped'
      })
      const names = lucky.reduce(applied, inode.lasting)
      left.set(number, { ...inode, names, lasting: names, changes: [] })
    }
  }
  return left

  function unused() {}
}

type Fate = 'kept' | 'dropped' | 'zeroed' | 'trash'
const fates = ['kept', 'dropped', 'zeroed', 'trash'] as const
const piece = 512

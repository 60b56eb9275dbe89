import { basename, dirname } from 'node:path'
import type { Disk, Measure } from '../../src/archive/disk.ts'

/*
 * A disk in memory that keeps apart what the kernel shows and what would survive a power cut: bytes last once their
 * file was synced, names last once their folder was.
 */

/** Between 0 and 1, always the same from the same seed (mulberry32). */
export type Random = () => number

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The whole disk at one moment. Its parts are replaced and never written to, so a copy costs nothing. */
export type Image = ReadonlyMap<number, Inode>

type Inode = FileInode | FolderInode

interface FileInode {
  readonly is: 'file'
  readonly mode: number
  readonly modified: number
  readonly bytes: Buffer
  /** What is on the platter. */
  readonly lasting: Buffer
  /** What is to be written there at the next sync. A length that changed is an empty stretch. */
  readonly dirty: readonly Stretch[]
  /** What the bytes were before they were cut back, until that is synced: the kernel may have written them already. */
  readonly uncut?: Buffer | undefined
}

interface Stretch {
  readonly from: number
  readonly to: number
}

interface FolderInode {
  readonly is: 'folder'
  readonly mode: number
  readonly names: Names
  readonly lasting: Names
  readonly changes: readonly Change[]
}

type Names = ReadonlyMap<string, number>

/** A name that now stands for this inode, perhaps instead of another name; or one that stands for nothing. */
interface Change {
  readonly name: string
  readonly inode?: number
  readonly instead?: string
}

/**
 * What a stop leaves. `killed`: only the process died, so everything is there, and what was not synced is still not.
 * The others are a power cut: what was not synced is there, or is gone, or has its length and zeros, or is there in
 * part: single names, and pieces of 512 bytes kept, dropped, zeroed or random, in any order. `undone`: what was written
 * is there, and what was cut back or removed again afterwards is, too.
 */
export const losses = ['killed', 'kept', 'dropped', 'zeroed', 'trashed', 'undone'] as const
export type Loss = (typeof losses)[number]

const root = 1
const nothing = Buffer.alloc(0)
const emptyFolder = { is: 'folder', mode: 0o700, names: new Map(), lasting: new Map(), changes: [] } as const

/** A disk with nothing but its topmost folder. */
export const emptyImage: Image = new Map([[root, emptyFolder]])

export interface MemoryDisk extends Omit<Disk, 'sync'> {
  /** What a sync does when the disk has done its work. */
  finishSync(file: number): void
  /** The kernel says once that a sync failed and then takes the bytes for written; whether they were is chance. */
  failSync(file: number): void
  /** Names are in a journal, which does not forget them. */
  failSyncFolder(path: string): void
  image(): Image
  /** A file as it is now; whoever changes its bytes bends them where they lie. */
  file(path: string): { readonly bytes: Buffer; readonly mode: number } | undefined
  /** Puts other bytes in a file's place, behind everybody's back. */
  bend(path: string, bytes: Buffer): void
  /** How many files are open. */
  openFiles(): number
  /** How many bytes were written so far. */
  written(): number
}

/** `top` is the path of its topmost folder. */
export function memoryDisk(from: Image, top: string, random: Random): MemoryDisk {
  const inodes = new Map(from)
  const open = new Map<number, number>()
  const locks = new Set<string>()
  let lastInode = Math.max(...inodes.keys())
  let lastFile = 1_000_000
  let clock = Math.max(0, ...[...inodes.values()].map((inode) => (inode.is === 'file' ? inode.modified : 0)))
  let written = 0

  function find(path: string): number | undefined {
    if (path === top) return root
    const folder = inodes.get(find(dirname(path)) ?? 0)
    return folder?.is === 'folder' ? folder.names.get(basename(path)) : undefined
  }
  function fileAt(number: number | undefined, path: string): FileInode {
    const inode = inodes.get(number ?? 0)
    if (inode?.is !== 'file') throw systemError('ENOENT', path)
    return inode
  }
  function folderAt(number: number | undefined, path: string): FolderInode {
    const inode = inodes.get(number ?? 0)
    if (inode?.is !== 'folder') throw systemError('ENOENT', path)
    return inode
  }
  function opened(file: number): [number, FileInode] {
    const number = open.get(file)
    if (number === undefined) throw systemError('EBADF', String(file))
    return [number, fileAt(number, String(file))]
  }
  function measured(number: number): Measure {
    const inode = inodes.get(number)
    if (inode?.is !== 'file') return { size: 0, inode: number, modified: 0 }
    return { size: inode.bytes.length, inode: number, modified: inode.modified }
  }
  function rename(path: string, change: Change) {
    const number = find(dirname(path)) ?? 0
    const folder = folderAt(number, path)
    const changes = [...folder.changes, change]
    inodes.set(number, { ...folder, names: applied(folder.names, change), changes })
  }
  function place(path: string, inode: Inode): number {
    const number = ++lastInode
    inodes.set(number, inode)
    rename(path, { name: basename(path), inode: number })
    return number
  }

  const disk: MemoryDisk = {
    list(path) {
      const folder = inodes.get(find(path) ?? 0)
      if (folder?.is !== 'folder') return []
      return [...folder.names].map(([name, number]) => ({
        name,
        isFolder: inodes.get(number)?.is === 'folder',
        isFile: inodes.get(number)?.is === 'file',
      }))
    },
    measure(path) {
      const number = find(path)
      return number === undefined ? undefined : measured(number)
    },
    makeFolder(path) {
      if (find(path) !== undefined) return
      disk.makeFolder(dirname(path))
      place(path, emptyFolder)
    },
    open(path, how) {
      let number = find(path)
      if (how === 'create') {
        if (number !== undefined) throw systemError('EEXIST', path)
        const fresh = { mode: 0o600, modified: ++clock, bytes: nothing, lasting: nothing, dirty: [] }
        number = place(path, { is: 'file', ...fresh })
      }
      // These tests may run as root, whom no mode stops; the site does not.
      if (how === 'append' && (fileAt(number, path).mode & 0o200) === 0) throw systemError('EACCES', path)
      fileAt(number, path)
      open.set(++lastFile, number ?? 0)
      return lastFile
    },
    measureOpen: (file) => measured(opened(file)[0]),
    read(file, into, from, length, position) {
      const { bytes } = opened(file)[1]
      return bytes.subarray(position, position + length).copy(into, from)
    },
    write(file, bytes, from) {
      const [number, inode] = opened(file)
      const more = bytes.subarray(from)
      const stretch = { from: inode.bytes.length, to: inode.bytes.length + more.length }
      written += more.length
      inodes.set(number, {
        ...inode,
        modified: ++clock,
        bytes: Buffer.concat([inode.bytes, more]),
        dirty: [...inode.dirty, stretch],
      })
      return more.length
    },
    truncate(file, size) {
      const [number, inode] = opened(file)
      const dirty = [...inode.dirty, { from: size, to: size }].map(({ from, to }) => ({
        from: Math.min(from, size),
        to: Math.min(to, size),
      }))
      const uncut = inode.uncut ?? inode.bytes
      inodes.set(number, { ...inode, modified: ++clock, bytes: resized(inode.bytes, size), dirty, uncut })
    },
    finishSync(file) {
      const [number, inode] = opened(file)
      inodes.set(number, { ...inode, lasting: platter(inode, () => 'kept'), dirty: [], uncut: undefined })
    },
    failSync(file) {
      const [number, inode] = opened(file)
      inodes.set(number, { ...inode, lasting: trashed(inode, random), dirty: [] })
    },
    syncFolder(path) {
      const number = find(path) ?? 0
      const folder = folderAt(number, path)
      inodes.set(number, { ...folder, lasting: folder.changes.reduce(applied, folder.lasting), changes: [] })
    },
    failSyncFolder(path) {
      const number = find(path) ?? 0
      const folder = folderAt(number, path)
      const lasting = folder.changes.filter(() => random() < 0.5).reduce(applied, folder.lasting)
      inodes.set(number, { ...folder, lasting })
    },
    close(file) {
      opened(file)
      open.delete(file)
    },
    rename(from, to) {
      const inode = find(from)
      if (inode === undefined) throw systemError('ENOENT', from)
      if (dirname(from) === dirname(to))
        return rename(to, { name: basename(to), inode, instead: basename(from) })
      // From one folder to another: either may be synced without the other.
      rename(to, { name: basename(to), inode })
      rename(from, { name: basename(from) })
    },
    remove(path) {
      if (find(path) === undefined) throw systemError('ENOENT', path)
      rename(path, { name: basename(path) })
    },
    free: () => Number.POSITIVE_INFINITY,
    removeFolder(path) {
      if (find(path) !== undefined) rename(path, { name: basename(path) })
    },
    protect(path, mode) {
      const number = find(path) ?? 0
      const inode = inodes.get(number)
      if (!inode) throw systemError('ENOENT', path)
      inodes.set(number, { ...inode, mode })
    },
    lock(path) {
      if (locks.has(path)) return undefined
      locks.add(path)
      return { release: () => void locks.delete(path) }
    },
    image: () => new Map(inodes),
    file(path) {
      const inode = inodes.get(find(path) ?? 0)
      return inode?.is === 'file' ? inode : undefined
    },
    bend(path, bytes) {
      const number = find(path) ?? 0
      inodes.set(number, { ...fileAt(number, path), bytes, lasting: bytes, dirty: [], uncut: undefined })
    },
    openFiles: () => open.size,
    written: () => written,
  }
  return disk
}

/** Whether a power cut could take anything away. */
export const hasUnsynced = (image: Image) =>
  [...image.values()].some((inode) => (inode.is === 'file' ? inode.dirty : inode.changes).length > 0)

/** What a stop leaves of a disk, for the next start to find. */
export function afterStop(image: Image, loss: Loss, random: Random): Image {
  if (loss === 'killed') return image
  const left = new Map<number, Inode>()
  for (const [number, inode] of image) {
    if (inode.is === 'file') {
      const bytes = bytesAfter(inode, loss, random)
      left.set(number, { ...inode, bytes, lasting: bytes, dirty: [], uncut: undefined })
    } else {
      const chosen = inode.changes.filter((change) => lasts(change, loss, random))
      const names = chosen.reduce(applied, inode.lasting)
      left.set(number, { ...inode, names, lasting: names, changes: [] })
    }
  }
  return left
}

function lasts({ inode }: Change, loss: Loss, random: Random): boolean {
  if (loss === 'trashed') return random() < 0.5
  return loss === 'undone' ? inode !== undefined : loss !== 'dropped'
}

function bytesAfter(inode: FileInode, loss: Exclude<Loss, 'killed'>, random: Random): Buffer {
  if (loss === 'dropped') return inode.lasting
  if (loss === 'trashed') return trashed(inode, random)
  if (loss === 'undone') return inode.uncut ?? platter(inode, () => 'kept')
  return platter(inode, () => loss)
}

type Fate = 'kept' | 'dropped' | 'zeroed' | 'random'
const fates: readonly Fate[] = ['kept', 'kept', 'dropped', 'zeroed', 'random']
const piece = 512

/** Each piece has a fate of its own, and now and then the length is not there either. */
function trashed(inode: FileInode, random: Random): Buffer {
  const bytes = platter(inode, () => fates[Math.floor(random() * fates.length)] ?? 'kept', random)
  const grown = bytes.length - inode.lasting.length
  return grown > 0 && random() < 0.3 ? bytes.subarray(0, bytes.length - Math.floor(random() * grown)) : bytes
}

/** The platter with what is dirty written to it, as far as the fate of each piece allows. */
function platter(inode: FileInode, fateOf: () => Fate, random: Random = () => 0): Buffer {
  if (inode.dirty.length === 0) return inode.lasting
  const bytes = Buffer.from(resized(inode.lasting, inode.bytes.length))
  for (const { from, to } of inode.dirty) {
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / piece) + 1) * piece)
      const fate = fateOf()
      if (fate === 'kept') inode.bytes.copy(bytes, at, at, end)
      if (fate === 'zeroed') bytes.fill(0, at, end)
      if (fate === 'random') for (let one = at; one < end; one++) bytes[one] = Math.floor(random() * 256)
      at = end
    }
  }
  return bytes
}

const resized = (bytes: Buffer, size: number) =>
  size <= bytes.length ? bytes.subarray(0, size) : Buffer.concat([bytes, Buffer.alloc(size - bytes.length)])

function applied(names: Names, { name, inode, instead }: Change): Names {
  const changed = new Map(names)
  if (instead !== undefined) changed.delete(instead)
  if (inode === undefined) changed.delete(name)
  else changed.set(name, inode)
  return changed
}

/** An error as Node gives it. */
export const systemError = (code: string, path: string) =>
  Object.assign(new Error(`${code}: made up, '${path}'`), { code })

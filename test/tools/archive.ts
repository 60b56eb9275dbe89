import { createPrivateKey, sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Disk, Measure } from '../../src/archive/disk.ts'
import { segmentName } from '../../src/archive/files.ts'
import { segmentHead } from '../../src/archive/grammar.ts'
import type { Group } from '../../src/archive/print.ts'
import { beginning, type Position, type ReadEnd, type ReadGroup, readGroups } from '../../src/archive/read.ts'
import type { SealKey } from '../../src/archive/seal.ts'
import type { ArchiveRecord } from '../../src/kernel/wording.ts'

/** The sample of archive-format.md, as it was written and after its erasure was carried out. */
export const sampleFolder = fileURLToPath(new URL('../archive/sample', import.meta.url))
export const erasedSampleFolder = fileURLToPath(new URL('../archive/sample-erased', import.meta.url))
export const november = '2026/2026-11.txt'
export const december = '2026/2026-12.txt'

/** Where a memory disk keeps its archive. */
export const folder = '/archive'

export type Files = Record<string, string | Uint8Array>

/** Every file of a real archive without a lock, by its name in the folder. */
export function filesOf(real: string): Record<string, Buffer> {
  const found: Record<string, Buffer> = {}
  for (const entry of readdirSync(real, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) found[relative(real, path)] = readFileSync(path)
  }
  return found
}

interface Node {
  bytes: Buffer
  readonly inode: number
  modified: number
  mode: number
}

export interface MemoryDisk extends Disk {
  readonly files: Map<string, Node>
  /** The bytes of each file of the archive. */
  contents(): Record<string, Buffer>
}

/** A disk in memory: as fast as it can be, and with as few bytes a read as `mostRead` says. */
export function memoryDisk(given: Files = {}, mostRead = Number.POSITIVE_INFINITY): MemoryDisk {
  const files = new Map<string, Node>()
  const open = new Map<number, Node>()
  let inodes = 0
  let descriptors = 0
  let clock = 0
  const nodeOf = (path: string) => files.get(path) ?? missing(path)
  const opened = (file: number) => open.get(file) ?? missing(`file ${file}`)
  const measured = ({ bytes, inode, modified }: Node): Measure => ({ size: bytes.length, inode, modified })
  const create = (path: string, bytes: Buffer) => {
    const node = { bytes, inode: ++inodes, modified: ++clock, mode: 0o600 }
    files.set(path, node)
    return node
  }
  const change = (node: Node, bytes: Buffer) => {
    node.bytes = bytes
    node.modified = ++clock
  }
  for (const [name, content] of Object.entries(given)) create(join(folder, name), Buffer.from(content))

  return {
    files,
    contents: () =>
      Object.fromEntries([...files].map(([path, { bytes }]) => [relative(folder, path), bytes] as const)),
    list(inside) {
      const entries = new Map<string, boolean>()
      for (const path of files.keys()) {
        if (!path.startsWith(`${inside}/`)) continue
        const [name = '', ...deeper] = path.slice(inside.length + 1).split('/')
        entries.set(name, deeper.length > 0)
      }
      return [...entries].map(([name, isFolder]) => ({ name, isFolder, isFile: !isFolder }))
    },
    measure(path) {
      const node = files.get(path)
      if (node) return measured(node)
      const isFolder = [...files.keys()].some((name) => name.startsWith(`${path}/`))
      return isFolder ? { size: 0, inode: 0, modified: 0 } : undefined
    },
    makeFolder: () => {},
    open(path, how) {
      if (how === 'create' && files.has(path)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' })
      open.set(++descriptors, how === 'create' ? create(path, Buffer.alloc(0)) : nodeOf(path))
      return descriptors
    },
    measureOpen: (file) => measured(opened(file)),
    read(file, into, from, length, position) {
      const { bytes } = opened(file)
      const end = Math.min(bytes.length, position + Math.min(length, mostRead))
      return position < end ? bytes.copy(into, from, position, end) : 0
    },
    write(file, bytes, from) {
      const node = opened(file)
      change(node, Buffer.concat([node.bytes, bytes.subarray(from)]))
      return bytes.length - from
    },
    truncate(file, size) {
      const node = opened(file)
      change(node, node.bytes.subarray(0, size))
    },
    sync: async () => {},
    syncFolder: () => {},
    close: (file) => void open.delete(file),
    rename(from, to) {
      files.set(to, nodeOf(from))
      files.delete(from)
    },
    remove(path) {
      nodeOf(path)
      files.delete(path)
    },
    free: () => Number.POSITIVE_INFINITY,
    protect(path, mode) {
      nodeOf(path).mode = mode
    },
    lock: () => ({ release: () => {} }),
  }
}

function missing(what: string): never {
  throw Object.assign(new Error(`ENOENT: ${what}`), { code: 'ENOENT' })
}

/** The same disk, on which the call with this number (from 0) and every later one fails. */
export function failingFrom(disk: Disk, call: number): Disk {
  let calls = 0
  return new Proxy(disk, {
    get(target, name) {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...given: unknown[]) => {
        // Closing tells the system nothing it could refuse; without it the test would leak what the code lets go of.
        if (name !== 'close' && calls++ >= call) throw Object.assign(new Error('EIO'), { code: 'EIO' })
        return Reflect.apply(method, target, given)
      }
    },
  })
}

export interface ReadArchive {
  readonly groups: readonly ReadGroup[]
  readonly records: readonly ArchiveRecord[]
  readonly end: ReadEnd
}

/** Reads to the end, wherever that is, with the smallest buffer there can be. */
export function readAll(disk: Disk, from: Position = beginning, pieceSize = 1): ReadArchive {
  const groups: ReadGroup[] = []
  const reading = readGroups(disk, folder, from, { pieceSize })
  for (;;) {
    const step = reading.next()
    if (step.done) return { groups, records: groups.flatMap(({ records }) => records), end: step.value }
    groups.push(step.value)
  }
}

/** The segments in which these groups stand, which follow each other from record 1. */
export function segmentsOf(groups: readonly Group[]): Record<string, string> {
  const segments: Record<string, string> = {}
  for (const { month, before, text } of groups) {
    const name = segmentName(month)
    segments[name] = (segments[name] ?? segmentHead(month, before)) + text
  }
  return segments
}

/** The private half of the key that the sample names: test 1 of RFC 8032. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })

export const sampleKey: SealKey = {
  publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  sign: (text) => sign(null, Buffer.from(text), privateKey).toString('hex'),
}

export const sampleArchive = 'a_7k2m9x4c1h8v3d6q'

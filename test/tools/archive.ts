import { createPrivateKey, sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Disk } from '../../src/archive/disk.ts'
import { segmentName } from '../../src/archive/files.ts'
import { segmentHead } from '../../src/archive/grammar.ts'
import { beginning, type Position } from '../../src/archive/position.ts'
import type { Group } from '../../src/archive/print.ts'
import { readGroups } from '../../src/archive/read.ts'
import type { SealKey } from '../../src/archive/seal.ts'
import type { ReadEnd, ReadGroup } from '../../src/archive/segment.ts'
import type { ArchiveRecord } from '../../src/kernel/wording.ts'
import { emptyImage, type MemoryDisk, memoryDisk, randomFrom } from './memory-disk.ts'

/** The sample of archive-format.md, as it was written and after its erasure was carried out. */
export const sampleFolder = fileURLToPath(new URL('../archive/sample', import.meta.url))
export const erasedSampleFolder = fileURLToPath(new URL('../archive/sample-erased', import.meta.url))
export const november = '2026/2026-11.txt'
export const december = '2026/2026-12.txt'

/** Where a disk in memory keeps its archive. */
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

/** A disk in memory with an archive on it. */
export interface ArchiveDisk extends Disk, Pick<MemoryDisk, 'file' | 'bend'> {
  /** The bytes of each file of the archive, or of another folder, by its name there. */
  contents(inside?: string): Record<string, Buffer>
}

/** With as few bytes a read as `mostRead` says. */
export function archiveDisk(given: Files = {}, mostRead = Number.POSITIVE_INFINITY): ArchiveDisk {
  const memory = memoryDisk(emptyImage, '/', randomFrom(1))
  memory.makeFolder(folder)
  for (const [name, content] of Object.entries(given)) {
    const path = join(folder, name)
    memory.makeFolder(dirname(path))
    memory.close(memory.open(path, 'create'))
    memory.bend(path, Buffer.from(content))
  }
  function* pathsIn(inside: string): Generator<string> {
    for (const { name, isFolder } of memory.list(inside))
      if (isFolder) yield* pathsIn(join(inside, name))
      else yield join(inside, name)
  }
  return {
    ...memory,
    read: (file, into, from, length, position) =>
      memory.read(file, into, from, Math.min(length, mostRead), position),
    sync: async (file) => memory.finishSync(file),
    contents: (inside = folder) =>
      Object.fromEntries(
        [...pathsIn(inside)].map((path) => [
          relative(inside, path),
          memory.file(path)?.bytes ?? Buffer.alloc(0),
        ]),
      ),
  }
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

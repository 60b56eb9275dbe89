import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import type { Disk } from './disk.ts'

/** Writes every byte or throws what the system said; a disk that takes nothing is full. */
export function writeAll(disk: Disk, file: number, bytes: Buffer) {
  for (let from = 0; from < bytes.length; ) {
    const written = disk.write(file, bytes, from)
    if (written <= 0) throw new Error('the disk took no bytes')
    from += written
  }
}

/** A file that is there whole or not at all, even after a crash. */
export async function writeWhole(disk: Disk, path: string, bytes: Buffer, mode = 0o600) {
  const unfinished = `${path}.tmp`
  if (disk.measure(unfinished)) disk.remove(unfinished)
  const file = disk.open(unfinished, 'create')
  try {
    writeAll(disk, file, bytes)
    await disk.sync(file)
  } finally {
    disk.close(file)
  }
  disk.protect(unfinished, mode)
  disk.rename(unfinished, path)
  disk.syncFolder(dirname(path))
}

/** Every byte of a file. Throws when it is not there. */
export function readWhole(disk: Disk, path: string): Buffer {
  const file = disk.open(path, 'read')
  try {
    const bytes = Buffer.alloc(disk.measureOpen(file).size)
    return bytes.subarray(0, readInto(disk, file, bytes, 0))
  } finally {
    disk.close(file)
  }
}

/** Reads until the buffer is full or the file ends, because one call may bring less. Answers how many bytes it brought. */
export function readInto(disk: Disk, file: number, buffer: Buffer, position: number): number {
  let read = 0
  while (read < buffer.length) {
    const more = disk.read(file, buffer, read, buffer.length - read, position + read)
    if (more === 0) break
    read += more
  }
  return read
}

/** How many bytes a file has, and their SHA-256 in hex, without holding them all. Throws when it is not there. */
export function weigh(disk: Disk, path: string): { bytes: number; sha256: string } {
  const file = disk.open(path, 'read')
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    const sum = createHash('sha256')
    let bytes = 0
    for (;;) {
      const read = disk.read(file, buffer, 0, buffer.length, bytes)
      if (read === 0) return { bytes, sha256: sum.digest('hex') }
      sum.update(buffer.subarray(0, read))
      bytes += read
    }
  } finally {
    disk.close(file)
  }
}

/** Whether the disk takes bytes again: as many as a large batch has. Throws what the disk says. */
export async function probe(disk: Disk, folder: string): Promise<void> {
  const path = `${folder}/probe.tmp`
  if (disk.measure(path)) disk.remove(path)
  const file = disk.open(path, 'create')
  try {
    writeAll(disk, file, Buffer.alloc(256 * 1024))
    await disk.sync(file)
  } finally {
    disk.close(file)
    disk.remove(path)
  }
}

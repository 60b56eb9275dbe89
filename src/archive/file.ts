import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { breath } from '../kernel/breath.ts'
import type { Disk } from './disk.ts'
import { asUnreadable, reading } from './unreadable.ts'

/** Writes every byte or throws what the system said; a disk that takes nothing is full. */
export function writeAll(disk: Disk, file: number, bytes: Buffer) {
  for (let from = 0; from < bytes.length; ) {
    const written = disk.write(file, bytes, from)
    if (written <= 0) throw new Error('the disk took no bytes')
    from += written
  }
}

/** Closes a file that was only read, or of which every byte that counts was synced: nothing is lost when that fails. */
export function letGo(disk: Disk, file: number) {
  try {
    disk.close(file)
  } catch {
    // The system forgets the file all the same.
  }
}

/** Whether there was no room for what somebody wanted to write. */
export const isFull = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

/** A file that is there whole or not at all, even after a crash. */
export const writeWhole = (disk: Disk, path: string, bytes: Buffer, mode = 0o600): Promise<void> =>
  writePieces(disk, path, [bytes], mode)

/** The same for what is too long to be held. */
export async function writePieces(
  disk: Disk,
  path: string,
  pieces: Iterable<Buffer>,
  mode = 0o600,
): Promise<void> {
  const unfinished = `${path}.tmp`
  if (disk.measure(unfinished)) disk.remove(unfinished)
  const file = disk.open(unfinished, 'create')
  try {
    for (const bytes of pieces) writeAll(disk, file, bytes)
    await disk.sync(file)
  } finally {
    disk.close(file)
  }
  disk.protect(unfinished, mode)
  disk.rename(unfinished, path)
  disk.syncFolder(dirname(path))
}

/** A folder that is there even after a crash. One that is empty may be of a start that died before its name was synced. */
export function makeLasting(disk: Disk, folder: string): void {
  const parent = dirname(folder)
  if (parent === folder || disk.list(folder).length > 0) return
  makeLasting(disk, parent)
  disk.makeFolder(folder)
  disk.syncFolder(parent)
}

/** One stretch of a file that is to become another. */
export interface Change {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Writes a file anew, changed or not, in a copy that takes its place when all of it is on the disk. Throws Unreadable. */
export async function rewrite(
  disk: Disk,
  path: string,
  { from, to, text }: Change = { from: 0, to: 0, text: '' },
): Promise<void> {
  const unfinished = `${path}.tmp`
  if (disk.measure(unfinished)) disk.remove(unfinished)
  const old = reading(path, () => disk.open(path, 'read'))
  try {
    const copy = disk.open(unfinished, 'create')
    try {
      copyBytes(disk, path, old, copy, { start: 0, end: from })
      writeAll(disk, copy, Buffer.from(text))
      copyBytes(disk, path, old, copy, { start: to, end: disk.measureOpen(old).size })
      await disk.sync(copy)
    } catch (error) {
      // Half a copy must not take the last room of a full disk.
      disk.remove(unfinished)
      throw error
    } finally {
      letGo(disk, copy)
    }
  } finally {
    letGo(disk, old)
  }
  disk.rename(unfinished, path)
  disk.syncFolder(dirname(path))
}

/** Every byte of a file. Throws when it is not there, and Unreadable. */
export const readWhole = (disk: Disk, path: string): Buffer =>
  reading(path, () => {
    const file = disk.open(path, 'read')
    try {
      const bytes = Buffer.alloc(disk.measureOpen(file).size)
      return bytes.subarray(0, readInto(disk, file, bytes, 0))
    } finally {
      disk.close(file)
    }
  })

/** How long a file is; one that is missing has no bytes. Throws Unreadable. */
export const sizeOf = (disk: Disk, path: string): number => reading(path, () => disk.measure(path)?.size ?? 0)

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

/** The bytes of a file from here on, a piece at a time, which is gone with the next. Throws when it is not there, and Unreadable. */
export function* piecesOf(disk: Disk, path: string, from = 0): Generator<Buffer, void> {
  const file = reading(path, () => disk.open(path, 'read'))
  try {
    const buffer = Buffer.allocUnsafe(piece)
    for (let at = from; ; ) {
      const read = disk.read(file, buffer, 0, piece, at)
      if (read === 0) return
      yield buffer.subarray(0, read)
      at += read
    }
  } catch (error) {
    throw asUnreadable(path, error)
  } finally {
    disk.close(file)
  }
}

/** How many bytes a file has from here on, and their SHA-256 in hex, without holding them all. Throws when it is not there. */
export function weigh(disk: Disk, path: string, from = 0): { bytes: number; sha256: string } {
  const sum = createHash('sha256')
  let bytes = 0
  for (const some of piecesOf(disk, path, from)) {
    sum.update(some)
    bytes += some.length
  }
  return { bytes, sha256: sum.digest('hex') }
}

/** The same for who serves people meanwhile: whoever else waits in this thread gets a turn after each piece. */
export async function weighInTurns(disk: Disk, path: string): Promise<string> {
  const sum = createHash('sha256')
  for (const some of piecesOf(disk, path)) {
    sum.update(some)
    await breath()
  }
  return sum.digest('hex')
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

const piece = 1024 * 1024

/** `path`: of the file that is read. */
function copyBytes(
  disk: Disk,
  path: string,
  from: number,
  to: number,
  { start, end }: { readonly start: number; readonly end: number },
) {
  const buffer = Buffer.allocUnsafe(piece)
  for (let at = start; at < end; ) {
    const read = reading(path, () => disk.read(from, buffer, 0, Math.min(piece, end - at), at))
    if (read === 0) throw new Error('the file became shorter while it was copied')
    writeAll(disk, to, buffer.subarray(0, read))
    at += read
  }
}

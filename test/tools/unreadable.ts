import { type Disk, realDisk } from '../../src/archive/disk.ts'
import { systemError } from './memory-disk.ts'

/** The real disk, but for one file or folder that this user may not read. */
export function closedDisk(closed: string): Disk {
  const allowed = (path: string) => {
    if (path === closed) throw systemError('EACCES', path)
  }
  return {
    ...realDisk,
    list(path) {
      allowed(path)
      return realDisk.list(path)
    },
    open(path, how) {
      allowed(path)
      return realDisk.open(path, how)
    },
  }
}

/** The real disk, but for one file that has nothing but bad sectors from here on. */
export function brokenDisk(broken: string, from: number): Disk {
  const open = new Set<number>()
  return {
    ...realDisk,
    open(path, how) {
      const file = realDisk.open(path, how)
      if (path === broken) open.add(file)
      return file
    },
    read(file, into, at, length, position) {
      if (!open.has(file)) return realDisk.read(file, into, at, length, position)
      if (position >= from) throw systemError('EIO', broken)
      return realDisk.read(file, into, at, Math.min(length, from - position), position)
    },
    close(file) {
      open.delete(file)
      realDisk.close(file)
    },
  }
}

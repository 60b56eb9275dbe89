import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Disk } from '../archive/disk.ts'
import { lockName } from '../archive/files.ts'

/* Folders beside the caches for work that leaves nothing; what a killed process left of it, a start removes. */

export interface Scratch {
  readonly path: string
  remove(): void
}

const prefix = 'compare-'

export const isScratch = (name: string) => name.startsWith(prefix)

/** A folder of this process alone, among the caches. */
export function makeScratch(disk: Disk, caches: string): Scratch {
  const path = mkdtempSync(join(caches, prefix))
  const lock = disk.lock(join(path, lockName))
  return {
    path,
    remove() {
      lock?.release()
      rmSync(path, { recursive: true, force: true })
    },
  }
}

/** Removes those whose process is gone. */
export function removeScratches(disk: Disk, caches: string): void {
  for (const { name, isFolder } of disk.list(caches)) {
    if (!isFolder || !isScratch(name)) continue
    const path = join(caches, name)
    const lock = disk.lock(join(path, lockName))
    if (!lock) continue
    lock.release()
    rmSync(path, { recursive: true, force: true })
  }
}

import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Finding, watch, well, wrong } from './finding.ts'
import type { NamedFolder } from './folders.ts'

/*
 * A share of the disk says little: a tenth of a small one is soon full, and of a large one lasts for years. A gigabyte
 * takes three million records with their cache (58 and 55 MB for the 334,143 of a seeded community).
 */
const little = 1_000_000_000
const almostNothing = 100_000_000

/** How much room there is where each folder is, or will be. */
export function checkDisk(folders: readonly NamedFolder[]): Finding[] {
  const disks = new Map<number, NamedFolder[]>()
  for (const folder of folders) {
    const { dev } = statSync(existing(folder.path))
    disks.set(dev, [...(disks.get(dev) ?? []), folder])
  }
  return [...disks.values()].map((there) => {
    const names = there.map(({ name }) => name).join(', ')
    const free = freeBytes(there[0]?.path ?? '')
    const what = `${(free / 1e9).toFixed(1)} GB free for ${names}.`
    if (free < almostNothing) return wrong('disk', what, 'Make room now: soon nothing can be saved.')
    if (free < little)
      return watch('disk', what, 'Make room: a rebuild needs as much again as the cache has.')
    return well('disk', what)
  })
}

/** What an ordinary user may still write where this path is, or will be. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(existing(path))
  return bavail * bsize
}

const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)))

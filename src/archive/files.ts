import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { reading } from './unreadable.ts'

/** What lies in an archive's folder. `.lock` is left out on purpose: nothing may ever open it (disk.ts, `lock`). */
export interface ArchiveFiles {
  /** In the order of their months. */
  readonly segments: readonly SegmentFile[]
  readonly hasFormat: boolean
  readonly hasErasures: boolean
  /** Left behind by a write that did not finish. */
  readonly unfinished: readonly string[]
  /** The folder of a restore that was stopped, or is under way: the next start ends it. */
  readonly restore: string | undefined
  /** What the archive did not put there: reported, never read. */
  readonly strangers: readonly string[]
}

export interface SegmentFile {
  readonly month: string
  /** Relative to the archive's folder, `2026/2026-11.txt`. */
  readonly name: string
  readonly isSealed: boolean
  /** False where a folder, a link or a pipe stands at its name, which nobody opens. */
  readonly isFile: boolean
}

export const formatName = 'FORMAT'
export const erasuresName = 'erasures.txt'
export const quarantineName = 'quarantine'
export const lockName = '.lock'
/** What a backup has besides the archive: a copy of it may stand in the archive's place. */
export const manifestName = 'MANIFEST'
export const readmeName = 'README.md'
export const keysName = 'keys.sealed'
const known = new Set([
  ...[formatName, erasuresName, quarantineName, lockName],
  ...[manifestName, readmeName, keysName, '.gitkeep'],
])
/** Where a restore keeps what was there before, in the archive's own folder, which may be a volume of its own. */
export const keptAsideName = (time: string) => `before-restore-${time.replace(/[:.]/g, '-')}`
export const isKeptAside = (name: string) => /^before-restore-[0-9TZ-]+$/.test(name)

/** In a restore's folders: what waits, and what was decided for and is on its way. */
export const waitingName = 'restoring'
const decided = /^(?:restored|arriving)-[0-9TZ-]+$/
export const isDecidedRestore = (name = '') => decided.test(name)
const isRestore = (name: string) => name === waitingName || isDecidedRestore(name)

export const segmentName = (month: string) => `${month.slice(0, 4)}/${month}.txt`
export const sealName = (month: string) => `${month.slice(0, 4)}/${month}.seal`

/** The one function that lists an archive: backup, export, verify and tests all use it. Throws Unreadable. */
export function archiveFiles(disk: Disk, folder: string): ArchiveFiles {
  const list = (path: string) => reading(path, () => disk.list(path))
  const top = list(folder)
  const names: string[] = []
  const strangers: string[] = []
  const blocked = new Set<string>()
  let restore: string | undefined
  for (const { name, isFolder, isFile } of top) {
    if (isFolder && /^\d{4}$/.test(name))
      for (const file of list(join(folder, name))) {
        const path = `${name}/${file.name}`
        const isPart = monthOfFile(path, 'txt') ?? monthOfFile(path, 'seal')
        if (!file.isFile) blocked.add(path)
        ;(file.isFile || isPart ? names : strangers).push(path)
      }
    else if (isFolder && isRestore(name)) restore = name
    else if (!known.has(name) && !(isFolder && isKeptAside(name))) (isFile ? names : strangers).push(name)
  }
  const months: string[] = []
  const seals = new Set<string>()
  const unfinished: string[] = []
  for (const name of names) {
    const month = monthOfFile(name, 'txt')
    const sealed = monthOfFile(name, 'seal')
    if (month) months.push(month)
    else if (sealed) seals.add(sealed)
    else if (name.endsWith('.tmp')) unfinished.push(name)
    else strangers.push(name)
  }
  const segments = months
    .sort()
    .map((month) => ({ month, name: segmentName(month), isSealed: seals.delete(month) }))
    .map((segment) => ({ ...segment, isFile: !blocked.has(segment.name) }))
  strangers.push(...[...seals].map(sealName))
  const has = (wanted: string) => top.some(({ name }) => name === wanted)
  return {
    segments,
    hasFormat: has(formatName),
    hasErasures: has(erasuresName),
    unfinished,
    restore,
    strangers: strangers.sort(),
  }
}

/** What crashes left unfinished, kept before it was cut off: `quarantine/2026-11-1234-<hash>.part`. */
export function quarantinedFiles(disk: Disk, folder: string): string[] {
  const found = disk.list(join(folder, quarantineName))
  const parts = found.filter(({ name, isFile }) => isFile && /^[\w-]{1,64}\.part$/.test(name))
  return parts.map(({ name }) => `${quarantineName}/${name}`).sort()
}

function monthOfFile(name: string, ending: 'txt' | 'seal') {
  const match = new RegExp(`^(\\d{4})/(\\1-(?:0[1-9]|1[0-2]))\\.${ending}$`).exec(name)
  return match?.[2]
}

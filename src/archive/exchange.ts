import { join } from 'node:path'
import type { Disk } from './disk.ts'
import {
  erasuresName,
  formatName,
  keptAsideName,
  keysName,
  lockName,
  manifestName,
  quarantineName,
  waitingName,
} from './files.ts'

/*
 * A restore changes over inside the folders that there are, name by name: each may be a volume of its own that cannot be
 * renamed. What is new waits in `restoring`; renaming it to `restored-<time>` in the archive's folder is the moment from
 * which the restore is done, though whoever finds that name first has to finish it.
 */

export interface Places {
  readonly archive: string
  readonly cache: string
  readonly secrets: string
}

const leaving = 'restored-'
const arriving = 'arriving-'

/** In the cache's folder: what a restore works with, keys included, and takes away at its end. */
export const scratchPrefix = 'restore-'

/** Where what is new waits, in each of the folders. */
export const waitingIn = (folder: string) => join(folder, waitingName)

/** Decides for what waits. `time` names the folder in which everything from before is kept. */
export function decideExchange(disk: Disk, { archive, cache, secrets }: Places, time: string): void {
  for (const folder of [secrets, cache, archive]) {
    if (!disk.measure(waitingIn(folder))) continue
    disk.syncFolder(waitingIn(folder))
    disk.syncFolder(folder)
  }
  disk.rename(waitingIn(archive), join(archive, `${leaving}${timeIn(time)}`))
  disk.syncFolder(archive)
}

/**
 * Finishes an exchange that was decided; what waits without a decision is taken away. Every step can be repeated. Needs
 * the locks of archive and cache. Answers the name of the folder with what was there before, when there was something
 * to finish.
 */
export function finishExchange(disk: Disk, { archive, cache, secrets }: Places): string | undefined {
  const time = decidedIn(disk, archive)
  for (const { name, isFolder } of disk.list(cache))
    if (isFolder && name.startsWith(scratchPrefix)) disk.removeFolder(join(cache, name))
  for (const folder of [secrets, cache, archive]) {
    if (time === undefined) removeIfThere(disk, waitingIn(folder))
    else
      exchange(
        disk,
        folder,
        time,
        folder === archive ? isOfArchive : folder === cache ? isOfCache : undefined,
      )
  }
  return time && keptAsideName(time)
}

const timeIn = (time: string) => keptAsideName(time).replace('before-restore-', '')

function decidedIn(disk: Disk, archive: string): string | undefined {
  for (const { name, isFolder } of disk.list(archive)) {
    const time = /^(?:restored|arriving)-([0-9TZ-]+)$/.exec(name)?.[1]
    if (isFolder && time !== undefined) return time
  }
  return undefined
}

/** `isLeaving`: which names make way; without it those that something new arrives for. */
function exchange(disk: Disk, folder: string, time: string, isLeaving?: (name: string) => boolean) {
  const [from, to, aside] = [`${leaving}${time}`, `${arriving}${time}`, keptAsideName(time)].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  if (disk.measure(waitingIn(folder))) disk.rename(waitingIn(folder), from)
  if (disk.measure(from)) {
    const fresh = new Set(disk.list(from).map(({ name }) => name))
    moveAll(disk, folder, aside, isLeaving ?? ((name) => fresh.has(name)))
    disk.rename(from, to)
    disk.syncFolder(folder)
  }
  if (disk.measure(to)) {
    moveAll(disk, to, folder, (name) => name !== lockName)
    disk.removeFolder(to)
    disk.syncFolder(folder)
  }
}

function moveAll(disk: Disk, from: string, to: string, isMeant: (name: string) => boolean) {
  const names = disk.list(from).flatMap(({ name }) => (isMeant(name) ? [name] : []))
  if (names.length === 0) return
  disk.makeFolder(to)
  for (const name of names) disk.rename(join(from, name), join(to, name))
  disk.syncFolder(to)
  disk.syncFolder(from)
}

const removeIfThere = (disk: Disk, folder: string) => {
  if (disk.measure(folder)) disk.removeFolder(folder)
}

const ofArchive = new Set([formatName, erasuresName, quarantineName, manifestName, keysName])
const isOfArchive = (name: string) => ofArchive.has(name) || /^\d{4}$/.test(name)
const isOfCache = (name: string) =>
  /^[0-9a-f]{16}-\d+\.sqlite(-wal|-shm|-journal)?$|^CURRENT-[0-9a-f]{16}$|^last-(?:verification|comparison)\.json$/.test(
    name,
  )

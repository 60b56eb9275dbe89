import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Disk } from './disk.ts'
import { listOfErasures, unionOfErasures } from './erase.ts'
import { letGo, makeLasting, weigh, writeAll, writeWhole } from './file.ts'
import {
  archiveFiles,
  erasuresName,
  formatName,
  keysName,
  quarantinedFiles,
  readmeName,
  sealName,
} from './files.ts'
import { sha256 } from './grammar.ts'
import type { BackupFile, Manifest } from './manifest.ts'
import { backupReadme } from './readme.ts'
import { next } from './stored.ts'
import { reading } from './unreadable.ts'
import { placesIn, viewOf } from './view.ts'

/** A backup that is being made: some of its files are there from the one before, the others lie beside their places. */
export interface Staged {
  readonly files: Map<string, BackupFile>
  /** Names of those that still lie beside their place. */
  readonly fresh: Set<string>
  /** Digest of the keys that are in it, when it has any. */
  secrets?: string | undefined
}

export interface Staging {
  readonly disk: Disk
  readonly archive: string
  readonly into: string
  /** The digest of the keys there are, and their text under a passphrase when they are to be in the backup. */
  readonly secrets: { readonly digest: string; readonly locked?: string | undefined }
}

/** Where a file comes from. */
interface Origin {
  readonly sha256: () => string
  copyTo(path: string): Promise<Omit<BackupFile, 'name'>>
}

/** Copies what `before` does not name as it is; `again`: everything, whatever lies there. */
export async function stage(
  staging: Staging,
  { before, again }: { readonly before: Manifest | undefined; readonly again: boolean },
  onBytes: (bytes: number) => void,
): Promise<Staged> {
  const { disk, archive, into, secrets } = staging
  const staged: Staged = { files: new Map(), fresh: new Set() }
  const known = new Map(again ? [] : before?.files.map((file) => [file.name, file]))
  const take = async (name: string, bytes: number, from: Origin) => {
    const is = known.get(name)
    // What has another length has other bytes: only the rest is read to see.
    const mayBeThere = is?.bytes === bytes && disk.measure(join(into, name))?.size === bytes
    const isThere = mayBeThere && is.sha256 === from.sha256()
    if (!isThere) staged.fresh.add(name)
    staged.files.set(name, isThere ? is : { name, ...(await from.copyTo(join(into, name) + next)) })
  }
  const takeText = (name: string, text: string) => {
    const bytes = Buffer.from(text, 'latin1')
    const is = { bytes: bytes.length, sha256: sha256(bytes) }
    const copyTo = async (to: string) => {
      await writeWhole(disk, to, bytes)
      return is
    }
    return take(name, is.bytes, { sha256: () => is.sha256, copyTo })
  }

  for (const name of namesIn(disk, archive)) {
    const from = join(archive, name)
    await take(name, disk.measure(from)?.size ?? 0, {
      sha256: () => weigh(disk, from).sha256,
      copyTo: (to) => copyFile(disk, from, to),
    })
    onBytes(staged.files.get(name)?.bytes ?? 0)
  }
  const list = unionOfErasures(listOfErasures(disk, into), listOfErasures(disk, archive))
  if (list !== '') await takeText(erasuresName, list)
  await takeText(readmeName, backupReadme)
  // Without a passphrase the keys of an earlier backup stay, whatever the keys are now: perhaps one of them is lost here.
  const held = before && heldKeys(staging, before)
  if (secrets.locked !== undefined) {
    await takeText(keysName, secrets.locked)
    staged.secrets = secrets.digest
  } else if (held) {
    staged.files.set(keysName, held)
    staged.secrets = before.secrets
  }
  return staged
}

/** The keys of the backup before, unless somebody took them away or bent them. */
function heldKeys({ disk, into }: Staging, { files }: Manifest): BackupFile | undefined {
  const path = join(into, keysName)
  const held = files.find(({ name }) => name === keysName)
  return held && disk.measure(path) && weigh(disk, path).sha256 === held.sha256 ? held : undefined
}

/** Shows what is staged at the names it will have. */
export function viewOfStaged({ disk, into }: Staging, { files, fresh }: Staged): Disk {
  const places = placesIn(into, [...files.keys()])
  for (const name of fresh) places.set(name, join(into, name) + next)
  return viewOf(disk, into, places)
}

/** Leaves only the first bytes of a file that was copied; without any it is no file. */
export async function cutStaged({ disk, into }: Staging, staged: Staged, name: string, size: number) {
  const path = join(into, name) + next
  if (size === 0) {
    disk.remove(path)
    staged.files.delete(name)
    staged.fresh.delete(name)
    return
  }
  const file = disk.open(path, 'append')
  try {
    disk.truncate(file, size)
    await disk.sync(file)
  } finally {
    letGo(disk, file)
  }
  staged.files.set(name, { name, ...weigh(disk, path) })
}

/** How many bytes there are to copy. */
export const bytesIn = (disk: Disk, archive: string): number =>
  namesIn(disk, archive).reduce((sum, name) => sum + (disk.measure(join(archive, name))?.size ?? 0), 0)

/** Everything of an archive that is copied as it is. */
export function namesIn(disk: Disk, archive: string): string[] {
  const { segments, hasFormat } = archiveFiles(disk, archive)
  const months = segments.flatMap(({ month, name, isSealed }) =>
    isSealed ? [name, sealName(month)] : [name],
  )
  return [...(hasFormat ? [formatName] : []), ...quarantinedFiles(disk, archive), ...months]
}

/**
 * Copies what a file holds now; what is appended meanwhile is for the next backup. Answers what was copied: whoever asked
 * reads the copy. Throws Unreadable.
 */
export async function copyFile(
  disk: Disk,
  from: string,
  to: string,
): Promise<{ bytes: number; sha256: string }> {
  makeLasting(disk, dirname(to))
  if (disk.measure(to)) disk.remove(to)
  const sum = createHash('sha256')
  let at = 0
  const source = reading(from, () => disk.open(from, 'read'))
  try {
    const copy = disk.open(to, 'create')
    try {
      const { size } = disk.measureOpen(source)
      const buffer = Buffer.allocUnsafe(1024 * 1024)
      while (at < size) {
        const length = Math.min(buffer.length, size - at)
        const read = reading(from, () => disk.read(source, buffer, 0, length, at))
        if (read === 0) break
        const some = buffer.subarray(0, read)
        writeAll(disk, copy, some)
        sum.update(some)
        at += read
      }
      await disk.sync(copy)
    } finally {
      letGo(disk, copy)
    }
  } finally {
    letGo(disk, source)
  }
  disk.syncFolder(dirname(to))
  return { bytes: at, sha256: sum.digest('hex') }
}

import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { listOfErasures, unionOfErasures } from './erase.ts'
import { makeLasting, readWhole, writeWhole } from './file.ts'
import { archiveFiles, erasuresName, formatName, keysName } from './files.ts'
import { archiveIdOf } from './find.ts'
import { readGroups } from './read.ts'
import { copyFile, namesIn } from './staging.ts'
import { type StoredBackup, storedBackup } from './stored.ts'
import { Unfit } from './unfit.ts'

/** What a restore begins with: a backup with its manifest, or any copy of an archive's folder. */
export interface Origin {
  readonly folder: string
  /** Shows it at the names of an archive in its folder; only for reading. */
  readonly disk: Disk
  readonly archive: string
  readonly backup: StoredBackup | undefined
}

/** Throws Unfit when there is nothing that could be restored. */
export function originIn(disk: Disk, folder: string): Origin {
  const backup = storedBackup(disk, folder)
  const view = backup?.disk ?? disk
  const archive = backup?.manifest.archive ?? archiveIdOf(view, folder)
  if (archive !== undefined) return { folder, disk: view, archive, backup }
  const isEmpty = archiveFiles(disk, folder).segments.length === 0
  throw new Unfit(`${folder} is no backup: ${isEmpty ? 'it holds no archive' : 'its first record is bent'}.`)
}

/** The text of the keys under a passphrase, when it has them. */
export function lockedKeysOf({ disk, folder }: Origin): string | undefined {
  const path = join(folder, keysName)
  return disk.measure(path) ? readWhole(disk, path).toString('latin1') : undefined
}

/** Copies it into a folder of its own, with the union of its erasures and those of the archive that is `there` now. */
export async function copyOrigin(
  disk: Disk,
  origin: Origin,
  to: string,
  there: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  makeLasting(disk, to)
  const { folder, backup } = origin
  const named = new Map(backup?.manifest.files.map((file) => [file.name, file]))
  for (const name of namesIn(origin.disk, folder)) {
    const copy = await copyFile(disk, backup?.placeOf(name) ?? join(folder, name), join(to, name))
    const said = named.get(name)
    if (said && said.sha256 !== copy.sha256) throw new Error(`${name} changed while it was copied.`)
    onBytes(copy.bytes)
  }
  const list = unionOfErasures(listOfErasures(origin.disk, folder), listOfErasures(disk, there))
  if (list !== '') await writeWhole(disk, join(to, erasuresName), Buffer.from(list, 'latin1'))
  const over = archiveFiles(disk, to).segments.slice(0, -1)
  for (const { name } of [{ name: formatName }, ...over])
    if (disk.measure(join(to, name))) disk.protect(join(to, name), 0o400)
}

/** How far two archives are the same, and the last record of each, as far as it can be read. */
export interface Fork {
  readonly common: number
  readonly one: number
  readonly other: number
}

/** Reads both from their first record to the end. */
export function forkOf(disk: Disk, one: string, other: string): Fork {
  const [left, right] = [hashesIn(disk, one), hashesIn(disk, other)]
  let common = 0
  let [ours, theirs] = [left.next(), right.next()]
  while (!ours.done && !theirs.done && ours.value === theirs.value) {
    common++
    ;[ours, theirs] = [left.next(), right.next()]
  }
  return { common, one: common + rest(ours, left), other: common + rest(theirs, right) }
}

function* hashesIn(disk: Disk, folder: string): Generator<string, void> {
  for (const { records } of readGroups(disk, folder)) for (const { hash } of records) yield hash
}

function rest(first: IteratorResult<string, void>, others: Generator<string, void>): number {
  if (first.done) return 0
  let count = 1
  for (const _ of others) count++
  return count
}

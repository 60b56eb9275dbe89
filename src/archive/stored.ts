import { dirname, join, relative } from 'node:path'
import type { Disk } from './disk.ts'
import { readWhole, weigh } from './file.ts'
import {
  archiveFiles,
  erasuresName,
  formatName,
  keptAsideName,
  keysName,
  manifestName,
  quarantineName,
  readmeName,
} from './files.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { backupReadme } from './readme.ts'
import type { Problem } from './verify.ts'
import { placesIn, viewOf } from './view.ts'

/** A backup as it lies in its folder. */
export interface StoredBackup {
  readonly folder: string
  readonly manifest: Manifest
  /** Shows its files at the names of an archive in this folder; only for reading. */
  readonly disk: Disk
  /** Where a file of the backup really lies. */
  placeOf(name: string): string
}

/** What is to become a file of the backup ends like this until a manifest that names it is there. */
export const next = '.next'

/**
 * The backup in this folder; `undefined` when there is none. A manifest that is still to be put in its place counts: from
 * then on its backup is made, and each of its files is at its name or still beside it. Throws when the manifest is bent.
 */
export function storedBackup(disk: Disk, folder: string): StoredBackup | undefined {
  const path = [`${manifestName}${next}`, manifestName]
    .map((name) => join(folder, name))
    .find((one) => disk.measure(one))
  if (path === undefined) return undefined
  const manifest = readManifest(readWhole(disk, path).toString('latin1'))
  if (!manifest)
    throw new Error(`${path} is bent, or its signature does not fit: without it, the folder is a plain copy.`)
  const places = placesIn(
    folder,
    manifest.files.map(({ name }) => name),
  )
  if (path.endsWith(next))
    for (const [name, place] of places) if (disk.measure(place + next)) places.set(name, place + next)
  return {
    folder,
    manifest,
    disk: viewOf(disk, folder, places),
    placeOf: (name) => places.get(name) ?? join(folder, name),
  }
}

/** Every file of the backup that is not there, or not as its manifest says. */
export function* backupProblems(
  { disk, folder, manifest }: StoredBackup,
  onProgress: (bytes: number) => void = () => {},
): Generator<Problem> {
  for (const { name, bytes, sha256 } of manifest.files) {
    const path = join(folder, name)
    if (disk.measure(path) === undefined) yield { file: name, what: 'it is missing' }
    else {
      const is = weigh(disk, path)
      if (is.bytes !== bytes)
        yield { file: name, what: `it has ${is.bytes} bytes, and the manifest says ${bytes}` }
      else if (is.sha256 !== sha256) yield { file: name, what: 'its bytes are not those the manifest names' }
    }
    onProgress(bytes)
  }
}

/**
 * Ends what a backup before was doing when it was stopped: one whose manifest is there takes its place, anything less is
 * taken away. Every step can be repeated. Needs the lock of the folder.
 */
export function finishBackup(disk: Disk, folder: string): void {
  const manifest = join(folder, manifestName)
  const made = disk.measure(manifest + next) && storedBackup(disk, folder)?.manifest
  if (made) {
    for (const { name } of made.files) putInPlace(disk, join(folder, name))
    const named = new Set(made.files.map(({ name }) => name))
    for (const { name } of filesBefore(disk, manifest))
      if (!named.has(name) && disk.measure(join(folder, name))) disk.remove(join(folder, name))
    putInPlace(disk, manifest)
  }
  for (const path of unfinishedIn(disk, folder)) disk.remove(path)
}

function putInPlace(disk: Disk, path: string) {
  if (!disk.measure(path + next)) return
  disk.rename(path + next, path)
  disk.syncFolder(dirname(path))
}

const filesBefore = (disk: Disk, manifest: string) =>
  (disk.measure(manifest) && readManifest(readWhole(disk, manifest).toString('latin1'))?.files) || []

function unfinishedIn(disk: Disk, folder: string): string[] {
  const inside = disk
    .list(folder)
    .filter(({ name, isFolder }) => isFolder && /^(\d{4}|quarantine)$/.test(name))
  return ['', ...inside.map(({ name }) => name)].flatMap((one) =>
    disk
      .list(join(folder, one))
      .filter(({ name, isFile }) => isFile && unfinished.test(join(one, name)))
      .map(({ name }) => join(folder, one, name)),
  )
}

/** What a backup that did not come to its end leaves: nothing else is taken away, whatever its name ends in. */
const unfinished = new RegExp(
  `^(?:${[formatName, erasuresName, manifestName, readmeName, keysName].map((name) => name.replace('.', '\\.')).join('|')}|` +
    String.raw`\d{4}/\d{4}-\d\d\.(?:txt|seal)|${quarantineName}/[\w-]+\.part)\.next(?:\.tmp)?$`,
)

/**
 * What lies in a folder without a manifest and is neither of a plain copy of an archive nor of a backup that did not come
 * to its end: a backup might write over it. (A fresh disk has `lost+found`, which nobody writes over.)
 */
export function strangerIn(disk: Disk, folder: string): string | undefined {
  const left = new Set(unfinishedIn(disk, folder).map((path) => relative(folder, path)))
  const { strangers } = archiveFiles(disk, folder)
  const stranger = strangers.find((name) => !left.has(name) && name !== 'lost+found')
  if (stranger !== undefined) return stranger
  const readme = join(folder, readmeName)
  const isForeign = disk.measure(readme) && readWhole(disk, readme).toString('utf8') !== backupReadme
  return isForeign ? readmeName : undefined
}

/**
 * Puts the backup that is here out of the way of one that does not go on from it: after a restore that gave up what it
 * holds. Answers the folder, which is inside this one.
 */
export function setAside(disk: Disk, { folder, manifest }: StoredBackup, time: string): string {
  const aside = join(folder, keptAsideName(time))
  for (const { name } of [...manifest.files, { name: manifestName }]) {
    disk.makeFolder(dirname(join(aside, name)))
    if (disk.measure(join(folder, name))) disk.rename(join(folder, name), join(aside, name))
  }
  disk.syncFolder(aside)
  disk.syncFolder(folder)
  return aside
}

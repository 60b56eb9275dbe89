import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { makeLasting, readWhole, writeWhole } from './file.ts'
import { archiveFiles, lockName, manifestName, segmentName } from './files.ts'
import { archiveIdOf, findRecord } from './find.ts'
import { type CacheProof, type Manifest, printManifest, readManifest } from './manifest.ts'
import { readGroups } from './read.ts'
import type { SealKey } from './seal.ts'
import { bytesIn, cutStaged, type Staged, type Staging, stage, viewOfStaged } from './staging.ts'
import { finishBackup, next, storedBackup, strangerIn } from './stored.ts'
import { judge } from './tail.ts'
import { Unfit } from './unfit.ts'
import { problemSentence, type Verification, verifyArchive } from './verify.ts'

export interface BackupOptions extends Staging {
  readonly key: SealKey
  /** The moment it happens in. */
  readonly now: string
  /** A record that somebody was told is saved: a backup without it is none. */
  readonly promised?: LastRecord | undefined
  /** Asked when everything is copied. */
  readonly cache?: (() => CacheProof | undefined) | undefined
  /** Bytes copied and read back, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

interface LastRecord {
  readonly sequence: number
  readonly hash: string
  /** Where it stands, when that is known. */
  readonly month?: string
}

export interface BackupMade {
  readonly manifest: Manifest
  readonly copied: number
  /** Files that the backup before held as they are. */
  readonly skipped: number
}

/** Why no backup was made: the one before is as it was. */
export class BackupFailed extends Error {
  constructor(sentence: string) {
    super(`${sentence} No backup was made; the one before is as it was.`)
    this.name = 'BackupFailed'
  }
}

const attempts = 5

/**
 * A copy of the archive that reads as a whole archive, with a signed manifest; somebody may be writing meanwhile. Copies
 * what is new beside what the folder holds, reads all of it back as one archive, and only then puts the manifest there
 * that makes it the backup: a stop at any moment leaves the one before, or this one. Long and mostly synchronous, so for
 * a process or a thread of its own.
 */
export async function makeBackup(options: BackupOptions): Promise<BackupMade> {
  const { disk, archive, into } = options
  const id = requireArchive(disk, archive)
  const isNew = disk.measure(into) === undefined
  makeLasting(disk, into)
  const lock = disk.lock(join(into, lockName))
  if (!lock) throw new BackupFailed(`Another backup is being made in ${into}.`)
  try {
    finishBackup(disk, into)
    const before = storedBackup(disk, into)?.manifest
    requirePlace(disk, id, into)
    const known = before ? { sequence: before.records, hash: before.head } : lastIn(disk, into)
    for (let attempt = 1; ; attempt++) {
      const progress = progressOf(options)
      const staged = await stage(options, { before, again: attempt > 1 }, progress.copied)
      const { seen, wrong } = await prove(options, known, staged, progress.read)
      if (!wrong) return await commit(options, staged, seen, id)
      if (attempt === attempts) throw new BackupFailed(wrong)
      // A write, a seal or an erasure may have come between: only what stays wrong is wrong.
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt))
    }
  } finally {
    // Whatever did not become a backup goes.
    try {
      finishBackup(disk, into)
    } finally {
      lock.release()
      if (isNew) removeUnused(disk, into)
    }
  }
}

/** Takes the folder away that was made for a backup which did not come to be. */
function removeUnused(disk: Disk, into: string) {
  const isUnused = disk
    .list(into)
    .every(
      ({ name, isFolder }) => name === lockName || (isFolder && disk.list(join(into, name)).length === 0),
    )
  if (isUnused) disk.removeFolder(into)
}

/** Which archive is here. Throws Unfit when there is none, BackupFailed when its first record cannot be read. */
export function requireArchive(disk: Disk, archive: string): string {
  const [first] = archiveFiles(disk, archive).segments
  if (!first) throw new Unfit(`There is no archive in ${archive}.`)
  const id = archiveIdOf(disk, archive)
  if (id === undefined) throw new BackupFailed(`The first record in ${first.name} cannot be read.`)
  return id
}

/** Throws Unfit when the folder holds another archive than this one, or what no backup of it has put there. */
export function requirePlace(disk: Disk, id: string, into: string): void {
  const backup = storedBackup(disk, into)
  const held = backup?.manifest.archive ?? archiveIdOf(disk, into)
  if (held !== undefined && held !== id)
    throw new Unfit(`${into} holds a backup of another archive, ${held}: name another folder.`)
  const stranger = backup ? undefined : strangerIn(disk, into)
  if (stranger !== undefined)
    throw new Unfit(`${into} holds ${stranger}, which no backup has put there: name a folder of its own.`)
}

/** The last record of a plain copy. */
function lastIn(disk: Disk, folder: string): LastRecord | undefined {
  let last: LastRecord | undefined
  for (const { end } of readGroups(disk, folder)) last = end
  return last
}

/** Reads what is staged as one archive. `wrong`: why it is none, which may pass. Throws BackupFailed for what does not. */
async function prove(
  options: BackupOptions,
  known: LastRecord | undefined,
  staged: Staged,
  onRead: (bytes: number) => void,
): Promise<{ seen: Verification; wrong?: string }> {
  const { into, archive, key, promised } = options
  const read = () => {
    const view = viewOfStaged(options, staged)
    return { view, seen: verifyArchive(view, into, ({ bytes }) => onRead(bytes)) }
  }
  let { view, seen } = read()
  // A write was under way: the backup ends with the last whole group before it.
  if (seen.fault && isTorn(view, into, seen) && staged.fresh.has(seen.fault.file)) {
    const isInside = seen.fault.file.includes(seen.head.month) && seen.head.month !== ''
    await cutStaged(options, staged, seen.fault.file, isInside ? seen.head.offset : 0)
    ;({ view, seen } = read())
  }
  const { segments } = archiveFiles(view, into)
  if (promised?.month !== undefined && !segments.some(({ month }) => month === promised.month))
    throw new BackupFailed(
      `${segmentName(promised.month)} is missing: the cache has seen record ${promised.sequence} of it.`,
    )
  const [problem] = seen.problems
  if (problem) return { seen, wrong: problemSentence(problem) }
  if (!seen.keys.includes(key.publicKey))
    throw new BackupFailed(
      'The archive does not name the key that would sign its backup: start the site once.',
    )
  if (promised && !findRecord(view, into, promised))
    throw new BackupFailed(`${archive} does not hold record ${promised.sequence}, which the cache has seen.`)
  if (known && !findRecord(view, into, known)) throw new BackupFailed(goneBack(options, known))
  return { seen }
}

const isTorn = (view: Disk, into: string, { head, fault }: Verification) =>
  judge(view, into, { safe: head, ...(fault && { fault }) }, undefined).is === 'torn'

const goneBack = ({ archive, into }: BackupOptions, { sequence }: LastRecord) =>
  `The backup in ${into} ends with record ${sequence}, which ${archive} does not hold: records are gone from the archive. ` +
  'Restore that backup, or keep it and name another folder.'

/** From the moment the manifest is there, this is the backup. */
async function commit(
  options: BackupOptions,
  staged: Staged,
  seen: Verification,
  archive: string,
): Promise<BackupMade> {
  const { disk, into, key, now } = options
  const cache = options.cache?.()
  const files = [...staged.files.values()]
  const text = printManifest(
    {
      made: now,
      archive,
      records: seen.head.sequence,
      head: seen.head.hash,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      ...(cache && { cache }),
      ...(staged.secrets && { secrets: staged.secrets }),
      keys: seen.keys,
      files,
    },
    key,
  )
  const path = join(into, manifestName)
  await writeWhole(disk, path + next, Buffer.from(text, 'latin1'))
  finishBackup(disk, into)
  const manifest = readManifest(readWhole(disk, path).toString('latin1'))
  if (!manifest) throw new Error(`${path} does not hold what was written to it.`)
  return { manifest, copied: staged.fresh.size, skipped: files.length - staged.fresh.size }
}

/** Every byte is copied once and read back once. */
function progressOf({ disk, archive, onProgress = () => {} }: BackupOptions) {
  const bytes = bytesIn(disk, archive)
  let copied = 0
  return {
    copied(more: number) {
      copied += more
      onProgress(Math.min(copied, bytes), 2 * bytes)
    },
    read: (done: number) => onProgress(bytes + Math.min(done, bytes), 2 * bytes),
  }
}

import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isKeptAside } from '../archive/files.ts'
import { Unfit } from '../archive/unfit.ts'
import { leadsInto, nearest, realPath } from '../paths.ts'

interface Folders {
  readonly archive: string
  readonly cache: string
  readonly secrets: string
}

/** Throws Unfit when a backup cannot be written here, or must not be. */
export function requireBackupFolder(dir: string, { archive, cache, secrets }: Folders): void {
  requireApart(dir, archive, theArchive)
  if (leadsInto(realPath(dir), realPath(cache)))
    throw new Unfit(`${dir} lies in ${cache}, which may be deleted at any time.`)
  requireApart(dir, secrets, theKeys)
  const there = nearest(dir)
  if (!existsSync(there)) throw new Unfit(`${there} is a link that leads nowhere.`)
  if (!statSync(there).isDirectory()) throw new Unfit(`${there} is a file, not a folder.`)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
    // Some places, such as /proc, let root in and take no folder.
    if (there !== dir) rmdirSync(mkdtempSync(join(there, '.thywill-')))
  } catch (error) {
    if (isFull(error)) throw error
    throw new Unfit(`${there} cannot be written to.`)
  }
}

/** Throws Unfit when no backup can be read from here. */
export function requireOrigin(dir: string, archive: string): void {
  if (!existsSync(dir)) throw new Unfit(`There is no folder ${dir}.`)
  if (!statSync(dir).isDirectory()) throw new Unfit(`${dir} is a file, not a folder.`)
  // What a restore has kept aside may be put back.
  if (!isKeptAside(relative(realPath(archive), realPath(dir)))) requireApart(dir, archive, theArchive)
}

interface Named {
  /** As a sentence ends, and as one begins. */
  readonly within: string
  readonly about: string
  readonly itself: string
}

const theArchive: Named = { within: 'the archive', about: 'The archive', itself: 'the archive itself' }
const theKeys: Named = {
  within: 'the folder of the keys',
  about: 'The folder of the keys',
  itself: 'the folder of the keys: whoever has a copy of the words must not have them, too',
}

function requireApart(dir: string, folder: string, { within, about, itself }: Named) {
  const [one, other] = [realPath(dir), realPath(folder)]
  if (one === other) throw new Unfit(`${dir} is ${itself}.`)
  if (leadsInto(one, other)) throw new Unfit(`${dir} lies in ${within}, ${folder}.`)
  if (leadsInto(other, one)) throw new Unfit(`${about}, ${folder}, lies in ${dir}.`)
}

const isFull = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

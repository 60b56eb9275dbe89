import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { isKeptAside } from '../archive/files.ts'
import { Unfit } from '../archive/unfit.ts'

/** Throws Unfit when a backup cannot be written here, or must not be. */
export function requireBackupFolder(dir: string, archive: string, cache: string): void {
  requireApart(dir, archive)
  if (leadsInto(real(dir), real(cache)))
    throw new Unfit(`${dir} lies in ${cache}, which may be deleted at any time.`)
  const there = nearest(dir)
  if (!statSync(there).isDirectory()) throw new Unfit(`${there} is a file, not a folder.`)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
  } catch {
    throw new Unfit(`${there} cannot be written to.`)
  }
}

/** Throws Unfit when no backup can be read from here. */
export function requireOrigin(dir: string, archive: string): void {
  if (!existsSync(dir)) throw new Unfit(`There is no folder ${dir}.`)
  if (!statSync(dir).isDirectory()) throw new Unfit(`${dir} is a file, not a folder.`)
  // What a restore has kept aside may be put back.
  if (!isKeptAside(relative(real(archive), real(dir)))) requireApart(dir, archive)
}

function requireApart(dir: string, archive: string) {
  const [one, other] = [real(dir), real(archive)]
  if (one === other) throw new Unfit(`${dir} is the archive itself.`)
  if (leadsInto(one, other)) throw new Unfit(`${dir} lies in the archive, ${archive}.`)
  if (leadsInto(other, one)) throw new Unfit(`The archive, ${archive}, lies in ${dir}.`)
}

const leadsInto = (path: string, folder: string) => relative(folder, path).split(sep)[0] !== '..'

/** The path without links; of what is not there yet, as it will be. */
function real(path: string): string {
  if (existsSync(path) || dirname(path) === path) return realpathSync(path)
  return join(real(dirname(path)), basename(path))
}

const nearest = (path: string): string => (existsSync(path) ? path : nearest(dirname(path)))

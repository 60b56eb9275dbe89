import { existsSync, lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'

/** Whether this path is the folder, or lies in it. */
export const leadsInto = (path: string, folder: string) => relative(folder, path).split(sep)[0] !== '..'

/** The path without links; of what is not there yet, as it will be. */
export function realPath(path: string): string {
  if (existsSync(path) || dirname(path) === path) return realpathSync(path)
  return join(realPath(dirname(path)), basename(path))
}

/** The path itself, or the last thing on the way to it that is there; a link counts, wherever it leads. */
export const nearest = (path: string): string =>
  isThere(path) || dirname(path) === path ? path : nearest(dirname(path))

/** What lies below a file is not there, which the system says in another way. */
const isThere = (path: string) =>
  existsSync(path) ||
  (existsSync(`${dirname(path)}/`) && lstatSync(path, { throwIfNoEntry: false }) !== undefined)

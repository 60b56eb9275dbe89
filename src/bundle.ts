import { createHash } from 'node:crypto'
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/*
 * The bundle: all modules in a few files, which a start loads sooner than hundreds. It is disposable, as the cache is: its name
 * says which sources it was made from, and a start that finds none of that name runs the sources. `make-bundle.ts` makes it.
 * See docs/decisions/0024-a-bundle-that-fits-or-is-not-used.md.
 */

export const project = resolve(import.meta.dirname, '..')
export const sources = join(project, 'src')
export const bundles = join(project, '.bundles')

/** What npm has really put there: it writes this at the end of each install. */
const packages = join(project, 'node_modules/.package-lock.json')

/** Names each file of a bundle and how long it is: one that is not as it was made is none. */
export const listName = 'files'

/** The fingerprint of the sources before any of the program was loaded, or why there is none. */
let begun: string | Error = new Error('it was not begun with ./thywill')

/** Everything a bundle is made from, and made for. Throws when something cannot be read. */
export function fingerprint(): string {
  const hash = createHash('sha256').update(`${process.version}\n${project}\n`)
  const names = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const path of [...names.sort(), packages]) {
    const content = readFileSync(path)
    hash.update(`${path} ${content.length}\n`).update(content)
  }
  return hash.digest('hex').slice(0, 32)
}

/**
 * The program in the bundle made from just these sources, as a URL; undefined when there is none, or it is not whole, or nobody
 * can tell because something cannot be read: whether that matters, loading the sources will say. Asked once, before the
 * program is loaded.
 */
export function bundledProgram(): string | undefined {
  try {
    begun = fingerprint()
    const bundle = join(bundles, begun)
    return isWhole(bundle) ? pathToFileURL(join(bundle, 'cli.mjs')).href : undefined
  } catch (error) {
    begun = error instanceof Error ? error : new Error(String(error))
    return undefined
  }
}

/** Whether each file is there, can be read and has its length. Bytes that changed in place are not looked for. */
export function isWhole(bundle: string): boolean {
  try {
    const lines = readFileSync(join(bundle, listName), 'utf8').trimEnd().split('\n')
    return lines.every((line) => {
      const [size, name = ''] = line.split(' ')
      accessSync(join(bundle, name), constants.R_OK)
      return statSync(join(bundle, name)).size === Number(size)
    })
  } catch {
    return false
  }
}

/** The fingerprint that this program was begun with. Throws what kept anybody from taking it. */
export function begunWith(): string {
  if (begun instanceof Error) throw begun
  return begun
}

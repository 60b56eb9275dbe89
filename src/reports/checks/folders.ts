import { accessSync, constants, lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, orWell, watch, wrong } from './finding.ts'

/** A folder of the site, by the setting that names it. */
export interface NamedFolder {
  readonly name: 'ARCHIVE_DIR' | 'CACHE_DIR' | 'SECRETS_DIR' | 'BACKUP_DIR'
  readonly path: string
  readonly mayBeReadOnly?: boolean
  /** There is an archive, or there was one: what is not there now is missing. */
  readonly hasBegun?: boolean
}

/** Whether each folder is there, is ours to use, and is closed to everybody else on the machine. */
export const checkFolders = (folders: readonly NamedFolder[]): readonly Finding[] =>
  folders.flatMap((folder) =>
    orWell(checkFolder(folder), 'folders', `${folder.name} is there, and nobody else's: ${folder.path}`),
  )

const isReadable = (path: string) => may(path, constants.R_OK | constants.X_OK)

function checkFolder({ name, path, mayBeReadOnly = false, hasBegun = false }: NamedFolder): Finding[] {
  const seen = statSync(path, { throwIfNoEntry: false })
  if (!seen) return [hasBegun ? missing(name, path) : notYet(name, path)]

  const asSite = 'Run ./thywill as the user of the site, or give the folder to that user with chown.'
  if (!isReadable(path)) return [wrong('folders', `${name} cannot be read: ${path}`, asSite)]
  const found: Finding[] = []
  if (!mayBeReadOnly && !may(path, constants.W_OK))
    found.push(wrong('folders', `${name} cannot be written to: ${path}`, asSite))
  if (process.getuid && seen.uid !== process.getuid())
    found.push(
      watch(
        'folders',
        `${name} belongs to user ${seen.uid}, and you are ${process.getuid()}: ${path}`,
        asSite,
      ),
    )

  const [first, ...others] = openToOthers(path)
  if (first !== undefined) {
    const more = others.length > 0 ? ` and ${others.length} more there` : ''
    const say = name === 'SECRETS_DIR' ? wrong : watch
    const what = `${name}: others on this machine may open ${first}${more}.`
    found.push(say('folders', what, `chmod -R go= ${path}`))
  }
  return found
}

const notYet = (name: string, path: string) =>
  watch('folders', `${name} is not there yet: ${path}`, 'The first start makes it.')

function missing(name: NamedFolder['name'], path: string): Finding {
  const what = `${name} is not there any more: ${path}`
  if (name === 'CACHE_DIR') return watch('folders', what, 'The next start makes it, from the archive.')
  return wrong('folders', what, 'Mount it, or put it back from your copy, before you start the site.')
}

function may(path: string, how: number): boolean {
  try {
    accessSync(path, how)
    return true
  } catch {
    // Whatever the system says here means no.
    return false
  }
}

/** The folder and what is in it, down to the files of a year, whose modes let a group or everybody in. */
function openToOthers(path: string): string[] {
  const inside = isReadable(path) ? readdirSync(path, { withFileTypes: true, recursive: true }) : []
  const paths = [path, ...inside.map((entry) => join(entry.parentPath, entry.name))]
  return paths.filter((one) => !broughtAlong.test(one) && isOpen(one))
}

/** What the project itself has in these folders. */
const broughtAlong = /\/(README\.md|\.gitkeep)$/

/** A link has no mode of its own, and what was there a moment ago may be gone. */
function isOpen(path: string): boolean {
  const seen = lstatSync(path, { throwIfNoEntry: false })
  return seen !== undefined && !seen.isSymbolicLink() && (seen.mode & 0o077) !== 0
}

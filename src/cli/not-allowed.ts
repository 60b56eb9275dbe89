import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'

/** As Node says that it may not, also in a text that somebody has put it into. */
const forbidden = /(?:EACCES|EPERM|EROFS): [a-z -]+, (?<what>\w+) '(?<path>[^']*)'(?: -> '(?<to>[^']*)')?\.?/

/** Who runs this. */
interface User {
  readonly uid: number
  readonly username: string
}

/** The same text with what to do, for whoever typed the command; undefined when nothing in it was forbidden. */
export function notAllowed(
  said: string,
  command: string | undefined,
  user: User = whoRuns(),
): string | undefined {
  const found = forbidden.exec(said)
  if (!found) return undefined
  const { what = '', path = '', to } = found.groups ?? {}
  const sentence = sentenceFor(found[0], placeOf(what, to ?? path), user)
  return found[0] === said ? `${command} did not finish. ${sentence}` : said.replace(found[0], sentence)
}

/** In a container this user may have no name. */
function whoRuns(): User {
  const uid = process.getuid?.() ?? -1
  try {
    return { uid, username: userInfo().username }
  } catch {
    return { uid, username: String(uid) }
  }
}

function sentenceFor(found: string, place: string, { uid, username }: User): string {
  if (found.startsWith('EROFS')) return `Nothing can be written to ${place}: its disk is mounted read-only.`
  const { uid: owner, mode } = statSync(place)
  if (owner !== uid)
    return (
      `${place} belongs to another user (number ${owner}), and this runs as ${username}. ` +
      `Run ./thywill as the user of the site; if that is ${username}: chown ${username} '${place}'`
    )
  const rights = (mode & 0o777).toString(8).padStart(3, '0')
  return `${place} is closed to ${username}, who owns it (mode ${rights}). Open it: chmod u+rwX '${place}'`
}

/** What is closed: the folder, where something in it was to be made or moved, or where it cannot even be looked at. */
function placeOf(what: string, path: string): string {
  let place = /^(?:rename|mkdir|unlink|rmdir|link)$/.test(what) ? dirname(path) : path
  while (!isThere(place)) place = dirname(place)
  return place
}

function isThere(path: string) {
  try {
    statSync(path)
    return true
  } catch {
    return path === dirname(path)
  }
}

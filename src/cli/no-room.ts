import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { environment, readConfig } from '../config.ts'
import { size } from '../kernel/numbers.ts'
import { freeBytes } from '../reports/checks/disk.ts'
import { notAllowed } from './not-allowed.ts'

/** As Node and SQLite say that a disk is full, also in a text that somebody has put it into. */
const full =
  /(?:ENOSPC|EDQUOT): [a-z ]+(?:, \w+)?(?: '[^']*')?(?: -> '[^']*')?\.?|database or disk is full\.?/

/** What went wrong, for whoever typed the command: of a full disk, which one it is; of what is closed, how to open it. */
export function inWords(error: unknown, words: readonly string[] = process.argv.slice(2)): string {
  const said = error instanceof Error ? error.message : String(error)
  const found = full.exec(said)
  if (found) {
    const sentence = noRoom(pathIn(found[0]), words)
    return found[0] === said ? `${words[0]} did not finish. ${sentence}` : said.replace(full, sentence)
  }
  if (isFull(error)) return `${said}\n${noRoom(undefined, words)}`
  return notAllowed(said, words[0]) ?? said
}

/** It may be what somebody wrapped. */
const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && /^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(String(error.code))) ||
    full.test(error.message) ||
    isFull(error.cause))

/** The last path that is named is the one that was written to. */
const pathIn = (said: string) =>
  said
    .match(/'([^']+)'/g)
    ?.at(-1)
    ?.slice(1, -1)

function noRoom(path: string | undefined, words: readonly string[]): string {
  const { archiveDir, cacheDir, secretsDir, backupDir } = readConfig(environment())
  const given = words.filter((word) => word.includes('/') && existsSync(word)).map((word) => resolve(word))
  // Often nothing says where it was, and then it was where least is free.
  const places = path ? [path] : [archiveDir, cacheDir, backupDir, secretsDir, ...given, tmpdir()]
  const [place] = places
    .map((folder) => ({ folder, free: freeBytes(folder) }))
    .sort((one, other) => one.free - other.free)
  return `There was not enough room on the disk of ${place?.folder}, where ${size(place?.free ?? 0)} are free now: make room, then try again.`
}

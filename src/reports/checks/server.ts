import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lockName } from '../../archive/files.ts'
import type { Trouble } from '../../ledger/standing.ts'
import type { StatusReport } from '../status.ts'
import { type Finding, watch, well, wrong } from './finding.ts'

type Server = StatusReport['server']

/** What a site says of itself. */
export interface Standing extends Server {
  /** That it says nothing, in a sentence. */
  readonly silence?: string
}

/** Who writes the archive just now; `isGone`: it is not where it was. */
export function checkServer(
  archive: string,
  { running, trouble, silence }: Standing,
  isGone = false,
): Finding {
  const holder = lockHolder(archive)
  const process = holder === undefined ? '' : ` (process ${holder})`
  if (silence !== undefined)
    return wrong('server', `${silence}${process}`, 'Look into its log, and start it again.')
  if (trouble) {
    const say = trouble.why === 'read-only' ? watch : wrong
    return say(
      'server',
      `The site runs${process} and saves nothing: ${trouble.sentence}`,
      remedies[trouble.why],
    )
  }
  if (running) return well('server', `The site runs${process}, and saves what people write.`)
  if (holder === undefined)
    return watch(
      'server',
      'The site is not running.',
      isGone ? 'Start it when the archive is back.' : './thywill serve',
    )
  return watch(
    'server',
    `Process ${holder} holds the archive and cannot be asked: a site that still starts, or has another CACHE_DIR.`,
    `See what it is: ps -p ${holder}`,
  )
}

const remedies: Readonly<Record<Trouble['why'], string>> = {
  'read-only': 'Set ARCHIVE_READ_ONLY to false, and start it again.',
  elsewhere: 'Stop the other process, and start this one again.',
  full: 'Make room: it goes on by itself.',
  unknown: 'Start it again: the start finds out what was saved.',
  disturbed: './thywill verify says where, and docs/runbook.md what to do.',
  corrupt: './thywill verify says where, and docs/runbook.md what to do.',
  unreadable: 'docs/runbook.md, "A file that cannot be read".',
  ahead: 'Put the newer archive back: docs/runbook.md.',
  clock: 'Set the clock.',
  newer: 'Start the newer version again.',
  cache: 'Nothing: it is tried again by itself. If it stays, start it again.',
  damaged: 'Nothing: a new cache is being made from the archive.',
}

/**
 * The process that holds the archive's lock, as Linux lists it: asking for the lock would take it away from a site that
 * starts at that moment, and opening the file is forbidden (archive/disk.ts). `undefined` when nobody is listed.
 */
export function lockHolder(archive: string, list = '/proc/locks'): number | undefined {
  const inode = statSync(join(archive, lockName), { throwIfNoEntry: false })?.ino
  const lines = statSync(list, { throwIfNoEntry: false }) ? readFileSync(list, 'utf8').split('\n') : []
  for (const line of lines) {
    const [, process, file] = /POSIX +ADVISORY +WRITE +(\d+) +(\S+)/.exec(line) ?? []
    if (inode !== undefined && file?.endsWith(`:${inode}`)) return Number(process)
  }
  return undefined
}

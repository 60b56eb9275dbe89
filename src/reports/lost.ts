import { archiveFiles, isDecidedRestore, segmentName } from '../archive/files.ts'
import { findPosition } from '../archive/find.ts'
import type { Problem } from '../archive/verify.ts'
import type { Cursor } from '../cache/cursor.ts'
import { promisedBy } from '../ledger/caches.ts'
import { backupIn, whereLost } from '../ledger/findings.ts'
import { ahead } from '../ledger/guard.ts'
import type { Folders } from './folders.ts'

/*
 * What an archive cannot tell of itself: a text that was cut after a whole group verifies. What was made of it knows more.
 */

/** Stands for a file where the problem is that there is none at all. */
export const wholeArchiveName = 'archive'

/** The record that a cache has seen and the archive does not hold. `promised` was asked before the text was read. */
export function lostRecord({ disk, archive }: Folders, promised: Cursor | undefined): Problem | undefined {
  if (!promised || findPosition(disk, archive, promised)) return undefined
  const { sequence, month } = promised
  const { sentence } = ahead(sequence, whereLost(disk, archive, promised))
  return { file: segmentName(month), sequence, what: sentence.replace(/\.$/, '') }
}

/** What shows that there was an archive where there is none now, in a sentence. */
export function lostArchive(
  { disk, archive, cache, backups }: Folders & { readonly backups?: string | undefined },
  isRunning: boolean,
): string | undefined {
  const { segments, restore } = archiveFiles(disk, archive)
  if (segments.length > 0 || isDecidedRestore(restore)) return undefined
  const promised = promisedBy(cache)
  const shown = () => {
    if (promised) return `${cache} has seen ${promised.sequence} records of ${promised.archive}`
    if (isRunning) return 'the site that runs has one'
    return backupIn(disk, backups) && `${backups} holds a backup of one`
  }
  const evidence = shown()
  return evidence && `The archive is not where it was: ${archive} holds none, and ${evidence}.`
}

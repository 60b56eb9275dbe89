import { join } from 'node:path'
import { type ArchiveFiles, archiveFiles, isDecidedRestore, quarantineName } from '../../archive/files.ts'
import { type Problem, problemSentence } from '../../archive/verify.ts'
import { saysUnread } from '../../kernel/unread.ts'
import { clockTrouble } from '../../ledger/start.ts'
import type { Folders } from '../folders.ts'
import type { StatusReport } from '../status.ts'
import { type Finding, orWell, watch, well, wrong } from './finding.ts'

/** Whether the archive is as it was written, as far as that shows without reading all of it. */
export function checkArchive(
  { archive }: StatusReport,
  { strangers, restore }: ArchiveFiles,
): readonly Finding[] {
  // In the middle of its change-over nothing can be said of what is there: the start that finishes it looks.
  if (isDecidedRestore(restore)) return []
  const { segments, records, lastSequence, unknown, end } = archive
  const found = archive.problems
    // Each is told by a check of its own.
    .filter(({ file }) => !strangers.includes(file) && file !== restore && file !== 'last verification')
    .map((problem) =>
      end === 'torn' && problem.sequence === lastSequence + 1 ? torn(problem) : bad(problem),
    )
  for (const { kind, records } of unknown)
    found.push(
      watch(
        'archive',
        `This version does not know ${kind}. What the archive holds of it (${records}) is kept and passed over.`,
        'Start the newer version that wrote them.',
      ),
    )
  if (segments === 0 && found.length === 0)
    return [watch('archive', 'There is no archive yet.', './thywill serve')]
  const what = `${records} records in ${segments} months. The end and the seals fit; verify reads the rest.`
  return orWell(found, 'archive', what)
}

/** Whoever starts the site now would begin another. */
export const archiveIsGone = (sentence: string) =>
  wrong('archive', sentence, 'Mount it, or put it back: docs/runbook.md, "The archive is gone".')

const torn = ({ file }: Problem) =>
  watch('archive', `The last write to ${file} did not finish.`, 'The next start puts it into quarantine/.')

const bad = (problem: Problem) => {
  const remedy = saysUnread(problem)
    ? 'docs/runbook.md, "A file that cannot be read".'
    : './thywill verify says all that is wrong, and docs/runbook.md what to do.'
  return wrong('archive', problemSentence(problem), remedy)
}

/** What lies in the archive's folder and is not of it, and what a crash left. */
export function checkFiles({ disk, archive, source }: Folders): readonly Finding[] {
  const { strangers, unfinished, restore } = archiveFiles(disk, archive)
  const found = strangers.map((name) =>
    wrong('files', `${name} is not the archive's: somebody else put it there.`, `Move it out of ${archive}.`),
  )
  if (restore !== undefined) found.push(restoreStopped(restore))
  const old = unfinished.filter((name) => isOld(disk.measure(join(archive, name))?.modified, source.now()))
  for (const name of old)
    found.push(
      watch('files', `${name} was left by a write that did not finish.`, 'The next start removes it.'),
    )
  const kept = disk.list(join(archive, quarantineName)).length
  if (kept > 0)
    found.push(
      watch(
        'files',
        `${quarantineName}/ holds ${kept === 1 ? 'one piece' : `${kept} pieces`} of a write that a crash cut short.`,
        'Read what it says, and take it away when nobody misses it.',
      ),
    )
  return orWell(found, 'files', 'Nothing in the archive that does not belong there.')
}

const restoreStopped = (restore: string) =>
  isDecidedRestore(restore)
    ? wrong(
        'files',
        'A restore was stopped while it put the backup in place.',
        'Start the site: the start finishes it.',
      )
    : watch(
        'files',
        'A restore did not finish, and nothing was changed.',
        'The next start takes its rest away, or the next restore.',
      )

/** What a write under way has just begun is nothing to tell. */
export const isOld = (modified: number | undefined, now: number) =>
  modified !== undefined && modified < now - 60_000

/** The clock is never behind what was written. */
export function checkClock({ source }: Folders, { archive: { lastWritten } }: StatusReport): Finding {
  if (lastWritten === null) return well('clock', 'Nothing was written yet that it could be behind of.')
  const trouble = clockTrouble(source, { time: lastWritten })
  return trouble
    ? wrong('clock', trouble.sentence, 'Set it, and have it set by the network: until then nothing is saved.')
    : well('clock', `Not behind the last record, written ${lastWritten}.`)
}

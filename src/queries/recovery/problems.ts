import { saysUnread } from '../../kernel/unread.ts'
import type { FoundProblem, Standing } from '../operations.ts'
import type { RecoveryProblems } from './pages.ts'

/** What is wrong, and what to do about each. */
export const recoveryProblems = ({
  problems,
  missingKeys,
  trouble,
  verified,
}: Standing): RecoveryProblems => ({
  problems: [
    ...problems.map((problem) => ({ ...problem, advice: adviceFor(problem) })),
    ...missingKeys.map(missingKey),
  ],
  trouble: trouble && { sentence: trouble.sentence, advice: ways[trouble.why] ?? askTheLog },
  verifiedAt: verified?.at ?? null,
})

const missingKey = (number: number) => ({
  file: `words-${number}.key`,
  what: 'SECRETS_DIR does not hold the key that words were sealed with.',
  advice:
    'Put it back from a copy, from the recovery sheet, or from a backup with its keys. It works at once, and no other key takes its place.',
})

const askTheLog = 'The log of the server says more.'

function adviceFor(problem: FoundProblem): string {
  const { file, line } = problem
  if (saysUnread(problem))
    return 'Have it made readable for the user of the site, or moved aside and brought back from a backup.'
  if (file === 'cache') return 'No word is lost. A rebuild makes another cache from the text.'
  if (file === 'FORMAT')
    return 'Nothing depends on it. Put the file back as the program has it, or from a backup.'
  if (file === 'erasures.txt') return 'A start writes what is missing there. Start the server again.'
  if (file.endsWith('.seal'))
    return 'If the month itself is whole, move this seal away: the next start verifies the month and seals it anew.'
  if (!file.endsWith('.txt') && file !== 'months')
    return 'Look at it, and move it out of the folder of the archive if it does not belong there.'
  if (line !== undefined)
    return 'Somebody or something changed this file. Look at "Outside edits", or put the file back from a backup.'
  return 'Look at "Outside edits", or put the file back from a backup.'
}

const ways: Readonly<Record<string, string>> = {
  'read-only': 'To save again, take ARCHIVE_READ_ONLY away and start the server again.',
  elsewhere: 'Open the site of the process that writes, or end that process.',
  full: 'Make room on the disk. Saving goes on by itself.',
  unknown: 'Look after the disk, then start the server again: the start sees what is really there.',
  disturbed: 'Find out who writes into the folder of the archive, then look at "Outside edits".',
  corrupt: 'Put the file back from a backup, or look at "Outside edits".',
  unreadable:
    'Only the person who runs the server can make it readable again, or move it aside to bring it back from a backup. Then "Look again" under "Outside edits".',
  ahead: 'Records are gone that were there. Put the archive back from the newest backup.',
  clock: 'Set the clock of the machine right. Saving goes on by itself.',
  newer: 'Start the newer version of the program again.',
  damaged: 'A new cache is made by itself. Saving goes on when it is there.',
  cache: 'It is tried again by itself. If that lasts, rebuild.',
}

import type { Reading } from '../../cache/reading.ts'
import { days, earlier, type Moment } from '../../kernel/moment.ts'
import { counted, inFours, roughly, size } from '../../kernel/numbers.ts'
import type { FoundProblem, Standing, Work, WorkKind } from '../operations.ts'
import { lastAct } from '../recovery.ts'
import { rebuildEstimate } from './growth.ts'
import type { Check, NextStep, RecoveryOverview } from './pages.ts'
import { notAsItShouldBe, workNow } from './work.ts'

export interface Asked {
  readonly standing: Standing
  readonly work: Work | null
  readonly may: readonly WorkKind[]
  readonly now: Moment
}

/** How everything stands: one sentence and one button, then what they rest on. */
export function recoveryOverview(cache: Reading, asked: Asked): RecoveryOverview {
  const { standing, work, may } = asked
  const findings = findingsOf(cache, asked)
  const isUnderWay = work !== null && work.outcome === null
  const { level, sentence, next } = verdict(findings, standing)
  return {
    ...{ level, sentence, next: isUnderWay ? null : next, work: isUnderWay ? workNow(work) : null },
    checks: findings.map(({ name, level, sentence, last }) => ({ name, level, sentence, last })),
    identity: {
      archive: standing.archive,
      records: standing.records,
      bytes: standing.bytes,
      head: inFours(standing.head),
      fingerprint: standing.fingerprint === null ? null : inFours(standing.fingerprint),
    },
    actions: may,
  }
}

/** A check, and what it adds to the one sentence and the one button when it is the worst of all. */
interface Finding extends Check {
  /** "there is no backup yet" */
  readonly clause: string
  readonly next?: NextStep
}

/** The most pressing first. */
function findingsOf(cache: Reading, { standing, may, now }: Asked): Finding[] {
  const named = (name: string, finding: Found) => ({ name, ...finding })
  return [
    named('The text', textFinding(standing, now)),
    named('Saving', savingFinding(standing)),
    named('Sealed words', sealedFinding(standing, may)),
    named('Disk', diskFinding(standing)),
    named('Backup', backupFinding(cache, may, now)),
    named('Cache', cacheFinding(standing)),
    named('Rebuild', rebuildFinding(cache, standing)),
    named('Recovery sheet', sheetFinding(cache, standing, may)),
  ]
}

type Found = Omit<Finding, 'name'>

/** All is well, or nobody can tell: neither adds to the one sentence. */
const quiet = (level: 'well' | 'unknown', sentence: string, last: Check['last'] = null): Found => ({
  ...{ level, sentence, last },
  clause: '',
})

const checkNow: NextStep = { words: 'Check everything now', kind: 'verify' }
const seeProblems: NextStep = { words: 'See what is wrong', href: '/admin/recovery/problems' }

function verdict(findings: readonly Finding[], { records, verified }: Standing) {
  const wrong = findings.find(({ level }) => level === 'wrong')
  if (wrong)
    return {
      level: 'wrong' as const,
      sentence: `Stop, and call the person who runs the server: ${wrong.clause}.`,
      next: wrong.next ?? seeProblems,
    }
  const due = findings.filter(({ level }) => level === 'due')
  const [first] = due
  if (!first)
    return {
      level: 'well' as const,
      sentence: `Nothing is lost: ${counted(records, 'record')} ${records === 1 ? 'is' : 'are'} whole, and this site can be made again from them.`,
      next: checkNow,
    }
  const lost = verified ? 'Nothing is lost' : 'Nothing seems to be lost'
  const many = due.length === 1 ? 'one thing is to do' : `${due.length} things are to do, first of all this`
  return {
    level: 'due' as const,
    sentence: `${lost}, but ${many}: ${first.clause}.`,
    next: first.next ?? checkNow,
  }
}

const stale = (moment: Moment, age: number, now: Moment) => moment < earlier(now, age)

const brokenText = ['corrupt', 'unreadable', 'ahead', 'disturbed']

function textFinding({ problems, trouble, verified }: Standing, now: Moment): Found {
  const last = verified && { words: 'Read', at: verified.at }
  const clause = 'the text is not as it was written'
  if (trouble?.why === 'unreadable')
    return { level: 'wrong', last, sentence: trouble.sentence, clause: 'a file of the text cannot be read' }
  if (trouble && brokenText.includes(trouble.why))
    return { level: 'wrong', last, sentence: trouble.sentence, clause }
  if (problems.length > 0) {
    const sentence = notAsItShouldBe(problems.length)
    if (problems.some(isOfText)) return { level: 'wrong', last, sentence, clause }
    const beside = 'something beside the text is not as it should be'
    return { level: 'due', last, sentence, clause: beside, next: seeProblems }
  }
  if (!verified) {
    const sentence = 'Not every byte has been read and checked yet.'
    return { level: 'due', last, sentence, clause: 'every byte has yet to be read', next: checkNow }
  }
  if (!verified.isWell) {
    const sentence = 'The last check found something. Check again to see whether it is still so.'
    return { level: 'wrong', last, sentence, clause: 'the last check found something', next: checkNow }
  }
  const sentence = `Every byte of ${counted(verified.records, 'record')} was as it was written.`
  if (!stale(verified.at, 8 * days, now)) return quiet('well', sentence, last)
  const old = 'it is more than a week since every byte was read'
  return { level: 'due', last, sentence, clause: old, next: checkNow }
}

/** A file that does not belong there, say, harms no word. */
const isOfText = ({ file, sequence }: FoundProblem) =>
  sequence !== undefined || file === 'months' || /^\d{4}\/\d{4}-\d{2}\.(txt|seal)$/.test(file)

function savingFinding({ trouble }: Standing): Found {
  if (!trouble) return quiet('well', 'What people write is saved.')
  const isWrong = [...brokenText, 'unknown'].includes(trouble.why)
  const clause = 'nothing can be saved just now'
  return {
    level: isWrong ? 'wrong' : 'due',
    last: null,
    sentence: trouble.sentence,
    clause,
    next: seeProblems,
  }
}

function sealedFinding({ missingKeys }: Standing, may: readonly WorkKind[]): Found {
  if (missingKeys.length === 0)
    return quiet('well', 'The keys for words that fewer than everyone may read are here.')
  const sentence =
    'A key is missing: words for fewer than everyone cannot be opened, and none are saved, until it is put back.'
  // Who only reads may have no keys.
  if (!may.includes('back-up')) return quiet('unknown', sentence)
  return {
    ...{ level: 'due', last: null, sentence, next: seeProblems },
    clause: 'words for fewer than everyone cannot be opened, because their key is missing',
  }
}

const gigabyte = 1e9

/** A rebuild and a backup each take about as much as the text. */
function diskFinding({ free, bytes }: Standing): Found {
  const sentence = `${size(free)} are free.`
  if (free >= Math.max(gigabyte, 4 * bytes)) return quiet('well', sentence)
  return { level: 'due', last: null, sentence, clause: `only ${size(free)} are free on the disk` }
}

function backupFinding(cache: Reading, may: readonly WorkKind[], now: Moment): Found {
  const made = lastAct(cache, 'backed-up')
  const isAble = may.includes('back-up')
  const next: NextStep = isAble ? { words: 'Back up now', kind: 'back-up' } : checkNow
  if (!made && !isAble)
    return quiet('unknown', 'None is known of. This process only reads; the one that writes makes them.')
  if (!made) {
    const sentence = 'There is no backup yet.'
    return { level: 'due', last: null, sentence, clause: 'there is no backup yet', next }
  }
  const last = { words: 'Made', at: made.at }
  const sentence = `The newest holds ${counted(made.records ?? 0, 'record')}.`
  if (!stale(made.at, 2 * days, now)) return quiet('well', sentence, last)
  return { level: 'due', last, sentence, clause: 'the newest backup is more than two days old', next }
}

function cacheFinding({ isCaughtUp, compared, rebuilt }: Standing): Found {
  if (!isCaughtUp) {
    const sentence = 'It has not seen the end of the text yet.'
    return { level: 'due', last: null, sentence, clause: 'the cache is behind the text' }
  }
  const isOfAnother = compared !== null && rebuilt !== null && compared.at < rebuilt.at
  if (!compared || isOfAnother) {
    const not = isOfAnother
      ? 'It was not compared with a fresh rebuild since it was rebuilt.'
      : 'It was never compared with a fresh rebuild.'
    return quiet('unknown', `It has seen every record. ${not}`)
  }
  const last = { words: 'Compared', at: compared.at }
  if (compared.differing === null)
    return {
      ...{ level: 'due', last, clause: 'not all was well when the cache was compared' },
      sentence: 'When it was compared with a fresh rebuild, not all was well. Compare again to see what.',
      next: { words: 'Compare now', kind: 'compare' },
    }
  if (compared.differing.length === 0)
    return quiet('well', 'It is, row for row, what a fresh rebuild gives.', last)
  return {
    ...{ level: 'due', last, clause: 'the cache is not what the text gives' },
    sentence: `It is not what the text gives: ${compared.differing.join(', ')}. A rebuild puts it right.`,
    next: { words: 'Rebuild now', kind: 'rebuild' },
  }
}

function rebuildFinding(cache: Reading, { records, rebuilt }: Standing): Found {
  const last = rebuilt && { words: 'The cache was made', at: rebuilt.at }
  const seconds = rebuildEstimate(lastAct(cache, 'rebuilt'), records)
  if (seconds === null)
    return quiet('unknown', 'No rebuild was recorded yet, so nobody knows how long one takes here.', last)
  return quiet('well', `One would take ${roughly(seconds)} now.`, last)
}

function sheetFinding(cache: Reading, { keys, missingKeys }: Standing, may: readonly WorkKind[]): Found {
  if (keys === null && may.includes('back-up'))
    return {
      ...{ level: 'due', last: null, clause: 'the keys are gone, and without them no backup can be made' },
      sentence:
        'The keys are not where they were, and without them no backup can be made. Put the folder SECRETS_DIR back from its copy before the site is started again.',
    }
  if (keys === null)
    return quiet('unknown', 'The keys are not on this machine, so they cannot be printed here.')
  if (missingKeys.length > 0)
    return quiet('unknown', 'A key is missing, so a sheet that is printed now would not have all of them.')
  const confirmed = lastAct(cache, 'sheet-confirmed')
  if (confirmed?.detail === keys)
    return quiet('well', 'Somebody has the keys on paper.', { words: 'Confirmed', at: confirmed.at })
  return {
    ...{ level: 'due', last: null, clause: 'nobody has the keys on paper' },
    sentence: 'Nobody has confirmed yet that the keys are on paper.',
    next: { words: 'Print the recovery sheet', href: '/admin/recovery/sheet' },
  }
}

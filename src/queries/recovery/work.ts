import { counted, grouped, lasting, roughly } from '../../kernel/numbers.ts'
import type { Outcome, Work, WorkKind, WorkPhase } from '../operations.ts'
import type { Level, RecoveryWork, WorkNow } from './pages.ts'

/** Work that goes through the whole archive, in words. */
export function workNow(work: Work): WorkNow {
  const { kind, percent, mayEnd, isEnding, outcome } = work
  if (outcome) return { isOver: true, percent: null, mayEnd: false, ...ended(kind, outcome) }
  return {
    isOver: false,
    level: 'unknown',
    heading: underWay[kind],
    sentences: [
      `${work.by} asked for this. It goes on when you leave this page.`,
      isEnding ? 'It is being ended.' : progressOf(work),
    ],
    percent,
    mayEnd: mayEnd && !isEnding,
    way: null,
  }
}

/** "3 things are not as they should be." */
export const notAsItShouldBe = (things: number) =>
  things === 1 ? '1 thing is not as it should be.' : `${grouped(things)} things are not as they should be.`

/** The page of it; `refused` is work that was asked for while other work was under way. */
export function recoveryWork(work: Work | null, refused?: WorkKind): RecoveryWork {
  return {
    work: work && workNow(work),
    notBegun:
      refused === undefined
        ? null
        : `One thing at a time: ${notBegun[refused]}. Ask again when this is done.`,
  }
}

const underWay: Readonly<Record<WorkKind, string>> = {
  verify: 'Everything is being checked',
  compare: 'The cache is being compared with a fresh rebuild',
  rebuild: 'A new cache is being made',
  'back-up': 'A backup is being made',
}

const notBegun: Readonly<Record<WorkKind, string>> = {
  verify: 'the check was not begun',
  compare: 'the comparison was not begun',
  rebuild: 'the rebuild was not begun',
  'back-up': 'the backup was not begun',
}

const phases: Readonly<Record<WorkPhase, string>> = {
  starting: 'It is starting.',
  reading: 'It is reading the text.',
  comparing: 'It is making a fresh cache, to compare.',
  indexing: 'It is sorting what it has read.',
  'catching up': 'It is catching up with what was written meanwhile.',
  checking: 'It is checking the new cache.',
  copying: 'It is copying.',
}

function progressOf({ kind, phase, records, recordsPerSecond, etaSeconds }: Work): string {
  const step = kind === 'compare' ? { reading: 'Step 1 of 2. ', comparing: 'Step 2 of 2. ' } : {}
  const said = [`${Object.entries(step).find(([name]) => name === phase)?.[1] ?? ''}${phases[phase]}`]
  if (records > 0) said.push(`${counted(records, 'record')} so far${rate(recordsPerSecond)}.`)
  if (etaSeconds !== null) said.push(`Still ${roughly(etaSeconds)} to go.`)
  return said.join(' ')
}

const rate = (recordsPerSecond: number | null) =>
  recordsPerSecond === null ? '' : `, ${grouped(recordsPerSecond)} a second`

type End = Pick<WorkNow, 'heading' | 'sentences' | 'way'> & { readonly level: Level }

function ended(kind: WorkKind, outcome: Outcome): End {
  if (outcome.is === 'ended')
    return { level: 'unknown', heading: 'It was ended', sentences: ['Nothing was changed.'], way: null }
  // How far it came nobody knows: another cache may serve, or be on its way. But no work of these writes to the text.
  if (outcome.is === 'failed') {
    const sentences = [outcome.why, 'The text is as it was.']
    return { level: 'wrong', heading: 'That did not work', sentences, way: null }
  }
  const { seconds, unrecorded } = outcome
  const end = results[kind](outcome)
  const note = unrecorded === null ? [] : [`The history does not have this: ${unrecorded}`]
  return { ...end, sentences: [...end.sentences, `It took ${lasting(seconds)}.`, ...note] }
}

type Done = Extract<Outcome, { is: 'done' }>

const results: { readonly [kind in WorkKind]: (done: Done) => End } = {
  verify: ({ records, problems }) =>
    problems > 0 ? found(problems) : whole(records, 'Everything is as it was written'),
  compare({ records, problems, differing }) {
    if (problems > 0) return found(problems)
    if (differing === null || differing.length === 0)
      return whole(records, 'The text is whole, and the cache is what it gives')
    return {
      level: 'due',
      heading: 'The cache is not what the text gives',
      sentences: [
        `The text is whole, so nothing is lost. These tables are not what it gives: ${differing.join(', ')}.`,
        'A rebuild puts them right.',
      ],
      way: { words: 'See which', href: '/admin/recovery/coverage' },
    }
  },
  rebuild: ({ records }) => ({
    level: 'well',
    heading: 'The site is served from a new cache',
    sentences: [`It was made from ${counted(records, 'record')}.`],
    way: null,
  }),
  'back-up': ({ records }) => ({
    level: 'well',
    heading: 'A backup was made',
    sentences: [`It holds ${counted(records, 'record')} and was verified.`],
    way: null,
  }),
}

const whole = (records: number, heading: string): End => ({
  level: 'well',
  heading,
  sentences: [`${counted(records, 'record')}, every byte of them read.`],
  way: null,
})

const found = (problems: number): End => ({
  level: 'wrong',
  heading: 'Not everything is as it was written',
  sentences: [notAsItShouldBe(problems)],
  way: { words: 'See what is wrong', href: '/admin/recovery/problems' },
})

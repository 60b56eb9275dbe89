import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { tellBackedUp, tellRebuilt, tellSheetConfirmed, tellUpgraded } from '../../src/commands/recovery.ts'
import { operator, schedule } from '../../src/kernel/actor.ts'
import { days, earlier, hours } from '../../src/kernel/moment.ts'
import type { Sheet, Standing, Work, WorkKind } from '../../src/queries/operations.ts'
import { recoveryGrowth } from '../../src/queries/recovery/growth.ts'
import { recoveryHistory } from '../../src/queries/recovery/history.ts'
import { recoveryOverview } from '../../src/queries/recovery/overview.ts'
import { recoveryProblems } from '../../src/queries/recovery/problems.ts'
import { isOnSheet, recoverySheetState } from '../../src/queries/recovery/sheet.ts'
import { recoveryWork, workNow } from '../../src/queries/recovery/work.ts'
import { community } from '../tools/community.ts'

const now = '2026-11-22T07:00:00.000Z'
const keys = 'ab'.repeat(32)
const well: Standing = {
  archive: 'a_0123456789abcdef',
  records: 1200,
  bytes: 400_000,
  head: 'cd'.repeat(32),
  fingerprint: 'ef'.repeat(32),
  problems: [],
  trouble: null,
  isCaughtUp: true,
  verified: { at: earlier(now, hours), isWell: true, records: 1200 },
  compared: { at: earlier(now, hours), differing: [] },
  rebuilt: { at: earlier(now, 3 * days), seconds: 2 },
  free: 50e9,
  keys,
  missingKeys: [],
}
const may: readonly WorkKind[] = ['verify', 'compare', 'rebuild', 'back-up']

test('one sentence and one button say what is most pressing', async (t) => {
  const here = await community(t)
  const backup = { records: 1200, head: 'cd'.repeat(32), bytes: 400_000, milliseconds: 900 }
  await here.does(schedule, tellBackedUp, backup)
  await here.does(schedule, tellSheetConfirmed, { keys })
  const overview = (changes: Partial<Standing>, at = now, can = may) =>
    recoveryOverview(here.ledger.cache(), {
      standing: { ...well, ...changes },
      work: null,
      may: can,
      now: at,
    })
  const said = (...given: Parameters<typeof overview>) => {
    const { level, sentence, next } = overview(...given)
    return [level, sentence, next && ('kind' in next ? next.kind : next.href)]
  }
  const call = 'Stop, and call the person who runs the server:'
  const nothing = 'Nothing is lost, but one thing is to do:'
  const seeProblems = '/admin/recovery/problems'
  const trouble = (why: string) => ({ trouble: { why, sentence: 'S' } })

  assert.deepEqual(said({}), [
    'well',
    'Nothing is lost: 1,200 records are whole, and this site can be made again from them.',
    'verify',
  ])
  for (const why of ['corrupt', 'ahead', 'disturbed'])
    assert.deepEqual(said(trouble(why)), ['wrong', `${call} the text is not as it was written.`, seeProblems])
  assert.deepEqual(said(trouble('unknown')), ['wrong', `${call} nothing can be saved just now.`, seeProblems])
  for (const why of ['read-only', 'elsewhere', 'full', 'clock', 'newer', 'cache'])
    assert.deepEqual(said(trouble(why)), ['due', `${nothing} nothing can be saved just now.`, seeProblems])

  const problems = [{ file: '2026/2026-11.txt', line: 3, sequence: 2, what: 'W' }]
  assert.deepEqual(said({ problems }), ['wrong', `${call} the text is not as it was written.`, seeProblems])
  const beside = [{ file: 'letter.doc', what: 'W' }]
  assert.deepEqual(said({ problems: beside }), [
    'due',
    `${nothing} something beside the text is not as it should be.`,
    seeProblems,
  ])
  const bad = { at: now, isWell: false, records: 7 }
  assert.deepEqual(said({ verified: bad }), ['wrong', `${call} the last check found something.`, 'verify'])
  assert.deepEqual(said({ verified: null }), [
    'due',
    'Nothing seems to be lost, but one thing is to do: every byte has yet to be read.',
    'verify',
  ])
  const compared = { at: now, differing: ['marks', 'prayers'] }
  assert.deepEqual(said({ compared }), ['due', `${nothing} the cache is not what the text gives.`, 'rebuild'])
  assert.deepEqual(said({ isCaughtUp: false }), ['due', `${nothing} the cache is behind the text.`, 'verify'])
  const unknown = { at: now, differing: null }
  assert.deepEqual(said({ compared: unknown })[2], 'compare', 'which tables differed is not kept')
  assert.deepEqual(said({ compared: null }).slice(0, 1), ['well'], 'what nobody can tell alarms nobody')
  assert.deepEqual(said({ free: 3e8 }), ['due', `${nothing} only 300.0 MB are free on the disk.`, 'verify'])
  assert.deepEqual(said({ free: 3e9, bytes: 1e9 })[0], 'due', 'a rebuild needs room')
  assert.deepEqual(said({ keys: 'ff'.repeat(32) }), [
    'due',
    `${nothing} nobody has the keys on paper.`,
    '/admin/recovery/sheet',
  ])
  assert.deepEqual(said({ keys: null }).slice(0, 2), [
    'due',
    `${nothing} the keys are gone, and without them no backup can be made.`,
  ])
  assert.equal(said({ keys: null }, now, ['verify'])[0], 'well', 'who only reads may have none')

  const withoutKey = { missingKeys: [1], keys: 'ff'.repeat(32) }
  assert.deepEqual(
    said(withoutKey),
    [
      'due',
      `${nothing} words for fewer than everyone cannot be opened, because their key is missing.`,
      seeProblems,
    ],
    'and nobody is asked to print a sheet that lacks it',
  )
  assert.equal(said(withoutKey, now, ['verify'])[0], 'well', 'nor must who only reads have that one')
  assert.match(
    recoveryProblems({ ...well, missingKeys: [1] }).problems[0]?.advice ?? '',
    /^Put it back from a copy, from the recovery sheet/,
  )

  const later = earlier(now, -3 * days)
  const read = { verified: { at: later, isWell: true, records: 1200 } }
  assert.deepEqual(said(read, later), [
    'due',
    `${nothing} the newest backup is more than two days old.`,
    'back-up',
  ])
  assert.deepEqual(said(read, later, ['verify'])[2], 'verify', 'only what this server can do')
  assert.match(
    overview({ ...read, keys: 'ff'.repeat(32) }, later).sentence,
    /^Nothing is lost, but 2 things are to do, first of all this: the newest backup/,
  )
})

test('an upgrade claims no more than it did: the new version is ready, whether it serves already or from the next start on', async (t) => {
  const here = await community(t)
  await here.does(operator, tellUpgraded, { schema: '0123456789abcdef', records: 5, milliseconds: 9 })
  const [entry] = recoveryHistory(here.ledger.cache(), undefined).entries
  assert.equal(entry?.words, 'A new version was made ready to serve')
})

test('how long a rebuild would take follows from the last one and the records', async (t) => {
  const here = await community(t)
  const segments = [
    { month: '2026-10', file: '2026/2026-10.txt', records: 4000, bytes: 1, seal: 'good' },
    { month: '2026-11', file: '2026/2026-11.txt', records: 6000, bytes: 1, seal: 'open' },
  ] as const
  assert.equal(recoveryGrowth(here.ledger.cache(), segments).estimate, null)
  const told = { why: 'asked', schema: '0123456789abcdef', records: 5000, milliseconds: 4000 }
  await here.does(schedule, tellRebuilt, told)
  const { estimate, months, rebuilds } = recoveryGrowth(here.ledger.cache(), segments)
  assert.equal(estimate, 'about 8 seconds')
  assert.deepEqual(
    months.map(({ name, value }) => [name, value]),
    [
      ['2026-10', 4000],
      ['2026-11', 6000],
    ],
  )
  assert.deepEqual(
    rebuilds.map(({ name, records, words }) => [name, records, words]),
    [['2026-11-22', 5000, '4.0 seconds']],
  )
})

test('every problem and every trouble comes with what to do', () => {
  const files = ['FORMAT', 'erasures.txt', '2026/2026-10.seal', 'letter.doc', 'months', '2026/2026-11.txt']
  const problems = [
    ...files.map((file) => ({ file, what: 'W' })),
    { file: '2026/2026-11.txt', line: 3, what: 'W' },
  ]
  const page = recoveryProblems({ ...well, problems, trouble: { why: 'full', sentence: 'S' } })
  assert.ok(page.problems.every(({ advice }) => /^[A-Z].*\.$/.test(advice)))
  assert.match(page.trouble?.advice ?? '', /Make room on the disk/)
})

const work: Work = {
  kind: 'compare',
  by: 'Ruth',
  startedAt: now,
  phase: 'reading',
  records: 120_000,
  percent: 40,
  recordsPerSecond: 230_000,
  etaSeconds: 3,
  mayEnd: true,
  isEnding: false,
  outcome: null,
}

test('work under way says its step, its rate and how long it still takes', () => {
  const { sentences, percent, mayEnd } = workNow(work)
  assert.deepEqual(sentences.slice(1), [
    'Step 1 of 2. It is reading the text. 120,000 records so far, 230,000 a second. Still about 3 seconds to go.',
  ])
  assert.deepEqual([percent, mayEnd], [40, true])
  const next = workNow({ ...work, phase: 'comparing', recordsPerSecond: null, etaSeconds: null, records: 0 })
  assert.equal(next.sentences[1], 'Step 2 of 2. It is making a fresh cache, to compare.')
  const ending = workNow({ ...work, isEnding: true })
  assert.deepEqual([ending.sentences[1], ending.mayEnd], ['It is being ended.', false])
  assert.equal(recoveryWork(null).work, null)
})

test('how work ended is said in words, for every kind of it', () => {
  const end = { at: now, seconds: 3 }
  const done = { is: 'done', records: 1, problems: 0, differing: null, unrecorded: null, ...end } as const
  for (const kind of may) {
    const model = workNow({ ...work, kind, outcome: done })
    assert.deepEqual([model.isOver, model.level, model.percent, model.mayEnd], [true, 'well', null, false])
    assert.ok(model.sentences.includes('It took 3 seconds.'))
    const failed = workNow({ ...work, kind, outcome: { is: 'failed', why: 'W', ...end } })
    assert.deepEqual([failed.level, failed.sentences], ['wrong', ['W', 'The text is as it was.']])
  }
  const found = workNow({ ...work, kind: 'compare', outcome: { ...done, problems: 1 } })
  assert.deepEqual([found.level, found.sentences[0]], ['wrong', '1 thing is not as it should be.'])
})

test('whatever is asked for, four different groups of the sheet answer it, and nothing else does', async (t) => {
  const here = await community(t)
  const hex = '0123456789abcdef'.repeat(4)
  const sheet: Sheet = { archive: 'a_0123456789abcdef', keys: [{ name: 'seal', hex }], digest: keys }
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), digits, (dice, typed) => {
      const { challenge } = recoverySheetState(here.ledger.cache(), sheet, dice)
      assert.ok(challenge)
      const { asked, places } = challenge
      assert.equal(new Set(asked.map(({ group }) => group)).size, 4)
      const right = asked.map(({ group, character }) => hex[4 * (group - 1) + character - 1]).join('')
      assert.equal(right.length, 4)
      assert.ok(isOnSheet(sheet, places, right))
      assert.equal(isOnSheet(sheet, places, typed), typed === right)
    }),
  )
})

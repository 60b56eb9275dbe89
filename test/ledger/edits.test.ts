import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { readSeal } from '../../src/archive/seal.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { type Rebuild, rebuildWith } from '../../src/ledger/rebuild.ts'
import { type EditOperations, editOperations } from '../../src/operations/edits.ts'
import { recoveryActsBefore } from '../../src/queries/recovery.ts'
import { equalsARebuild } from './examine.ts'
import { blank, type Photograph, photographed, photographOf, stagedFrom } from './photographs.ts'
import { archive, ledgerOptions, type Stage } from './stage.ts'
import { acts, secretWords } from './story.ts'

/** Two months, the first one sealed, before and after words were erased in both; nobody is at it. */
let left: Photograph = blank
let erased: Photograph = blank
test.before(async () => {
  for (const act of acts.slice(0, 2)) left = (await photographed(act, left)).end
  erased = (await photographed(acts[2] as (typeof acts)[number], left)).end
})

const backups = '/disk/site/backups'
const closed = '2025/2025-12.txt'
const open = '2026/2026-01.txt'

function staged(t: TestContext, from = left): Stage {
  const { stage, leave } = stagedFrom(from)
  t.after(leave)
  return stage
}

const read = ({ disk }: Stage, name: string, folder = archive) =>
  readWhole(disk.onlooker, join(folder, name)).toString()

function write({ disk: { onlooker } }: Stage, path: string, text: string | Buffer) {
  if (onlooker.measure(path)) onlooker.remove(path)
  onlooker.makeFolder(dirname(path))
  const file = onlooker.open(path, 'create')
  onlooker.write(file, Buffer.from(text), 0)
  onlooker.close(file)
}

/** Puts other words into a file, as an editor does. */
function edit(stage: Stage, name: string, was: string | RegExp, is: string) {
  const before = read(stage, name)
  const after = before.replace(was, is)
  assert.notEqual(after, before)
  write(stage, join(archive, name), after)
}

/** So that a power cut does not undo what the test did. */
async function toDisk({ disk: { onlooker } }: Stage, path: string) {
  const file = onlooker.open(path, 'append')
  await onlooker.sync(file)
  onlooker.close(file)
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) onlooker.syncFolder(folder)
}

const remove = ({ disk }: Stage, name: string) => disk.onlooker.remove(join(archive, name))

/** A backup as any tool makes it. */
function backUp(stage: Stage, name: string) {
  const { segments } = archiveFiles(stage.disk.onlooker, archive)
  for (const segment of segments) write(stage, join(backups, name, segment.name), read(stage, segment.name))
  return join(backups, name)
}

function operations(stage: Stage): EditOperations {
  const options = ledgerOptions(stage.disk, stage.clock, stage.folder)
  return editOperations(stage.ledger(), { ...options, backups })
}

/** Everything is in step, and the site writes. */
async function isWell(stage: Stage) {
  assert.equal(stage.ledger().trouble(), undefined)
  await perform(stage.ledger().record, issueInvite, operator, {})
  await stage.ledger().settled()
  assert.deepEqual(verifyArchive(stage.disk.onlooker, archive).problems, [])
  await equalsARebuild(stage.disk, stage.ledger())
  assert.deepEqual((await operations(stage).report()).files, [])
}

async function staysWell(stage: Stage) {
  await isWell(stage)
  await stage.closes()
  await stage.opens()
  await isWell(stage)
}

const requests = (stage: Stage) =>
  stage.ledger().cache().sqlite.prepare('select request from prayers').pluck().all().join('\n')
const historyOf = (stage: Stage) => recoveryActsBefore(stage.ledger().cache()).acts.map(({ act }) => act)

const words = 'For my sister, who travels.'
const others = 'For my brother, who sails.'
const asLong = 'For my sister, who unravel.'.slice(0, words.length)

for (const [where, name] of [
  ['a month that is over', closed],
  ['the open month', open],
] as const)
  for (const isRunning of [true, false])
    test(`words edited in ${where} ${isRunning ? 'while the site runs' : 'before it starts'} are accepted as they stand, or put back`, async (t) => {
      const was = name === closed ? words : 'In the new month already.'
      for (const way of ['accept', 'restore'] as const) {
        const stage = staged(t)
        backUp(stage, 'first')
        if (isRunning) await stage.opens()
        edit(stage, name, was, others)
        if (!isRunning) await stage.opens()
        await stage.ledger().reconcile()
        assert.ok(stage.ledger().trouble())
        await assert.rejects(perform(stage.ledger().record, issueInvite, operator, {}), {
          reason: 'read-only',
        })
        const { files } = await operations(stage).report()
        assert.deepEqual(
          files.map(({ file, isAcceptable, copy }) => [file, isAcceptable, copy]),
          [[name, true, join(backups, 'first')]],
        )
        const lines = files[0]?.differences.flatMap((one) => one.lines) ?? []
        assert.equal(lines.filter((line) => line.startsWith('-')).length, 1)
        assert.ok(lines.some((line) => line.startsWith(`+| ${others}`)))

        const done = await operations(stage)[way](operator, name)
        assert.equal(done.trouble, null)
        assert.equal(requests(stage).includes(others), way === 'accept')
        assert.equal(read(stage, name).includes(others), way === 'accept')
        assert.equal(historyOf(stage)[0], way === 'accept' ? 'accepted' : 'segment-restored')
        await staysWell(stage)
      }
    })

test('an edit that leaves length and time of a file as they were is found by reading, and both ways lead out', async (t) => {
  for (const way of ['accept', 'restore'] as const) {
    const stage = staged(t)
    backUp(stage, 'first')
    edit(stage, closed, words, asLong)
    await stage.opens()
    assert.equal(stage.ledger().trouble(), undefined, 'a start does not read the months that are over')
    assert.equal((await operations(stage).report()).files.length, 1)
    assert.equal((await operations(stage)[way](operator, closed)).trouble, null)
    await staysWell(stage)
  }
})

test('a month with an accepted edit is sealed anew: its head is the same, and the old seal is none', async (t) => {
  const stage = staged(t)
  const seal = readSeal(stage.disk.onlooker, archive, '2025-12')
  edit(stage, closed, words, others)
  await stage.opens()
  await operations(stage).accept(operator, closed)
  const anew = readSeal(stage.disk.onlooker, archive, '2025-12')
  assert.ok(seal && anew)
  assert.deepEqual(anew, { ...seal, bytes: anew.bytes, sha256: anew.sha256 })
  assert.notEqual(anew.sha256, seal.sha256)
  await stage.closes()
  edit(stage, closed, others, 'For nobody at all.')
  await stage.opens()
  assert.equal(stage.ledger().trouble()?.why, 'corrupt')
  assert.equal((await operations(stage).report()).files[0]?.isAcceptable, true)
})

test('without a backup the edited records are shown as they stand, and can only be accepted', async (t) => {
  const stage = staged(t)
  await stage.opens()
  edit(stage, closed, words, others)
  await stage.ledger().reconcile()
  const [file] = (await operations(stage).report()).files
  assert.equal(file?.copy, null)
  assert.deepEqual(
    file.differences.map(({ record }) => record),
    file.edits.map(({ record }) => record),
  )
  assert.ok(file.differences[0]?.lines.some((line) => line.startsWith(` | ${others}`)))
  await assert.rejects(operations(stage).restore(operator, closed), { reason: 'invalid' })
  await operations(stage).accept(operator, closed)
  await isWell(stage)
})

const bends: Readonly<Record<string, (text: string) => string>> = {
  'a record taken out': (text) => text.replace(/\n@4[ +][\s\S]*?\n\n/, '\n'),
  'a record twice': (text) => text.replace(/(\n@4[ +][\s\S]*?\n\n)/, '$1$1'),
  'two records the other way round': (text) =>
    text.replace(/(\n@4[ +][\s\S]*?\n\n)(@5[ +][\s\S]*?\n\n)/, '\n$2$1'),
  'a line without its margin': (text) => text.replace(`| ${words}`, `|${words}`),
  'an editor that saves with CRLF': (text) => text.replaceAll('\n', '\r\n'),
  'another last closing line': (text) => text.replace(/[0-9a-f]{64}\n\n$/, `${'0'.repeat(64)}\n\n`),
  'another time than its group has': (text) => text.replace(/(\n@4\S* \S*)7Z/, (_, header) => `${header}8Z`),
  'another head': (text) => text.replace('from 1\n', 'from 2\n'),
  'nothing in it': () => '',
  'the last groups gone': (text) => text.slice(0, text.indexOf('\n@9') + 1),
  'the last records gone': (text) => text.slice(0, text.indexOf('\n@11') + 1),
}
for (const [what, bend] of Object.entries(bends))
  test(`${what}: a month that is over cannot be accepted, and is put back`, async (t) => {
    const stage = staged(t)
    backUp(stage, 'first')
    const whole = read(stage, closed)
    await stage.opens()
    const bent = bend(whole)
    assert.notEqual(bent, whole)
    write(stage, join(archive, closed), bent)
    await stage.ledger().reconcile()
    const { files } = await operations(stage).report()
    assert.deepEqual(
      files.map(({ file, isAcceptable, copy }) => [file, isAcceptable, copy !== null]),
      [[closed, false, true]],
    )
    assert.ok(files[0]?.wrong)
    await assert.rejects(
      operations(stage).accept(operator, closed),
      /cannot be accepted|No record of .* was edited/,
    )
    const { kept } = await operations(stage).restore(operator, closed)
    assert.equal(read(stage, closed), whole)
    assert.equal(read(stage, kept ?? ''), bent)
    await staysWell(stage)
  })

test('a month that is gone is put back', async (t) => {
  const stage = staged(t)
  backUp(stage, 'first')
  const whole = read(stage, closed)
  await stage.opens()
  remove(stage, closed)
  await stage.ledger().reconcile()
  assert.equal(stage.ledger().trouble()?.why, 'disturbed')
  assert.deepEqual(
    (await operations(stage).report()).files.map(({ file, wrong }) => [file, wrong]),
    [[closed, 'line 1, record 0: the file is gone.']],
  )
  assert.deepEqual((await operations(stage).restore(operator, closed)).kept, null)
  assert.equal(read(stage, closed), whole)
  await staysWell(stage)
})

test('a closing line that was edited is accepted with the record behind it, whose chain begins there', async (t) => {
  const stage = staged(t)
  await stage.opens()
  edit(stage, closed, /(\n@4[ +][\s\S]*?\n= )[0-9a-f]{64}/, `$1${'0'.repeat(64)}`)
  const [file] = (await operations(stage).report()).files
  assert.deepEqual(
    file?.edits.map(({ record }) => record),
    [4, 5],
  )
  assert.equal((await operations(stage).accept(operator, closed)).records, 2)
  await staysWell(stage)
})

test('what no cache could be made of is not accepted, and nothing is written', async (t) => {
  const stage = staged(t)
  await stage.opens()
  edit(stage, closed, 'sees=everyone', 'sees=nobody')
  const before = read(stage, open)
  await assert.rejects(operations(stage).accept(operator, closed), /no cache can be made of it/)
  assert.equal(read(stage, open), before)
  assert.equal(stage.ledger().trouble(), undefined, 'nobody stood aside for it')
  await stage.ledger().reconcile()
  assert.equal(stage.ledger().trouble()?.why, 'disturbed')
  edit(stage, closed, 'sees=nobody', 'sees=everyone')
  assert.equal((await operations(stage).lookAgain(operator)).trouble, null)
  await isWell(stage)
})

test('of two edited months the first is mended first, and the site writes when both are', async (t) => {
  const stage = staged(t)
  backUp(stage, 'first')
  await stage.opens()
  edit(stage, closed, words, others)
  edit(stage, open, 'In the new month already.', others)
  await assert.rejects(operations(stage).accept(operator, open), /comes before it/)
  assert.ok((await operations(stage).restore(operator, closed)).trouble, 'the other one is still there')
  assert.equal((await operations(stage).accept(operator, open)).trouble, null)
  await staysWell(stage)
})

test('of two edited months that are put back one after the other the history has both, also after a restart', async (t) => {
  const stage = staged(t)
  backUp(stage, 'first')
  await stage.opens()
  edit(stage, closed, words, others)
  edit(stage, open, 'In the new month already.', others)
  assert.ok((await operations(stage).restore(operator, closed)).trouble)
  assert.ok(!historyOf(stage).includes('segment-restored'), 'nothing can be recorded yet')
  await stage.closes()
  await stage.opens()
  assert.equal((await operations(stage).restore(operator, open)).trouble, null)
  const restored = recoveryActsBefore(stage.ledger().cache()).acts.filter(
    ({ act }) => act === 'segment-restored',
  )
  assert.deepEqual(
    restored.map(({ detail, by }) => [detail, by]),
    [
      [open, 'operator'],
      [closed, 'operator'],
    ],
  )
  await operations(stage).lookAgain(operator)
  assert.equal(historyOf(stage).filter((act) => act === 'segment-restored').length, 2, 'each is told once')
  await staysWell(stage)
})

test('people go on writing while a well site looks again, and while it tries what no cache could be made of', async (t) => {
  const stage = staged(t)
  await stage.opens()
  const ledger = stage.ledger()
  let aside = 0
  const options = ledgerOptions(stage.disk, stage.clock, stage.folder)
  const watched: Ledger = {
    ...ledger,
    standAside(work) {
      aside++
      return ledger.standAside(work)
    },
  }
  const rebuild: Rebuild = async (order, watch) => {
    await perform(ledger.record, issueInvite, operator, {})
    return rebuildWith(options.disk, options.catalogue.kinds)(order, watch)
  }
  const ways = editOperations(watched, { ...options, backups, rebuild })
  assert.equal((await ways.lookAgain(operator)).trouble, null)
  assert.equal(historyOf(stage)[0], 'verified', 'the history has that every byte was read')
  edit(stage, closed, 'sees=everyone', 'sees=nobody')
  await assert.rejects(ways.accept(operator, closed), /no cache can be made of it/)
  assert.equal(aside, 0)
  edit(stage, closed, 'sees=nobody', 'sees=everyone')
  edit(stage, closed, words, others)
  assert.equal(
    (await ways.accept(operator, closed)).trouble,
    null,
    'what was written meanwhile is planned with',
  )
  assert.equal(aside, 1)
  await staysWell(stage)
})

test('an accepted edit that somebody takes back is another text again: it stops the site, and can be accepted', async (t) => {
  const stage = staged(t)
  await stage.opens()
  edit(stage, closed, words, others)
  await operations(stage).accept(operator, closed)
  edit(stage, closed, others, words)
  await stage.ledger().reconcile()
  assert.equal(stage.ledger().trouble()?.why, 'disturbed')
  assert.equal((await operations(stage).lookAgain(operator)).trouble?.why, 'corrupt')
  assert.ok(requests(stage).includes(others))
  await operations(stage).accept(operator, closed)
  assert.ok(requests(stage).includes(words))
  await staysWell(stage)
})

test('a backup from before an accepted edit does not take it back; one from afterwards has it', async (t) => {
  const stage = staged(t)
  backUp(stage, 'before')
  await stage.opens()
  edit(stage, closed, words, others)
  await operations(stage).accept(operator, closed)
  edit(stage, closed, others, 'For nobody.')
  await assert.rejects(
    operations(stage).restore(operator, closed),
    /older than the edit of record \d+, which was accepted/,
  )
  edit(stage, closed, 'For nobody.', others)
  await operations(stage).lookAgain(operator)
  backUp(stage, 'after')
  edit(stage, closed, others, 'For nobody.')
  assert.equal((await operations(stage).restore(operator, closed)).from, join(backups, 'after'))
  assert.ok(read(stage, closed).includes(others))
  await staysWell(stage)
})

test('a backup of the edited text is passed over for an older one', async (t) => {
  const stage = staged(t)
  backUp(stage, 'older')
  await stage.opens()
  edit(stage, closed, words, others)
  backUp(stage, 'newer')
  const { from } = await operations(stage).restore(operator, closed)
  assert.equal(from, join(backups, 'older'))
  await staysWell(stage)
})

test('words that were erased since the backup stay erased when a month is put back, and are not shown', async (t) => {
  const stage = staged(t, erased)
  for (const name of [closed, open]) {
    write(stage, join(backups, 'old', name), read(staged(t), name))
  }
  assert.ok(read(stage, closed, join(backups, 'old')).includes(secretWords[0] ?? ''))
  await stage.opens()
  for (const name of [closed, open]) {
    const was = name === closed ? words : 'In the new month already.'
    edit(stage, name, was, others)
    const shown = JSON.stringify((await operations(stage).report()).files)
    for (const secret of secretWords) assert.ok(!shown.includes(secret))
    await operations(stage).restore(operator, name)
    for (const secret of secretWords) assert.ok(!read(stage, name).includes(secret), name)
    await staysWell(stage)
  }
})

test('the open month is put back from a backup that is shorter, with everything that was written since', async (t) => {
  const stage = staged(t)
  await stage.opens()
  backUp(stage, 'first')
  for (let more = 0; more < 3; more++) await perform(stage.ledger().record, issueInvite, operator, {})
  const { sequence, hash } = stage.ledger().head()
  edit(stage, open, 'In the new month already.', others)
  await operations(stage).restore(operator, open)
  assert.ok(stage.ledger().head().sequence > sequence)
  assert.ok(read(stage, open).includes(hash))
  await staysWell(stage)
})

test('a backup that lacks what was acknowledged since, and is nowhere else, is not put in its place', async (t) => {
  const stage = staged(t)
  await stage.opens()
  backUp(stage, 'first')
  await perform(stage.ledger().record, issueInvite, operator, {})
  const { sequence } = stage.ledger().head()
  edit(stage, open, 'In the new month already.', others)
  edit(stage, open, new RegExp(`\n@${sequence} [\\s\\S]*$`), '\n')
  await assert.rejects(
    operations(stage).restore(operator, open),
    new RegExp(`Record ${sequence} was acknowledged`),
  )
  edit(stage, closed, words, others)
  await assert.rejects(
    operations(stage).accept(operator, closed),
    new RegExp(`Record ${sequence} was acknowledged`),
  )
  assert.ok(stage.ledger().trouble())
})

test('what is saved while the open month is put back, or an edit in it accepted, stays', async (t) => {
  for (const way of ['accept', 'restore'] as const) {
    const stage = staged(t)
    backUp(stage, 'first')
    edit(stage, open, 'In the new month', 'In the old month')
    await stage.opens()
    assert.equal(stage.ledger().trouble(), undefined, 'nobody has noticed yet')
    const { sequence } = stage.ledger().head()
    let saved = 0
    let isDone = false
    const saving = (async () => {
      for (; !isDone; saved++) await perform(stage.ledger().record, issueInvite, operator, {})
    })()
    await operations(stage)[way](operator, open)
    isDone = true
    await saving
    assert.ok(saved > 0)
    assert.equal(stage.ledger().head().sequence, sequence + saved + 1)
    await staysWell(stage)
  }
})

test('only admins and operators mend', async (t) => {
  const stage = staged(t)
  await stage.opens()
  edit(stage, closed, words, others)
  for (const work of ['accept', 'restore', 'lookAgain'] as const)
    await assert.rejects(operations(stage)[work](visitor, closed), { reason: 'sign-in' })
  assert.ok(read(stage, closed).includes(others))
})

for (const way of ['accept', 'restore'] as const)
  test(`wherever the process stops while it is to ${way}, the next start is well or asks again, and nothing is lost`, async (t) => {
    const stops: Photograph[] = []
    const { stage, leave } = stagedFrom(left, {
      before: ({ name }, number, stage) => {
        if (stops[0]) stops.push(photographOf(stage, `call ${number}, ${name}`, stops.at(-1)))
      },
    })
    for (const name of [closed, open]) await toDisk(stage, join(backUp(stage, 'first'), name))
    await stage.opens()
    edit(stage, closed, words, others)
    await toDisk(stage, join(archive, closed))
    stops.push(photographOf(stage, 'before'))
    await operations(stage)[way](operator, closed)
    await leave()
    let asked = 0
    const step = Math.max(1, Math.floor(stops.length / 60))
    for (const [index, stop] of stops.entries()) {
      if (index % step > 0) continue
      for (const loss of ['killed', 'dropped'] as const) {
        const { stage: after, leave: gone } = stagedFrom(stop, { loss })
        try {
          await after.opens()
          if (after.ledger().trouble()) {
            asked++
            await operations(after)[way](operator, closed)
          }
          assert.equal(read(after, closed).includes(others), way === 'accept')
          assert.equal(requests(after).includes(others), way === 'accept')
          await isWell(after)
        } catch (cause) {
          throw new Error(
            `after a stop at ${stop.at}, ${loss}: ${cause instanceof Error ? cause.message : cause}`,
            { cause },
          )
        } finally {
          await gone()
        }
      }
    }
    t.diagnostic(`${stops.length} stops, ${asked} of them asked again`)
    assert.ok(stops.length > 40 && asked > 5)
  })

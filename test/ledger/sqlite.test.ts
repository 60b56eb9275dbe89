import assert from 'node:assert/strict'
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { archiveFiles } from '../../src/archive/files.ts'
import { currentCache } from '../../src/cache/generations.ts'
import { type Command, perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { markPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { type Actor, operator, visitor } from '../../src/kernel/actor.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { keyOf } from '../../src/kernel/stamp.ts'
import type { Decided } from '../../src/ledger/rehearse.ts'
import { isWell, startsWell } from './examine.ts'
import { blank, type Photograph, photographed, photographOf, stagedFrom } from './photographs.ts'
import { archive, type Stage } from './stage.ts'
import { acts, secretWords } from './story.ts'

let afterTheFirstDays: Photograph = blank
test.before(async () => {
  const [firstDays] = acts
  if (firstDays) afterTheFirstDays = (await photographed(firstDays, blank)).end
})

async function openStage(t: TestContext, from = afterTheFirstDays): Promise<Stage> {
  const { stage, leave } = stagedFrom(from)
  t.after(leave)
  await stage.opens()
  return stage
}

/** Has the write connection do something of its own; nothing is recorded. */
const withWriteConnection = <Result>(stage: Stage, work: (sqlite: Database.Database) => Result) =>
  stage.ledger().record(({ sqlite }): Decided<Result> => ({ drafts: [], result: work(sqlite) }))

/** Another process at the same cache. */
function stranger(t: TestContext, stage: Stage) {
  const path = currentCache(stage.folder, stage.ledger().schemaHash)
  assert.ok(path)
  const sqlite = new Database(path)
  t.after(() => sqlite.close())
  return sqlite
}

test('a cache that is full refuses what it cannot rehearse, whole, and takes the next as soon as there is room', async (t) => {
  const stage = await openStage(t)
  const outcomes = { saved: 0, refused: 0 }
  for (let room = 0; room < 24; room++) {
    stage.clock.moment = new Date(Date.parse(stage.clock.moment) + 120_000).toISOString()
    const writes = await withWriteConnection(stage, (sqlite) => {
      const pages = sqlite.pragma('page_count', { simple: true }) as number
      sqlite.pragma(`max_page_count = ${pages + (room % 8)}`)
      return sqlite
    })
    const asked = [
      marks(stage, 'Ruth', room),
      posts(stage, 'Daniel', 'Long words. '.repeat(400), room),
      marks(stage, 'Mary', room),
      posts(stage, 'Ruth', 'More of them. '.repeat(300), room),
    ]
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'rejected') assertRefused(outcome.reason)
      outcomes[outcome.status === 'fulfilled' ? 'saved' : 'refused']++
    }
    // Not by a command: a cache that could not even take what was appended lets none through. The full text index writes
    // what it has gathered when it is committed, and finds no room only then.
    writes.pragma('max_page_count = 1000000')
    const invite = await stage.does(operator, issueInvite, {})
    assert.ok(invite, 'there is room again')
    assert.equal(stage.ledger().trouble(), undefined)
    await isWell(stage)
  }
  t.diagnostic(JSON.stringify(outcomes))
  assert.ok(outcomes.saved > 10 && outcomes.refused > 10, JSON.stringify(outcomes))
})

test('while somebody else holds the cache nothing is saved, and afterwards writes go on by themselves', async (t) => {
  const stage = await openStage(t)
  const other = stranger(t, stage)
  await withWriteConnection(stage, (sqlite) => sqlite.pragma('busy_timeout = 20'))
  other.exec('begin immediate')
  await assert.rejects(saves(stage, operator, issueInvite, {}), { reason: 'read-only' })
  assert.equal(stage.ledger().trouble()?.why, 'full')
  other.exec('rollback')
  await saves(stage, operator, issueInvite, {})
  assert.equal(stage.ledger().trouble(), undefined)
  await isWell(stage)
})

const spoils = {
  'half of its rows': {
    trigger: (key: string) => `after insert on keys when new.key = '${key}'`,
    words: ['Behind it.', 'In front of it.'],
    refused: ['Daniel'],
  },
  'what it counts': {
    trigger: () => 'before insert on prayer_counts when new.times > 0',
    words: ['Behind it.', 'By half.', 'In front of it.'],
    refused: ['Mary'],
  },
}

for (const [what, { trigger, words, refused }] of Object.entries(spoils))
  test(`a command of which ${what} cannot be written undoes only itself, wherever it stands in a batch`, async (t) => {
    const stage = await openStage(t)
    const key = keyOf(stage.cast.members.Daniel?.member ?? '', 'Daniel 1')
    stranger(t, stage).exec(`create trigger spoil ${trigger(key)} begin select raise(abort, 'spoilt'); end`)
    const before = syncs(stage)
    const asked = {
      Ruth: posts(stage, 'Ruth', 'In front of it.', 1),
      Mary: marks(stage, 'Mary', 1),
      Daniel: posts(stage, 'Daniel', 'By half.', 1),
      nobody: saves(stage, visitor, issueInvite, {}),
      'Ruth again': posts(stage, 'Ruth', 'Behind it.', 2),
    }
    const outcomes = await Promise.allSettled(Object.values(asked))
    const refusedFor = (reason: RegExp) =>
      Object.keys(asked).filter((_, place) => {
        const outcome = outcomes[place]
        return outcome?.status === 'rejected' && reason.test(String(outcome.reason))
      })
    assert.equal(syncs(stage) - before, 1, 'they were one batch')
    assert.deepEqual(refusedFor(/spoilt/), refused)
    assert.deepEqual(refusedFor(/Sign in/), ['nobody'])
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3)
    assert.equal(stage.ledger().trouble(), undefined)
    assert.deepEqual(newestWords(stage, words.length), words)
    await isWell(stage)
  })

const syncs = ({ disk }: Stage) => disk.calls.filter(({ name }) => name === 'sync').length

test('what is in the archive when the commit fails is answered as saved, and the cache learns it from the text', async (t) => {
  const stage = await openStage(t)
  const other = stranger(t, stage)
  other.exec('create table things (id integer primary key)')
  other.exec('create table dangling (thing references things (id) deferrable initially deferred)')
  const spoilt = stage.ledger().record(({ sqlite }): Decided<void> => {
    assert.equal(sqlite.pragma('foreign_keys', { simple: true }), 1, 'a dangling row fails the commit')
    sqlite.exec('insert into dangling values (1)')
    return { drafts: [], result: undefined }
  })
  await Promise.all([spoilt, posts(stage, 'Ruth', 'Said all the same.', 1), marks(stage, 'Daniel', 1)])
  assert.equal(other.prepare('select count(*) from dangling').pluck().get(), 0, 'the commit failed')
  assert.equal(stage.ledger().trouble(), undefined)
  assert.deepEqual(newestWords(stage, 1), ['Said all the same.'])
  await isWell(stage)
  await stage.closes()
  await startsWell(stage)
})

for (const mended of ['by itself', 'by a rebuild', 'by a restart'])
  test(`a cache that cannot follow the archive stops the writes until it can, ${mended}`, async (t) => {
    const stage = await openStage(t)
    const other = stranger(t, stage)
    other.exec('create table things (id integer primary key)')
    other.exec('create table dangling (thing references things (id) deferrable initially deferred)')
    other.exec('create trigger spoil after insert on prayers begin insert into dangling values (1); end')
    const posted = await posts(stage, 'Ruth', 'Said in spite of everything.', 1)
    assert.ok(posted, 'the record exists, so it was saved')
    assert.equal(stage.entries.at(-1)?.outcome, 'saved')
    assert.equal(stage.ledger().trouble()?.why, 'cache')
    await assert.rejects(saves(stage, operator, issueInvite, {}), { reason: 'read-only' })
    const left = photographOf(stage, 'the end')
    if (mended === 'by a restart') return startsWell(await staged(t, left))
    if (mended === 'by a rebuild') await stage.ledger().rebuild()
    else other.exec('drop trigger spoil')
    await within(20_000, () => stage.ledger().trouble() === undefined)
    await saves(stage, operator, issueInvite, {})
    assert.equal(posted.prayer, newestPrayer(stage))
    await isWell(stage)
  })

test('a cache that has to follow and finds the text bent stops the writes for good', async (t) => {
  const stage = await openStage(t)
  const other = stranger(t, stage)
  other.exec('create table things (id integer primary key)')
  other.exec('create table dangling (thing references things (id) deferrable initially deferred)')
  other.exec('create trigger spoil after insert on prayers begin insert into dangling values (1); end')
  await posts(stage, 'Ruth', 'Said in spite of everything.', 1)
  assert.equal(stage.ledger().trouble()?.why, 'cache')
  cutBack(stage, 20)
  other.exec('drop trigger spoil')
  await within(20_000, () => stage.ledger().trouble()?.why === 'corrupt')
  assert.match(stage.ledger().trouble()?.sentence ?? '', /2025-12\.txt, line \d+, record \d+: /)
})

/** Takes so many bytes from the end of the first month. */
function cutBack({ disk: { onlooker } }: Stage, count: number) {
  const path = join(archive, archiveFiles(onlooker, archive).segments[0]?.name ?? '')
  const file = onlooker.open(path, 'append')
  onlooker.truncate(file, onlooker.measureOpen(file).size - count)
  onlooker.close(file)
}

test('a query that runs into a damaged page brings a new cache, and the damaged file is kept beside it', async (t) => {
  const stage = await openStage(t)
  const before = newestPrayer(stage)
  const path = await damages(t, stage)
  const { ledger } = stage
  const error = thrownBy(() => newestPrayer(stage))
  assert.equal(ledger().isMending(new Error('something else')), false)
  assert.equal(ledger().isMending(error), true)
  assert.equal(ledger().trouble()?.why, 'damaged')
  await saves(stage, operator, issueInvite, {})
  assert.equal(ledger().trouble(), undefined, 'a write waits for it')
  assert.equal(newestPrayer(stage), before)
  assert.notEqual(currentCache(stage.folder, ledger().schemaHash), path)
  assert.ok(existsSync(`${path}.damaged`))
  assert.ok(!existsSync(path))
  await isWell(stage)
})

test('a rebuild by hand replaces a damaged cache that nobody ran into yet', async (t) => {
  const stage = await openStage(t)
  const before = newestPrayer(stage)
  await damages(t, stage)
  const { differing } = await stage.ledger().rebuild()
  assert.deepEqual(differing, ['prayers'])
  assert.equal(stage.ledger().trouble(), undefined)
  assert.equal(newestPrayer(stage), before)
  await isWell(stage)
})

test('a rebuild by hand that cannot ask the damaged cache what it was made of has a new one made all the same', async (t) => {
  const stage = await openStage(t)
  const path = await damages(t, stage, 'accepted_records')
  await assert.rejects(
    stage.ledger().rebuild(),
    /^Error: Pages of the cache are damaged; a new one is being made/,
  )
  await within(20_000, () => stage.ledger().trouble() === undefined)
  assert.ok(existsSync(`${path}.damaged`))
  await isWell(stage)
})

test('a write that runs into a damaged page is refused, and a later one is saved in the new cache', async (t) => {
  const stage = await openStage(t)
  await damages(t, stage)
  await assert.rejects(posts(stage, 'Ruth', 'Perhaps not.', 1), { reason: 'read-only' })
  assert.equal(stage.ledger().trouble()?.why, 'damaged')
  await within(20_000, () => stage.ledger().trouble() === undefined)
  const posted = await posts(stage, 'Ruth', 'Now it is.', 2)
  assert.equal(posted.prayer, newestPrayer(stage))
  await isWell(stage)
  await stage.closes()
  await startsWell(stage)
})

test('no new cache for a damaged one is made of an archive that does not verify', async (t) => {
  const stage = await openStage(t)
  await damages(t, stage)
  cutBack(stage, 1000)
  assert.equal(stage.ledger().isMending(thrownBy(() => newestPrayer(stage))), true)
  await within(20_000, () => stage.ledger().trouble()?.why === 'corrupt')
  assert.equal(stage.ledger().isMending(thrownBy(() => newestPrayer(stage))), false, 'waiting does not help')
})

for (const table of ['cursors', 'erasures'])
  test(`a start that finds damaged pages in ${table} goes well`, async (t) => {
    const stage = await openStage(t)
    const path = await damages(t, stage, table)
    await stage.closes()
    await startsWell(stage)
    assert.match(stage.ledger().reports.join('\n'), /damaged, and was set aside as .+\n.+made anew/)
    assert.ok(existsSync(`${path}.damaged`))
  })

test('words that are erased leave the damaged cache that was set aside, too', async (t) => {
  const stage = await openStage(t)
  const path = await damages(t, stage, 'members')
  stage
    .ledger()
    .isMending(thrownBy(() => stage.ledger().cache().sqlite.prepare('select * from members').all()))
  await within(20_000, () => stage.ledger().trouble() === undefined)
  assert.ok(readFileSync(`${path}.damaged`).includes(secretWords[0] ?? ''))
  await stage.erases(stage.cast.prayers[0] ?? '')
  await stage.ledger().settled()
  assert.ok(!existsSync(`${path}.damaged`))
  await isWell(stage)
})

/** Overwrites a table of the cache in its file, and has everybody forget what they know of it. Answers the file. */
async function damages(t: TestContext, stage: Stage, table = 'prayers') {
  const other = stranger(t, stage)
  const path = other.name
  other.pragma('wal_checkpoint(truncate)')
  const page = other.prepare('select rootpage from sqlite_master where name = ?').pluck().get(table) as number
  const size = other.pragma('page_size', { simple: true }) as number
  other.close()
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(size, 7), 0, size, (page - 1) * size)
  closeSync(file)
  stage.ledger().cache().sqlite.pragma('shrink_memory')
  await withWriteConnection(stage, (sqlite) => sqlite.pragma('shrink_memory'))
  return path
}

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

async function within(milliseconds: number, isSo: () => boolean) {
  const until = performance.now() + milliseconds
  while (!isSo()) {
    assert.ok(performance.now() < until, `within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const newestPrayer = ({ ledger }: Stage) =>
  ledger().cache().sqlite.prepare('select id from prayers order by sequence desc').pluck().get()

async function staged(t: TestContext, from: Photograph) {
  const { stage, leave } = stagedFrom(from)
  t.after(leave)
  return stage
}

const saves = <Who extends Actor, Input, Result>(
  stage: Stage,
  actor: Actor,
  command: Command<Who, Input, Result>,
  raw: unknown,
) => perform(stage.record, command, actor, raw)

const posts = (stage: Stage, name: string, request: string, round: number) =>
  saves(stage, stage.cast.members[name] ?? visitor, postPrayer, { request, key: `${name} ${round}` })

const marks = (stage: Stage, name: string, round: number) =>
  saves(stage, stage.cast.members[name] ?? visitor, markPrayer, {
    prayer: stage.cast.prayers[1],
    key: `mark ${name} ${round}`,
  })

const newestWords = (stage: Stage, count: number) =>
  stage
    .ledger()
    .cache()
    .sqlite.prepare('select request from prayers order by sequence desc limit ?')
    .pluck()
    .all(count)

function assertRefused(error: unknown) {
  assert.ok(error instanceof Refusal && error.reason === 'read-only', String(error))
}

import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { currentCache } from '../../src/cache/generations.ts'
import { type Command, perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { markPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { type Actor, operator, visitor } from '../../src/kernel/actor.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { keyOf } from '../../src/kernel/stamp.ts'
import type { Decided } from '../../src/ledger/batch.ts'
import { isWell, startsWell } from './examine.ts'
import { blank, type Photograph, photographed, photographOf, stagedFrom } from './photographs.ts'
import type { Stage } from './stage.ts'
import { acts } from './story.ts'

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
    await withWriteConnection(stage, (sqlite) => {
      const pages = sqlite.pragma('page_count', { simple: true }) as number
      sqlite.pragma(`max_page_count = ${pages + (room % 8)}`)
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
    await withWriteConnection(stage, (sqlite) => sqlite.pragma('max_page_count = 1000000')).catch(
      assertRefused,
    )
    const invite = await stage.does(operator, issueInvite, {})
    assert.ok(invite, 'there is room again')
    assert.equal(stage.ledger().trouble(), undefined)
    await isWell(stage)
    stage.clock.moment = new Date(Date.parse(stage.clock.moment) + 120_000).toISOString()
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
    trigger: () => 'before insert on prayer_counts',
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

test('a cache that cannot follow the archive at all stops the writes, and a restart brings it up to date', async (t) => {
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
  await startsWell(await staged(t, left))
})

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

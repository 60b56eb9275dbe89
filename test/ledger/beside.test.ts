import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { archiveFiles } from '../../src/archive/files.ts'
import { readGroups } from '../../src/archive/read.ts'
import { buildingFile, currentCache, reserveCache } from '../../src/cache/generations.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../../src/ledger/ledger.ts'
import { prepareCache } from '../../src/ledger/prepare.ts'
import { type Rebuild, type RebuildOrder, rebuildWith } from '../../src/ledger/rebuild.ts'
import { rebuildBeside } from '../../src/rebuild-beside.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { configOf, empty, seeded } from '../tools/backup.ts'

const hanging = new URL('./hanging-thread.ts', import.meta.url)

function order(t: TestContext, archive = 'nowhere'): RebuildOrder {
  const cache = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(cache, { recursive: true }))
  return { archive, path: reserveCache(cache, '0123456789abcdef'), now: momentOf(world.now()) }
}

const impatient = () => rebuildBeside({ entry: hanging, patience: 3000 })

for (const phase of ['reading', 'catching up', 'checking'])
  test(`a thread that stays with one record while it is ${phase} is ended, and the error names the record`, async (t) => {
    const wanted = order(t, phase)
    await assert.rejects(impatient()(wanted, {}), { message: 'The rebuild does not get past record 4711.' })
    assert.equal(existsSync(buildingFile(wanted.path)), false)
  })

test('a thread that has no record in hand may take its time', async (t) => {
  await assert.rejects(impatient()(order(t, 'indexing'), {}), {
    message: 'It was slow, and not told to end.',
  })
})

test('a version that is prepared hangs as little: it ends with the record, and leaves nothing', async (t) => {
  const options = { ...ledgerOptions(configOf(await seeded(t))), schemaHash: '0123456789abcdef' }
  const rebuild: Rebuild = (order, watch) => impatient()({ ...order, archive: 'checking' }, watch)
  const before = readdirSync(options.cache)
  await assert.rejects(
    prepareCache({ ...options, rebuild }, {}),
    /^Error: .+ does not get past record 4711\.$/,
  )
  assert.deepEqual(readdirSync(options.cache), before)
})

test('every record is told of as it is taken in hand and let go, also those that are written meanwhile', async (t) => {
  const here = await seeded(t)
  const { disk, source, catalogue, archive, cache } = ledgerOptions(configOf(here))
  const last = join(archive, archiveFiles(disk, archive).segments.at(-1)?.name ?? '')
  const whole = readFileSync(last)
  const half = whole.indexOf('\n\n@', whole.length / 2) + 2
  const wanted = { archive, path: reserveCache(cache, '0123456789abcdef'), now: momentOf(source.now()) }
  const told: number[] = []
  const groups = [...readGroups(disk, archive)]
  // Somebody writes while the first half is indexed.
  const isGroup = groups.some(({ end }) => end.offset === half && last.includes(end.month))
  truncateSync(last, isGroup ? half : (groups.at(-2)?.end.offset ?? 0))
  const made = await rebuildWith(disk, catalogue.kinds)(wanted, {
    onRecord: (sequence) => told.push(sequence),
    onProgress: ({ phase }) => phase === 'indexing' && writeFileSync(last, whole),
  })
  assert.ok(made.records < made.safe.sequence, 'some were caught up with')
  const all = Array.from({ length: made.safe.sequence }, (_, index) => index + 1)
  assert.deepEqual(
    told,
    all.flatMap((sequence) => [sequence, -sequence]),
  )
})

/** Empty, and the cache is made in a thread whenever one is needed. */
async function opened(t: TestContext, given: Partial<LedgerOptions> = {}): Promise<[Ledger, string]> {
  const here = await empty(t)
  const ledger = await openLedger({ ...ledgerOptions(configOf(here)), rebuild: rebuildBeside(), ...given })
  t.after(() => ledger.close())
  return [ledger, here.cache]
}

const invite = (ledger: Ledger) => perform(ledger.record, issueInvite, operator, {})
const invitesIn = (ledger: Ledger) =>
  ledger.cache().sqlite.prepare('select count(*) from invites').pluck().get()

test('rebuilds that are asked for at once come one after the other, and each ends well', async (t) => {
  const [ledger, cache] = await opened(t)
  await invite(ledger)
  const made = await Promise.all([ledger.rebuild(), ledger.rebuild(), ledger.rebuild()])
  assert.equal(new Set(made.map(({ path }) => path)).size, 3)
  assert.equal(made.at(-1)?.path, currentCache(cache, ledger.schemaHash))
  assert.equal(invitesIn(ledger), 1)
  await invite(ledger)
  assert.equal(invitesIn(ledger), 2)
})

test('a rebuild that waits for another may be called off at once', async (t) => {
  const [ledger] = await opened(t)
  let isDone = false
  const first = ledger.rebuild().then(() => {
    isDone = true
  })
  const calling = new AbortController()
  const waiting = ledger.rebuild({ signal: calling.signal })
  const last = ledger.rebuild()
  calling.abort(new Error('called off'))
  await assert.rejects(waiting, /called off/)
  assert.equal(isDone, false, 'nobody waits for the first one')
  await Promise.all([first, last])
})

test('an old cache that cannot be removed keeps no rebuild from ending well, and somebody is told', async (t) => {
  const told: Error[] = []
  const [ledger, cache] = await opened(t, { onDefect: (error) => told.push(error) })
  // No file, so it cannot be removed as one.
  mkdirSync(join(cache, 'fedcba9876543210-1.sqlite'))
  const { path } = await ledger.rebuild()
  assert.equal(path, currentCache(cache, ledger.schemaHash))
  assert.match(String(told), /^Error: The new cache serves, and an old one could not be removed: /)
})

test('a rebuild that is called off leaves no file', async (t) => {
  const { archive } = await seeded(t, 20_000)
  const wanted = order(t, archive)
  const calling = new AbortController()
  const reason = new Error('called off')
  let isUnderWay = false
  const rebuilding = rebuildBeside()(wanted, {
    signal: calling.signal,
    onProgress() {
      isUnderWay ||= existsSync(buildingFile(wanted.path))
      calling.abort(reason)
    },
  })
  await assert.rejects(rebuilding, (error) => error === reason)
  assert.ok(isUnderWay, 'it was making the file')
  assert.deepEqual(readdirSync(join(wanted.path, '..')), [])

  const late = order(t, archive)
  await assert.rejects(rebuildBeside()(late, { signal: calling.signal }), (error) => error === reason)
  assert.deepEqual(readdirSync(join(late.path, '..')), [], 'nor what was reserved')
})

test('where threads have a priority, the one that makes a cache goes behind whoever serves', {
  skip: process.platform === 'linux' ? false : 'only Linux has a priority for each thread',
}, async (t) => {
  const { archive } = await seeded(t, 20_000)
  const seen = new Set<number>()
  assert.deepEqual([...new Set(niceness())], [0], 'before')
  await rebuildBeside()(order(t, archive), {
    onProgress: () => {
      for (const nice of niceness()) seen.add(nice)
    },
  })
  assert.deepEqual([...seen].sort(), [0, 10])
  assert.equal(niceness().at(0), 0, 'this thread is as it was')
})

/** Of each thread of this process, this one first: the 19th field, the 17th behind the name, which may hold blanks. */
const niceness = () =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  })

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import test, { type TestContext } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { catalogue } from '../../src/catalogue.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { millisecondsOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { followArchive } from '../../src/ledger/follow.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { statusReport } from '../../src/reports/status.ts'
import { verifyReport } from '../../src/reports/verify.ts'

interface Place {
  readonly archive: string
  readonly secrets: string
  /** A folder for a cache. */
  cache(name: string): string
  /** The clock of the ledgers in this process. */
  setClock(moment: string): void
  open(cache?: string): Promise<Ledger>
  spawn(cache?: string): Promise<SecondProcess>
}

interface SecondProcess {
  readonly started: { readonly trouble: string | null; readonly reports: readonly string[] }
  asks(question: 'write' | 'invites' | 'trouble' | 'close'): Promise<unknown>
  kill(): Promise<void>
}

function place(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  const ending: (() => Promise<unknown>)[] = []
  t.after(async () => {
    for (const end of ending.reverse()) await end()
    rmSync(folder, { recursive: true })
  })
  const archive = join(folder, 'archives')
  const secrets = join(folder, 'secrets')
  const cache = (name: string) => join(folder, name)
  let offset = 0
  const source = { ...world, now: () => world.now() + offset }
  return {
    archive,
    secrets,
    cache,
    setClock(moment) {
      offset = millisecondsOf(moment) - world.now()
    },
    async open(name = 'cache') {
      const options = {
        disk: realDisk,
        source,
        archive,
        cache: cache(name),
        secrets,
        catalogue,
        isReadOnly: false,
      }
      const ledger = await openLedger(options)
      let isOpen = true
      const close = ledger.close
      ending.push(async () => isOpen && (await close()))
      return {
        ...ledger,
        close() {
          isOpen = false
          return close()
        },
      }
    },
    async spawn(name = 'cache') {
      const program = join(import.meta.dirname, 'second-process.ts')
      const child = spawn(process.execPath, [program, archive, cache(name), secrets], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      ending.push(() => killed(child))
      const lines = createInterface({ input: child.stdout })
      const started = (await nextLine(lines, child)) as SecondProcess['started']
      return {
        started,
        asks(question) {
          child.stdin.write(`${question}\n`)
          return nextLine(lines, child)
        },
        kill: () => killed(child),
      }
    },
  }
}

function nextLine(lines: Interface, child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the second process ended with ${code}`))
    child.once('exit', ended)
    lines.once('line', (line) => {
      child.off('exit', ended)
      resolve(JSON.parse(line))
    })
  })
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

const invite = (ledger: Ledger) => perform(ledger.record, issueInvite, operator, {})

/** Within so many milliseconds, or the last thing that was wrong. */
async function soon(within: number, isSo: () => Promise<boolean> | boolean, what: string) {
  const until = performance.now() + within
  while (!(await isSo())) {
    assert.ok(performance.now() < until, `${what}, within ${within} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a second process at the same archive does not write', async (t) => {
  const here = place(t)
  const first = await here.open()
  await invite(first)
  for (const cache of ['cache', 'another cache']) {
    const second = await here.spawn(cache)
    assert.equal(second.started.trouble, 'elsewhere')
    assert.equal(await second.asks('write'), 'read-only')
    assert.equal(await second.asks('invites'), 1, 'it shows what is there')
    await second.kill()
  }
})

test('it does not write either after the first one has read the whole folder, as a backup does', async (t) => {
  const here = place(t)
  const first = await here.open()
  await invite(first)
  const { segments } = archiveFiles(realDisk, here.archive)
  for (const { name } of segments) {
    assert.ok(readWhole(realDisk, join(here.archive, name)).length > 0)
    copyFileSync(join(here.archive, name), join(here.archive, '..', 'copy'))
  }
  const folders = {
    disk: realDisk,
    source: world,
    archive: here.archive,
    cache: here.cache('cache'),
    secrets: here.secrets,
    catalogue,
  }
  assert.ok((await verifyReport(folders, true)).ok)
  assert.ok(statusReport(folders, { running: true, trouble: null }).archive.healthy)
  await first.rebuild()
  await first.reconcile()

  const second = await here.spawn('another cache')
  assert.equal(second.started.trouble, 'elsewhere')
  assert.equal(await second.asks('write'), 'read-only')
  await invite(first)
  assert.equal(first.trouble(), undefined)
})

test('a process that was killed lets the next one write', async (t) => {
  const here = place(t)
  const first = await here.spawn()
  assert.equal(first.started.trouble, null)
  assert.equal(await first.asks('write'), 'saved')
  await first.kill()
  const second = await here.open()
  assert.equal(second.trouble(), undefined)
  await invite(second)
  assert.equal(second.cache().sqlite.prepare('select count(*) from invites').pluck().get(), 2)
})

test('a second process with a cache of its own shows within a second what the first one wrote', async (t) => {
  const here = place(t)
  const first = await here.open()
  const second = await here.spawn('another cache')
  for (let count = 1; count <= 5; count++) {
    await invite(first)
    await soon(1000, async () => (await second.asks('invites')) === count, `it shows invite ${count}`)
  }
  await first.rebuild()
  await invite(first)
  await soon(
    1000,
    async () => (await second.asks('invites')) === 6,
    'it goes on after a rebuild of the first',
  )
  assert.equal(await second.asks('trouble'), 'elsewhere')
})

test('a reader of the same cache shows what the first one wrote, also after a rebuild', async (t) => {
  const here = place(t)
  const first = await here.open()
  const second = await here.spawn()
  await invite(first)
  assert.equal(await second.asks('invites'), 1)
  await first.rebuild()
  await invite(first)
  await soon(1000, async () => (await second.asks('invites')) === 2, 'it changed over to the new cache')
})

test('a hundred quick writes of its own do not alarm the one who writes', async (t) => {
  const here = place(t)
  const first = await here.open()
  const following = followArchive(first, (error) => assert.fail(String(error)))
  t.after(() => following.close())
  for (let count = 0; count < 100; count++) {
    await invite(first)
    if (count % 10 === 0) await first.reconcile()
  }
  await new Promise((resolve) => setTimeout(resolve, 400))
  await first.reconcile()
  assert.equal(first.trouble(), undefined)
})

const openMonth = (here: Place) => {
  const name = archiveFiles(realDisk, here.archive).segments.at(-1)?.name
  assert.ok(name)
  return join(here.archive, name)
}

const disturbances: Readonly<Record<string, (here: Place) => void>> = {
  'bytes at the end of the open month': (here) => appendFileSync(openMonth(here), '\n'),
  'a record at the end that nobody here wrote': (here) =>
    appendFileSync(openMonth(here), readFileSync(openMonth(here)).subarray(-300)),
  'an editor that puts another file in its place': (here) => {
    const path = openMonth(here)
    writeFileSync(`${path}~`, readFileSync(path))
    renameSync(`${path}~`, path)
  },
  'an editor that writes into it and leaves its length': (here) => {
    const path = openMonth(here)
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.toString('latin1').replace('operator', 'operat0r'), 'latin1')
    utimesSync(path, new Date(), new Date())
  },
  'the open month taken away': (here) => renameSync(openMonth(here), join(here.archive, '..', 'away')),
  'sed -i on a month that is over': (here) => {
    const path = join(here.archive, archiveFiles(realDisk, here.archive).segments[0]?.name ?? '')
    writeFileSync(`${path}.sed`, readFileSync(path))
    renameSync(`${path}.sed`, path)
  },
  'a month that is over taken away': (here) =>
    rmSync(join(here.archive, archiveFiles(realDisk, here.archive).segments[0]?.name ?? '')),
}

for (const [what, disturb] of Object.entries(disturbances))
  test(`${what}: the one who writes stops, and says why`, async (t) => {
    const here = place(t)
    here.setClock('2026-11-30T12:00:00.000Z')
    const first = await here.open()
    await invite(first)
    here.setClock('2026-12-01T12:00:00.000Z')
    await invite(first)
    await first.settled()
    const following = followArchive(first, (error) => assert.fail(String(error)))
    t.after(() => following.close())
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.equal(first.trouble(), undefined)

    disturb(here)
    const left = textOf(here)
    await soon(1500, () => first.trouble()?.why === 'disturbed', 'it is noticed')
    assert.match(first.trouble()?.sentence ?? '', /2026-1[12]\.txt/)
    await assert.rejects(invite(first), { reason: 'read-only' })
    assert.deepEqual(textOf(here), left, 'nothing was written over it')
  })

test('foreign bytes stop the next write also when nobody was told of them', async (t) => {
  const here = place(t)
  const first = await here.open()
  await invite(first)
  appendFileSync(openMonth(here), '\n')
  await assert.rejects(invite(first), { reason: 'read-only' })
  assert.equal(first.trouble()?.why, 'disturbed')
})

const textOf = (here: Place) =>
  archiveFiles(realDisk, here.archive).segments.map(({ name }) =>
    readFileSync(join(here.archive, name), 'latin1'),
  )

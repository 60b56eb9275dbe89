import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { suite, type TestContext } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { seedArchive } from '../../src/cli/seed.ts'
import { perform } from '../../src/commands/command.ts'
import { tellBackedUp, tellVerified } from '../../src/commands/recovery.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { operator } from '../../src/kernel/actor.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { trouble } from '../../src/ledger/standing.ts'
import { checkBackup, checkVerification } from '../../src/reports/checks/acts.ts'
import { checkServer, lockHolder } from '../../src/reports/checks/server.ts'
import { checkNode, checkSettings } from '../../src/reports/checks/settings.ts'
import { doctorReport } from '../../src/reports/doctor.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { command, home, serve, undoing } from '../tools/site.ts'

const configIn = (folder: string, env: Record<string, string> = {}): Config =>
  readConfig({
    ARCHIVE_DIR: join(folder, 'archives'),
    CACHE_DIR: join(folder, 'cache'),
    SECRETS_DIR: join(folder, 'secrets'),
    ...env,
  })

/** A community whose records are of three months that end a week ago, kept for the tests to copy. */
let kept = ''
test.before(async () => {
  kept = mkdtempSync(join(tmpdir(), 'thywill-'))
  const until = Date.now() - 7 * 86_400_000
  await seedArchive(configIn(kept), { members: 5, prayers: 8, marks: 20 }, 'doctor', until)
})
test.after(() => rmSync(kept, { recursive: true }))

function copied(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(kept, folder, { recursive: true, preserveTimestamps: true })
  return folder
}

const off = { running: false, trouble: null }
const examine = (config: Config, now?: number) =>
  doctorReport({
    config,
    folders: { ...ledgerOptions(config), ...(now !== undefined && { source: { ...world, now: () => now } }) },
    server: off,
  })

const segments = (folder: string) =>
  archiveFiles(realDisk, join(folder, 'archives')).segments.map(({ name }) => join(folder, 'archives', name))
const last = (folder: string) => segments(folder).at(-1) ?? ''
const cacheFile = (folder: string) =>
  join(folder, 'cache', readdirSync(join(folder, 'cache')).find((name) => name.endsWith('.sqlite')) ?? '')
const longAgo = (path: string) => utimesSync(path, 0, 0)

/** Every file with its bytes and modes, but for what SQLite keeps for itself beside a cache. */
function photograph(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => !/-(shm|wal)$/.test(name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const { mode, mtimeMs, ino } = statSync(path)
      const bytes = entry.isFile() ? hash('sha256', readFileSync(path)) : ''
      return [path, mode, entry.isFile() ? mtimeMs : '', ino, bytes].join(' ')
    })
    .sort()
}

test('a healthy site is said to be so, and only what nobody did yet is to be watched', async (t) => {
  const { ok, findings } = await examine(configIn(copied(t)))
  assert.equal(ok, true)
  assert.deepEqual(
    findings.filter(({ state }) => state !== 'well').map(({ check }) => check),
    ['server', 'verified', 'backup'],
  )
  for (const { state, remedy } of findings) assert.equal(remedy === undefined, state === 'well')
})

test('before there is an archive, all there is to say is that the first start makes everything', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { ok, findings } = await examine(configIn(folder))
  assert.equal(ok, true)
  assert.deepEqual(
    [...new Set(findings.filter(({ state }) => state !== 'well').map(({ check }) => check))],
    ['folders', 'server', 'archive'],
  )
  assert.deepEqual(readdirSync(folder), [], 'and it makes none of it')
})

/** What somebody finds who comes to a site with this wrong, and that a second look finds the same. */
interface Case {
  readonly is: string
  readonly happens: (folder: string) => void
  readonly check: string
  readonly state: 'watch' | 'wrong'
  readonly what: RegExp
  readonly env?: (folder: string) => Record<string, string>
}

const cases: readonly Case[] = [
  {
    is: 'a folder that others may enter',
    happens: (folder) => chmodSync(join(folder, 'archives'), 0o755),
    check: 'folders',
    state: 'watch',
    what: /^ARCHIVE_DIR: others on this machine may open \S+\/archives\.$/,
  },
  {
    is: 'a key that others may read',
    happens: (folder) => chmodSync(join(folder, 'secrets/seal.key'), 0o640),
    check: 'folders',
    state: 'wrong',
    what: /^SECRETS_DIR: others on this machine may open \S+seal\.key\.$/,
  },
  {
    is: 'words that others may read',
    happens: (folder) => {
      for (const path of segments(folder)) chmodSync(path, 0o644)
    },
    check: 'folders',
    state: 'watch',
    what: /^ARCHIVE_DIR: others on this machine may open \S+\.txt and \d more there\.$/,
  },
  {
    is: 'a last write that did not finish',
    happens: (folder) => appendFileSync(last(folder), '@99 half a rec'),
    check: 'archive',
    state: 'watch',
    what: /^The last write to \d{4}\/\d{4}-\d\d\.txt did not finish\.$/,
  },
  {
    is: 'an archive that lost its end',
    happens: (folder) => truncateSync(last(folder), statSync(last(folder)).size - 200),
    check: 'archive',
    state: 'wrong',
    what: /The cache has seen record \d+, and the archive cannot be read as far as that/,
  },
  {
    is: 'a closed month of another length',
    happens: (folder) => {
      const [first = ''] = segments(folder)
      chmodSync(first, 0o600)
      appendFileSync(first, '\n')
    },
    check: 'archive',
    state: 'wrong',
    what: /has \d+ bytes, and its seal says \d+/,
  },
  {
    is: 'an archive that is gone',
    happens: (folder) => renameSync(join(folder, 'archives'), join(folder, 'elsewhere')),
    check: 'archive',
    state: 'wrong',
    what: /^The archive is not where it was: \S+ holds none, and \S+ has seen \d+ records of a_/,
  },
  {
    is: 'a file that somebody put into the archive',
    happens: (folder) => writeFileSync(join(folder, 'archives/notes.odt'), '', { mode: 0o600 }),
    check: 'files',
    state: 'wrong',
    what: /^notes\.odt is not the archive's/,
  },
  {
    is: 'a write that was interrupted',
    happens: (folder) => {
      writeFileSync(join(folder, 'archives/probe.tmp'), '', { mode: 0o600 })
      longAgo(join(folder, 'archives/probe.tmp'))
    },
    check: 'files',
    state: 'watch',
    what: /^probe\.tmp was left by a write/,
  },
  {
    is: 'something in quarantine',
    happens: (folder) => {
      mkdirSync(join(folder, 'archives/quarantine'), { mode: 0o700 })
      writeFileSync(join(folder, 'archives/quarantine/2026-11-1-0123456789abcdef.part'), '', { mode: 0o600 })
    },
    check: 'files',
    state: 'watch',
    what: /^quarantine\/ holds one piece/,
  },
  {
    is: 'what a restore kept aside',
    happens: (folder) => {
      const name = 'before-restore-2026-01-02T03-04-05-678Z'
      for (const [place, bytes] of [
        ['archives', 1_200_000],
        ['cache', 800_000],
      ] as const) {
        mkdirSync(join(folder, place, name, '2026'), { recursive: true, mode: 0o700 })
        writeFileSync(join(folder, place, name, '2026', 'old'), Buffer.alloc(bytes), { mode: 0o600 })
      }
    },
    check: 'restores',
    state: 'watch',
    what: /^What stood here before a restore [\d,]+ days ago is kept: 2\.0 MB in \S+archives\/before-restore-\S+, \S+cache\/before-restore-2026\S+Z\.$/,
  },
  {
    is: 'FORMAT that was edited',
    happens: (folder) => {
      chmodSync(join(folder, 'archives/FORMAT'), 0o600)
      appendFileSync(join(folder, 'archives/FORMAT'), 'Dear all')
    },
    check: 'archive',
    state: 'wrong',
    what: /^FORMAT: this is not the text of format 1/,
  },
  {
    is: 'a key that is gone',
    happens: (folder) => rmSync(join(folder, 'secrets/seal.key')),
    check: 'keys',
    state: 'wrong',
    what: /^seal\.key is not in/,
  },
  {
    is: 'a key that is none',
    happens: (folder) => writeFileSync(join(folder, 'secrets/seal.key'), 'lost', { mode: 0o600 }),
    check: 'keys',
    state: 'wrong',
    what: /^This could not be looked at/,
  },
  {
    is: 'the key of another archive',
    happens: (folder) =>
      writeFileSync(
        join(folder, 'secrets/seal.key'),
        '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAOcrn9g\n-----END PRIVATE KEY-----\n',
        { mode: 0o600 },
      ),
    check: 'keys',
    state: 'watch',
    what: /^The archive does not name the key/,
  },
  {
    is: 'a cache that is gone',
    happens: (folder) => rmSync(join(folder, 'cache'), { recursive: true }),
    check: 'cache',
    state: 'watch',
    what: /^There is no cache for this version of the code/,
  },
  {
    is: 'a cache that is no SQLite',
    happens: (folder) => {
      const path = cacheFile(folder)
      for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true })
      writeFileSync(path, 'no SQLite at all', { mode: 0o600 })
    },
    check: 'cache',
    state: 'watch',
    what: /\.sqlite is broken/,
  },
  {
    is: 'a cache that nobody asks for',
    happens: (folder) => cpSync(cacheFile(folder), cacheFile(folder).replace('-1.', '-7.')),
    check: 'caches',
    state: 'watch',
    what: /^No pointer names [0-9a-f]{16}-7\.sqlite/,
  },
  {
    is: 'caches of several other versions',
    happens: (folder) => {
      for (const schema of ['1111111111111111', '2222222222222222']) {
        cpSync(cacheFile(folder), join(folder, 'cache', `${schema}-1.sqlite`))
        writeFileSync(join(folder, 'cache', `CURRENT-${schema}`), `${schema}-1.sqlite\n`, { mode: 0o600 })
      }
    },
    check: 'caches',
    state: 'watch',
    what: /several other versions: 1{16}-1\.sqlite .*, 2{16}-1\.sqlite/,
  },
  {
    is: 'a comparison that was interrupted',
    happens: (folder) => {
      const scratch = join(folder, 'cache/compare-abc')
      mkdirSync(scratch, { mode: 0o700 })
      longAgo(scratch)
    },
    check: 'caches',
    state: 'watch',
    what: /^compare-abc was left/,
  },
  {
    is: 'a last verification that went ill',
    happens: (folder) =>
      writeFileSync(
        join(folder, 'cache/last-verification.json'),
        JSON.stringify({ at: momentOf(Date.now()), ok: false, records: 1, seconds: 1 }),
        { mode: 0o600 },
      ),
    check: 'verified',
    state: 'wrong',
    what: /not all was well/,
  },
  {
    is: 'a folder of keys that is gone',
    happens: (folder) => rmSync(join(folder, 'secrets'), { recursive: true }),
    check: 'folders',
    state: 'wrong',
    what: /^SECRETS_DIR is not there any more/,
  },
  {
    is: 'a restore that was killed',
    happens: (folder) => mkdirSync(join(folder, 'archives/restoring/2026'), { recursive: true, mode: 0o700 }),
    check: 'files',
    state: 'watch',
    what: /^A restore did not finish, and nothing was changed\.$/,
  },
  {
    is: 'a restore that was killed while the folders changed over',
    happens: (folder) => {
      mkdirSync(join(folder, 'archives/restored-2026-11-28T05-00-00-000Z'), { mode: 0o700 })
      for (const path of segments(folder)) renameSync(path, join(folder, `${statSync(path).ino}`))
    },
    check: 'files',
    state: 'wrong',
    what: /^A restore was stopped while it put the backup in place\.$/,
  },
]

suite('the doctor finds', () => {
  for (const { is, happens, check, state, what, env } of cases)
    test(`${is}, says what to do, and changes nothing`, async (t) => {
      const folder = copied(t)
      happens(folder)
      const before = photograph(folder)
      const config = configIn(folder, env?.(folder))
      const { ok, findings } = await examine(config)
      const told = findings.filter((finding) => finding.check === check && finding.state === state)
      assert.ok(
        told.some((finding) => what.test(finding.what)),
        JSON.stringify(findings, null, 1),
      )
      for (const { remedy } of told) assert.ok(remedy && remedy.length > 5)
      for (const { what } of findings) assert.doesNotMatch(what, /There is no archive yet/)
      assert.equal(
        ok,
        findings.every((finding) => finding.state !== 'wrong'),
      )
      assert.deepEqual(photograph(folder), before)
    })

  test('a clock that is behind the last record', async (t) => {
    const { ok, findings } = await examine(configIn(copied(t)), Date.now() - 100 * 86_400_000)
    assert.equal(ok, false)
    const clock = findings.find(({ check }) => check === 'clock')
    assert.match(clock?.what ?? '', /more than five minutes behind the last record/)
  })

  test('a Node.js that is too old', () => {
    assert.equal(checkNode('22.11.0').state, 'wrong')
    assert.equal(checkNode('24.0.0').state, 'well')
    assert.equal(checkNode().state, 'well')
  })

  test('settings that do not go together', () => {
    const told = (env: Record<string, string>) =>
      checkSettings(readConfig(env))
        .map(({ what }) => what)
        .join()
    const https = { BASE_URL: 'https://pray.example' }
    assert.match(told({}), /^They go together/)
    assert.match(told({ ...https, TRUST_PROXY: '1' }), /^They go together/)
    assert.match(told(https), /BASE_URL is https and TRUST_PROXY is 0/)
    assert.match(told({ TRUST_PROXY: '1' }), /BASE_URL is still http:/)
    assert.match(told({ BASE_URL: 'http://localhost:8000', PORT: '8001' }), /Links lead to/)
    assert.match(told({ HOST: '0.0.0.0' }), /plain http/)
    assert.match(told({ ARCHIVE_READ_ONLY: 'true' }), /nothing is saved/)
    assert.match(told({ RATE_LIMITS: 'off' }), /as often as they like/)
  })
})

test('verifications and backups are known from the archive, and grow old', async (t) => {
  const folder = copied(t)
  const config = configIn(folder)
  const ledger = await openLedger(ledgerOptions(config))
  try {
    const { sequence, hash } = ledger.head()
    const done = { records: sequence, milliseconds: 5 }
    await perform(ledger.record, tellVerified, operator, { ...done, problems: 0 })
    await perform(ledger.record, tellBackedUp, operator, { ...done, head: hash, bytes: 1 })
    const now = Date.now()
    assert.equal(checkBackup(ledger.cache(), now).state, 'well')
    assert.match(checkBackup(ledger.cache(), now + 4 * 86_400_000).what, /made 4 days ago/)
  } finally {
    await ledger.close()
  }
  const { findings } = await examine(config)
  for (const name of ['verified', 'backup'])
    assert.equal(findings.find(({ check }) => check === name)?.state, 'well', name)
  const old = checkVerification({ at: momentOf(0), ok: true }, 5 * 86_400_000)
  assert.match(old.what, /last read 5 days ago/)
})

suite('the lock', () => {
  test('is seen in the list of the system and never asked for', async (t) => {
    const config = configIn(copied(t))
    assert.equal(lockHolder(config.archiveDir), undefined)
    const lock = realDisk.lock(join(config.archiveDir, '.lock'))
    try {
      const seen = checkServer(config.archiveDir, off)
      if (statSync('/proc/locks', { throwIfNoEntry: false }))
        assert.match(seen.what, new RegExp(`^Process ${process.pid} holds the archive`))
      else assert.equal(seen.state, 'watch')
      assert.equal(lockHolder(config.archiveDir, '/there/is/no/such/list'), undefined)
      assert.equal(realDisk.lock(join(config.archiveDir, '.lock')), undefined, 'it is still held')
    } finally {
      lock?.release()
    }
  })

  test('a site that saves nothing is wrong, unless that was asked for', () => {
    const standing = (why: Parameters<typeof trouble>[0]) =>
      checkServer('/nowhere', { running: true, trouble: trouble(why, 'So it is.') })
    assert.equal(standing('read-only').state, 'watch')
    for (const why of [
      'full',
      'unknown',
      'disturbed',
      'corrupt',
      'ahead',
      'clock',
      'newer',
      'cache',
    ] as const) {
      const { state, what, remedy } = standing(why)
      assert.equal(state, 'wrong')
      assert.match(what, /saves nothing: So it is\.$/)
      assert.ok(remedy)
    }
  })
})

test('beside a running site the doctor says so, and the site notices nothing', async (t) => {
  const atEnd = undoing(t)
  const here = await home()
  atEnd(() => here.remove())
  const site = await serve(here)
  atEnd(() => site.kill())
  const { code, output } = await command(here, 'doctor')
  assert.equal(code, 0, output)
  assert.match(output, new RegExp(`well +server +The site runs \\(process ${site.pid}\\)`))
  assert.ok(output.split('\n').every((line) => line.length <= 80 || /\S{60}/.test(line)))
  const json = await command(here, 'doctor', '--json')
  assert.equal(JSON.parse(json.output).ok, true)
  assert.equal((await command(here, 'invite')).code, 0, 'the site still writes')
  await site.kill()
  chmodSync(join(here.folder, 'secrets/seal.key'), 0o644)
  assert.equal((await command(here, 'doctor')).code, 1)
})

test('a site that says nothing is a finding, not a wait without end', async (t) => {
  const atEnd = undoing(t)
  const here = await home()
  atEnd(() => here.remove())
  mkdirSync(here.cache, { recursive: true, mode: 0o700 })
  const stuck = createServer(() => {})
  await new Promise<void>((resolve) => stuck.listen(join(here.cache, 'control.sock'), resolve))
  atEnd(() => stuck.close())
  const { code, output } = await command(here, 'doctor')
  assert.equal(code, 1)
  assert.match(output, /WRONG +server +The site runs, and says nothing for 10 seconds\./)
})

test('settings that are none are a finding of the doctor', async (t) => {
  const atEnd = undoing(t)
  const here = await home()
  atEnd(() => here.remove())
  const { code, output } = await command(
    { ...here, env: { ...here.env, PORT: 'eight', TRUST_PROXY: 'true' } },
    'doctor',
  )
  assert.equal(code, 1)
  assert.match(output, /WRONG +settings +PORT must be a number[\s\S]*WRONG +settings +TRUST_PROXY must be/)
})

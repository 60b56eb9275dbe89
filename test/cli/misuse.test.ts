import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { seedArchive } from '../../src/cli/seed.ts'
import { readConfig } from '../../src/config.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { holderNames } from '../../src/queries/roles.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { commandLines } from '../tools/command-lines.ts'

const lines = commandLines()

/** A folder with a small community in it, and one with nothing. */
const folders = { full: '', empty: '' }
/** The only one who looks after the community. */
let admin = ''

const envIn = (folder: string) => ({
  ARCHIVE_DIR: join(folder, 'archives'),
  CACHE_DIR: join(folder, 'cache'),
  SECRETS_DIR: join(folder, 'secrets'),
})

test.before(async () => {
  for (const name of ['full', 'empty'] as const) folders[name] = mkdtempSync(join(tmpdir(), 'thywill-'))
  writeFileSync(join(folders.empty, 'a file'), 'no folder')
  const config = readConfig(envIn(folders.full))
  await seedArchive(config, { members: 3, prayers: 2, marks: 2 }, 'misuse', Date.now())
  const ledger = await openLedger(ledgerOptions(config))
  const admins = holderNames(ledger.cache(), 'admin', new Date().toISOString())
  assert.equal(admins.length, 1)
  admin = admins[0] ?? ''
  await ledger.close()
})
test.after(() => {
  lines.end()
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true })
})

interface Misuse {
  readonly args: readonly string[]
  readonly says: RegExp
  /** Where: in an empty folder unless it says otherwise. */
  readonly at?: 'full'
  readonly env?: () => Record<string, string>
}

const noArchive = /holds no archive/
const seed = (members: string, prayers: string, marks: string) => [
  'seed',
  ...['--members', members, '--prayers', prayers, '--marks', marks],
]

/** Of each command what is its own; what all have in common comes below. */
const misuses: Readonly<Record<string, readonly Misuse[]>> = {
  serve: [],
  demo: [],
  status: [],
  doctor: [],
  verify: [
    { args: ['verify', '--deep=yes'], says: /unknown option '--deep=yes'/ },
    { args: ['verify'], says: noArchive },
  ],
  coverage: [
    { args: ['coverage', '--deep', 'members'], says: /too many arguments for 'coverage'/ },
    { args: ['coverage'], says: noArchive },
  ],
  rebuild: [
    { args: ['rebuild'], says: noArchive },
    { args: ['full-recovery'], says: noArchive },
    { args: ['reconstruct-from-archives', 'now'], says: /too many arguments/ },
  ],
  prepare: [
    { args: ['prepare'], says: noArchive },
    { args: ['prepare', 'now'], says: /too many arguments/ },
  ],
  bundle: [],
  upgrade: [
    { args: ['upgrade'], says: noArchive },
    { args: ['upgrade', '--restart'], says: /'--restart <command>' argument missing/ },
    { args: ['upgrade', '--restart', ' '], says: /^--restart names no command\.$/m, at: 'full' },
    // Where PORT is 0, as it is here.
    { args: ['upgrade', '--restart', 'true'], says: /nobody knows where that is/, at: 'full' },
    {
      args: ['upgrade'],
      at: 'full',
      env: () => ({ BACKUP_DIR: join(folders.full, 'cache', 'backups') }),
      says: /BACKUP_DIR must not lie in CACHE_DIR/,
    },
  ],
  // What else can be wrong with a folder: test/backup/command-line.test.ts.
  backup: [
    { args: ['backup'], says: /missing required argument 'dir'/ },
    { args: ['backup', '/tmp', 'twice'], says: /too many arguments/ },
  ],
  restore: [
    { args: ['restore'], says: /missing required argument 'dir'/ },
    { args: ['restore', '/nowhere'], says: /There is no folder \/nowhere/ },
  ],
  edits: [
    { args: ['edits', 'undo'], says: /unknown command 'undo'|too many arguments/ },
    { args: ['edits', 'accept'], says: /missing required argument/ },
    { args: ['edits', 'accept', '2026/2026-11.txt'], says: /--yes/ },
  ],
  invite: [
    { args: ['invite', '--uses'], says: /'--uses <n>' argument missing/ },
    { args: ['invite', '--uses', 'many'], says: /'many' is invalid\. It has to be a whole number/ },
    { args: ['invite', '--uses', '1.5'], says: /whole number/ },
    { args: ['invite', '--uses', '-1'], says: /whole number/ },
    { args: ['invite', '--uses', '0'], says: /^An invite is for 1 to 500 people\.$/m },
    { args: ['invite', '--uses', '501'], says: /1 to 500/, at: 'full' },
    { args: ['invite', '--hours', '0'], says: /1 to 8,760 hours/, at: 'full' },
    { args: ['invite', '--hours', '8761'], says: /1 to 8,760 hours/ },
    { args: ['invite', '--admin', 'Ruth'], says: /too many arguments/ },
  ],
  'login-link': [
    { args: ['login-link'], says: /missing required argument 'name'/ },
    { args: ['login-link', 'Ruth'], says: /Nobody is here yet/ },
    { args: ['login-link', 'Nobody I know'], says: /^Nobody here is called "Nobody I know"\.$/m, at: 'full' },
    { args: ['login-link', ''], says: /^Nobody here is called ""\.$/m, at: 'full' },
    { args: ['login-link', 'Two', 'Names'], says: /too many arguments/ },
  ],
  admin: [
    { args: ['admin'], says: /Usage: thywill admin/ },
    { args: ['admin', 'promote', 'Ruth'], says: /unknown command 'promote'/ },
    { args: ['admin', 'grant'], says: /missing required argument 'name'/ },
    { args: ['admin', 'revoke'], says: /missing required argument 'name'/ },
    { args: ['admin', 'grant', 'Ruth'], says: /Nobody is here yet/ },
    {
      args: ['admin', 'grant', 'Nobody I know'],
      says: /^Nobody here is called "Nobody I know"\.$/m,
      at: 'full',
    },
    { args: ['admin', 'revoke', ''], says: /^Nobody here is called ""\.$/m, at: 'full' },
    {
      args: ['admin', 'revoke', '$admin'],
      says: /is the only admin\. Make somebody else one first/,
      at: 'full',
    },
  ],
  seed: [
    { args: ['seed'], says: /required option '--members <n>' not specified/ },
    { args: seed('many', '1', '1'), says: /whole number/ },
    { args: seed('-1', '1', '1'), says: /whole number/ },
    { args: seed('0', '1', '1'), says: /whole number from 1 to/ },
    { args: seed('2', '0', '5'), says: /So many marks need more members, or more prayers/ },
    { args: seed('9999999999', '1', '1'), says: /whole number/ },
    { args: seed('3', '1', '1'), says: /is not empty/, at: 'full' },
  ],
}

/** What is wrong with any command. A doctor is asked about settings that are none; they are what it finds. A bundle needs none. */
function common(name: string): Misuse[] {
  const complete: Record<string, readonly string[]> = {
    'login-link': ['login-link', 'Ruth'],
    admin: ['admin', 'grant', 'Ruth'],
    backup: ['backup', '/tmp/thywill-nowhere'],
    restore: ['restore', '/tmp/thywill-nowhere'],
    seed: seed('3', '1', '1'),
  }
  const args = complete[name] ?? [name]
  const settings: Misuse[] = [
    {
      args,
      env: () => ({ PORT: 'eight', TRUST_PROXY: 'true' }),
      says: /The configuration is not right:\n {2}- PORT must be a number.*\n {2}- TRUST_PROXY must be/,
    },
    {
      args,
      env: () => ({ ARCHIVE_DIR: join(folders.empty, 'a file') }),
      says: /ARCHIVE_DIR must be a folder/,
    },
  ]
  return [
    { args: [...args, '--nonsense'], says: /unknown option '--nonsense'/ },
    { args: [...args, 'surplus'], says: /too many arguments/ },
    ...(['bundle', 'doctor'].includes(name) ? [] : settings),
  ]
}

suite('used wrongly, says so in a sentence, ends with 2 and changes nothing:', () => {
  const others: readonly Misuse[] = [
    { args: [], says: /Usage: thywill/ },
    { args: ['pray'], says: /unknown command 'pray'/ },
    { args: ['--nonsense'], says: /unknown option '--nonsense'/ },
    { args: ['verfy'], says: /Did you mean verify\?/ },
  ]
  const all = [...others, ...Object.entries(misuses).flatMap(([name, own]) => [...own, ...common(name)])]
  for (const { args, says, at = 'empty', env } of all)
    test(
      ['thywill', ...args.map((arg) => arg || "''"), ...(env ? ['with wrong settings'] : [])].join(' '),
      async () => {
        const folder = folders[at]
        const before = photograph(folder)
        const { status, stdout, stderr } = await lines.run({
          args: args.map((arg) => (arg === '$admin' ? admin : arg)),
          env: { PORT: '0', ...envIn(folder), ...env?.() },
        })
        assert.equal(status, 2, stderr)
        assert.match(stderr, says)
        assert.equal(stdout, '', 'what a script reads is empty')
        assert.doesNotMatch(stderr, /^\s+at |Error:|ZodError|SQLITE|undefined/m, 'a person can read it')
        assert.deepEqual(photograph(folder), before)
      },
    )
})

test('the table above has every command there is', async () => {
  const { status, stdout } = await lines.run({ args: ['--help'], env: envIn(folders.empty) })
  assert.equal(status, 0)
  const listed = [...stdout.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = '']) => name)
  const commands = listed.filter((name) => !name.startsWith('-') && name !== 'help')
  assert.ok(commands.length > 8)
  assert.deepEqual(commands.sort(), Object.keys(misuses).sort())
})

/** Every file with its mode and a digest of its bytes. SQLite keeps its own beside a cache that is read. */
function photograph(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => !/-(shm|wal)$/.test(name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return `${path} ${statSync(path).mode} ${entry.isFile() ? hash('sha256', readFileSync(path)) : ''}`
    })
    .sort()
}

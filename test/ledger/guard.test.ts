import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import test, { type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { type Disk, realDisk } from '../../src/archive/disk.ts'
import { sha256 } from '../../src/archive/grammar.ts'
import { currentCache, removeCache } from '../../src/cache/generations.ts'
import { catalogue } from '../../src/catalogue.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { defineEvent } from '../../src/kernel/event.ts'
import { millisecondsOf, minutes } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { schemaHashOf } from '../../src/ledger/behaviour.ts'
import type { Catalogue } from '../../src/ledger/catalogue.ts'
import { decideCache, decideEnd, type Endings, type Findings } from '../../src/ledger/guard.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { type Trouble, trouble } from '../../src/ledger/standing.ts'
import { brokenDisk, closedDisk } from '../tools/unreadable.ts'

/* Every state that the guard may find, in folders and SQLite files as they are; then the decisions for several at once. */

const october = '2024/2024-10.txt'
const november = '2024/2024-11.txt'
const january = '2025/2025-01.txt'
const months = [october, november, january]
/** Every month has its invites; the last record is of the last moment. */
const invites = 9
const lastMoment = millisecondsOf('2025-01-09T07:00:00.000Z')

const schemaHash = schemaHashOf(realDisk, catalogue)
const otherHash = '0123456789abcdef'

/** A folder with an archive, its cache and its keys, and who opens them how. */
interface Here {
  readonly archive: string
  readonly cache: string
  readonly secrets: string
  readonly backups: string
  /** A file of the archive. */
  readonly file: (name: string) => string
  readonly cacheFile: () => string
  now: number
  disk: Disk
  catalogue: Catalogue
  isReadOnly: boolean
  /** What ends with the test, before the folder is removed. */
  readonly leaving: (() => Promise<unknown>)[]
  readonly opens: () => Promise<Ledger>
}

function hereIn(folder: string): Here {
  const here: Here = {
    archive: join(folder, 'archives'),
    cache: join(folder, 'cache'),
    secrets: join(folder, 'secrets'),
    backups: join(folder, 'backups'),
    file: (name) => join(here.archive, name),
    cacheFile() {
      const path = currentCache(here.cache, schemaHash)
      assert.ok(path)
      return path
    },
    now: lastMoment + minutes,
    disk: realDisk,
    catalogue,
    isReadOnly: false,
    leaving: [],
    opens: () =>
      openLedger({
        disk: here.disk,
        source: { ...world, now: () => here.now },
        archive: here.archive,
        cache: here.cache,
        secrets: here.secrets,
        backups: here.backups,
        catalogue: here.catalogue,
        isReadOnly: here.isReadOnly,
      }),
  }
  return here
}

const temporary = () => mkdtempSync(join(tmpdir(), 'thywill-guard-'))
const invite = (ledger: Ledger) => perform(ledger.record, issueInvite, operator, {})
const invitesIn = (ledger: Ledger) =>
  ledger.cache().sqlite.prepare('select count(*) from invites').pluck().get()

/** Three months, the first two sealed, as they are left when nobody is at them. */
const whole = temporary()
/** The same at the beginning of the last month, with its caches. */
const earlier = temporary()
/** An archive of somebody else. */
const foreign = temporary()

test.before(async () => {
  await writesThrough(hereIn(whole), ['2024-10-07', '2024-10-08', '2024-10-09'])
  await writesThrough(hereIn(whole), ['2024-11-07', '2024-11-08', '2024-11-09', '2025-01-07'])
  cpSync(whole, earlier, { recursive: true })
  await writesThrough(hereIn(whole), ['2025-01-08', '2025-01-09'])
  await writesThrough(hereIn(foreign), ['2024-10-07', '2024-10-08', '2024-10-09'])
  await writesThrough(hereIn(foreign), ['2024-11-07'])
})
test.after(() => {
  for (const folder of [whole, earlier, foreign]) rmSync(folder, { recursive: true })
})

async function writesThrough(here: Here, days: readonly string[]) {
  here.now = millisecondsOf(`${days[0] ?? ''}T07:00:00.000Z`)
  const ledger = await here.opens()
  for (const day of days) {
    here.now = millisecondsOf(`${day}T07:00:00.000Z`)
    await invite(ledger)
  }
  await ledger.settled()
  await ledger.close()
}

function copied(t: TestContext, from: string | undefined): Here {
  const folder = temporary()
  if (from) cpSync(from, folder, { recursive: true })
  const here = hereIn(folder)
  t.after(async () => {
    for (const leave of here.leaving.reverse()) await leave()
    rmSync(folder, { recursive: true })
  })
  return here
}

type Bytes = ReadonlyMap<string, Buffer>

/** Every file in a folder but the locks: whoever opens one here sets it free. */
function bytesIn(folder: string): Bytes {
  const found = new Map<string, Buffer>()
  if (!existsSync(folder)) return found
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && entry.name !== '.lock') found.set(relative(folder, path), readFileSync(path))
  }
  return found
}

/** Compared as text, because the difference between long bytes takes minutes to print. */
function isUntouched(after: Bytes, before: Bytes) {
  const named = (bytes: Bytes) => [...bytes].map(([name, content]) => `${name} ${sha256(content)}`).sort()
  assert.deepEqual(named(after), named(before))
}

function change(path: string, how: (text: string) => string) {
  const before = readFileSync(path, 'latin1')
  const after = how(before)
  assert.notEqual(after, before, 'the test changed something')
  // FORMAT and the seals are kept from being written to.
  rmSync(path)
  writeFileSync(path, after, 'latin1')
}

/** The second record of a segment with one digit of its id another one; it does not come to its closing line any more. */
const bent = (text: string) =>
  text.replace(
    /(\n\n@\d+[^\n]*\n[^@]*\n\n@\d+ [^\n]*\binvite=\w)(\w)/,
    (_, before, letter) => before + (letter === '2' ? '3' : '2'),
  )

/** With a letter too many in its second record. */
const longer = (text: string) =>
  text.replace(/(\n\n@\d+[^\n]*\n[^@]*\n\n@\d+ [^\n]*\binvite=\w)(\w)/, '$1$2$2')

/** Without its second record. */
const gapped = (text: string) => text.replace(/(\n\n@\d+[^@]*\n\n)@\d+[^@]*\n\n(?=@)/, '$1')

const removeCaches = ({ cache }: Here) => rmSync(cache, { recursive: true })

const inCacheFolder = ({ cache }: Here, ending: string) =>
  readdirSync(cache).filter((name) => name.endsWith(ending))

/** The cache of one folder, with what SQLite keeps beside it, as code of another schema would have left it in this one. */
function putAsOtherSchema(here: Here, from: Here) {
  const path = from.cacheFile()
  const name = basename(path).replace(schemaHash, otherHash)
  for (const ending of ['', '-wal'])
    if (existsSync(path + ending)) cpSync(path + ending, join(here.cache, name + ending))
  writeFileSync(join(here.cache, `CURRENT-${otherHash}`), `${name}\n`)
}

/** As code of another version leaves it, which had no other cache. */
function leaveToOtherSchema(here: Here) {
  putAsOtherSchema(here, here)
  removeCache(here.cacheFile())
  rmSync(join(here.cache, `CURRENT-${schemaHash}`))
}

const bell = (critical: boolean) =>
  defineEvent({ name: 'bell.rung', version: 1, critical, values: {}, tables: [], project: () => {} })

/** A newer version writes a record; then this one has the cache of before. */
async function newerVersionRings(here: Here, critical: boolean) {
  const kind = bell(critical)
  const newer = hereIn(join(here.archive, '..'))
  newer.catalogue = { ...catalogue, kinds: [...catalogue.kinds, kind] }
  const before = bytesIn(here.cache)
  const ledger = await newer.opens()
  await ledger.record(() => ({ drafts: [kind.of({ by: 'operator' } as never)], result: undefined }))
  await ledger.close()
  removeCaches(here)
  mkdirSync(here.cache)
  for (const [name, bytes] of before) writeFileSync(join(here.cache, name), bytes)
}

function spoilPagesOf(path: string, name: string) {
  const sqlite = new Database(path)
  const pages = sqlite.prepare('select rootpage from sqlite_master where tbl_name = ?').pluck().all(name)
  const size = Number(sqlite.pragma('page_size', { simple: true }))
  sqlite.close()
  const bytes = readFileSync(path)
  for (const page of pages) bytes.fill(0x55, (Number(page) - 1) * size, Number(page) * size)
  writeFileSync(path, bytes)
}

/** One state: how it came about, and what becomes of it. */
interface Row {
  readonly state: string
  /** Folder it is made of: the whole community unless told otherwise, or nothing. */
  readonly from?: () => string | undefined
  readonly arrange?: (here: Here) => void | Promise<void>
  /** Why nothing can be saved; `undefined` when it can. */
  readonly why?: Trouble['why']
  /** What the trouble says, or else the reports; without it there is nothing to say. */
  readonly says?: RegExp
  /** What is said when nothing can be served. */
  readonly refuses?: RegExp
  /** How many invites are shown; all unless told otherwise. */
  readonly serves?: number
  /** What the start leaves of the archive; as it was unless told otherwise. */
  readonly leaves?: (after: Bytes, before: Bytes) => void
  /** What the start leaves besides. */
  readonly also?: (here: Here, ledger: Ledger) => void | Promise<void>
}

const isRebuilt = (_: Here, ledger: Ledger) => assert.ok((ledger.rebuilt?.records ?? 0) > invites)
const isAsItWas = (_: Here, ledger: Ledger) => assert.equal(ledger.rebuilt, undefined)
const oldFileIsKept = (here: Here, ledger: Ledger) => {
  isRebuilt(here, ledger)
  assert.equal(inCacheFolder(here, '.damaged').length, 1, 'the old file is kept aside')
}

const quarantined = (name: string, bytes: (before: Bytes) => Buffer) => (after: Bytes, before: Bytes) => {
  const parts = [...after].filter(([path]) => path.startsWith('quarantine/'))
  assert.equal(parts.length, 1)
  const torn = bytes(before)
  assert.deepEqual(parts[0]?.[1], torn, 'what was put away is there byte for byte')
  const rest = (before.get(name) ?? Buffer.alloc(0)).subarray(0, -torn.length)
  assert.deepEqual(after.get(name) ?? Buffer.alloc(0), rest, 'and nothing else was cut off')
  for (const other of before.keys()) if (other !== name) assert.deepEqual(after.get(other), before.get(other))
}

/** A folder with something in it, where a file was. */
function putFolderAt(path: string) {
  rmSync(path)
  mkdirSync(path)
  writeFileSync(join(path, 'a note'), 'I moved it.\n')
}

const breakFrom = (here: Here, name: string, from: number) => {
  assert.ok(statSync(here.file(name)).size > from)
  here.disk = brokenDisk(here.file(name), from)
}

const half = '@11 2025-01-09T07:00:00.000Z invite.iss'

const rows: readonly Row[] = [
  {
    state: 'nothing is there yet: an archive is begun',
    from: () => undefined,
    says: /^A new archive was opened\. Keep elsewhere its public key [0-9a-f]{64} and its head, record 1/,
    serves: 0,
    leaves: (after) => assert.deepEqual([...after.keys()].sort(), [january, 'FORMAT']),
    also(_here, ledger) {
      assert.equal(ledger.rebuilt?.why, undefined, 'a first cache is nothing to tell of')
      assert.doesNotMatch(ledger.reports.join(), /cache/)
    },
  },
  {
    state: 'nothing is there, but a backup: no new archive is begun where one is known to have been',
    from: () => undefined,
    arrange: (here) => cpSync(join(whole, 'archives'), here.backups, { recursive: true }),
    refuses:
      /holds no archive that can be read, but (\S+backups) holds a backup of a_\w+\. Put the archive back, or bring it back with \.\/thywill restore \1; to begin a new one, move that backup away\.$/,
  },
  { state: 'the cache fits', also: isAsItWas },
  {
    state: 'the cache is behind: it catches up',
    arrange(here) {
      removeCaches(here)
      cpSync(join(earlier, 'cache'), here.cache, { recursive: true })
    },
    also: isAsItWas,
  },
  {
    state: 'the cache is of another schema: one of this schema is made, and the other stays for a rollback',
    arrange: leaveToOtherSchema,
    says: /^This version needs another cache; it is made from the archive\.$/,
    also(here, ledger) {
      isRebuilt(here, ledger)
      assert.ok(existsSync(currentCache(here.cache, otherHash) ?? ''))
    },
  },
  {
    state: 'the folder of the cache is missing',
    arrange: removeCaches,
    says: /^There was no cache; it is made from the archive\.$/,
    also: isRebuilt,
  },
  {
    state: 'the file of the cache is missing',
    arrange: (here) => rmSync(here.cacheFile()),
    says: /^There was no cache; it is made from the archive\.$/,
    also: isRebuilt,
  },
  {
    state: 'the cache is cut short',
    arrange: (here) => truncateSync(here.cacheFile(), 5000),
    says: /^The cache could not be used \(.+\); it is made anew from the archive\.$/m,
    also: oldFileIsKept,
  },
  {
    state: 'the cache is empty',
    arrange: (here) => truncateSync(here.cacheFile(), 0),
    says: /^The cache could not be used \(.+\); it is made anew from the archive\.$/m,
    also: oldFileIsKept,
  },
  {
    state: 'the cache is not SQLite',
    arrange: (here) => writeFileSync(here.cacheFile(), 'Dear diary, '.repeat(1000)),
    says: /^The cache could not be used \(file is not a database\); it is made anew from the archive\.$/m,
    also: oldFileIsKept,
  },
  {
    state: 'the cache is a SQLite file of some other program',
    arrange(here) {
      const path = here.cacheFile()
      rmSync(path)
      new Database(path).exec('create table songs (name text)').close()
    },
    says: /^The cache could not be used \(it is no cache of ours.+\); it is made anew from the archive\.$/m,
    also: oldFileIsKept,
  },
  {
    state: 'the cache is of another archive',
    arrange(here) {
      removeCaches(here)
      cpSync(join(foreign, 'cache'), here.cache, { recursive: true })
    },
    says: /^The cache was of archive a_\w+ and this is a_\w+; a new one is made from the text\.$/,
    also: isRebuilt,
  },
  {
    state: 'pages of the cache are damaged where catching up needs them: it is made anew',
    arrange(here) {
      removeCaches(here)
      cpSync(join(earlier, 'cache'), here.cache, { recursive: true })
      spoilPagesOf(here.cacheFile(), 'invites')
    },
    says: /^The cache is damaged, and was set aside as \S+\.damaged\.$/m,
    also: oldFileIsKept,
  },
  {
    state: 'the cache is ahead of the archive, whose last records are gone',
    arrange(here) {
      rmSync(here.archive, { recursive: true })
      cpSync(join(earlier, 'archives'), here.archive, { recursive: true })
    },
    why: 'ahead',
    says: /^The cache has seen record \d+, which the archive does not hold: acknowledged records are gone\.$/,
    also: isAsItWas,
  },
  {
    state: 'a cache of another schema is ahead of the archive, although the one of this schema fits',
    from: () => earlier,
    arrange: (here) => putAsOtherSchema(here, hereIn(whole)),
    why: 'ahead',
    says: /^The cache has seen record \d+, which the archive does not hold: acknowledged records are gone\.$/,
    serves: 7,
    also: isAsItWas,
  },
  {
    state: 'the end is torn: it is put away byte for byte',
    arrange: (here) => appendFileSync(here.file(january), half),
    says: /^The last write did not finish: everything behind record \d+ was moved to quarantine\/2025-01-\S+\.part\.$/,
    leaves: quarantined(january, () => Buffer.from(half)),
    also: isAsItWas,
  },
  {
    state: 'bytes of somebody else stand at the end: they are put away, and that is said',
    arrange: (here) => appendFileSync(here.file(january), 'Dear diary\n'),
    says: /somebody else wrote them, or the power failed.+ moved to quarantine\/2025-01-\S+\.part\.$/,
    leaves: quarantined(january, () => Buffer.from('Dear diary\n')),
  },
  {
    state:
      'a month that is over is bent, and there is a good cache: the bytes are compared with the seal behind the start',
    arrange: (here) => change(here.file(october), bent),
    why: 'corrupt',
    says: /^2024\/2024-10\.txt is not as it was sealed\. \.\/thywill edits shows what is different\.$/,
    also: isAsItWas,
  },
  {
    state: 'a month that is over has another length than its seal says',
    arrange: (here) => change(here.file(november), gapped),
    why: 'corrupt',
    says: /^2024\/2024-11\.txt has \d+ bytes, and its seal says \d+\.$/,
    also: isAsItWas,
  },
  {
    state: 'a month that is over is bent, and there is no cache: what is in front of it is shown',
    arrange(here) {
      removeCaches(here)
      change(here.file(november), bent)
    },
    why: 'corrupt',
    says: /^2024\/2024-11\.txt, line \d+, record \d+: the closing line does not fit the text above it\.$/,
    serves: 4,
  },
  {
    state: 'a sequence is missing in the open month, and there is a good cache',
    arrange: (here) => change(here.file(january), gapped),
    why: 'ahead',
    says: /^The cache has seen record \d+, and the archive cannot be read as far as that: 2025\/2025-01\.txt, line \d+, record \d+: .+\.$/,
    also: isAsItWas,
  },
  {
    state:
      'the open month was edited to another length, and there is a good cache: no record is said to be gone',
    arrange: (here) => change(here.file(january), longer),
    why: 'ahead',
    says: /^The cache has seen record \d+, and the archive cannot be read as far as that: 2025\/2025-01\.txt, line \d+, record \d+: the closing line does not fit the text above it\.$/,
    also: isAsItWas,
  },
  {
    state: 'a sequence is missing in the open month, and there is no cache',
    arrange(here) {
      removeCaches(here)
      change(here.file(january), gapped)
    },
    why: 'corrupt',
    says: /^2025\/2025-01\.txt, line \d+, record \d+: .+\.$/,
    serves: 7,
  },
  {
    state: 'the first record is bent, and there is a good cache',
    arrange: (here) => change(here.file(october), (text) => text.replace('archive.opened', 'archive.0pened')),
    why: 'corrupt',
    says: /^2024\/2024-10\.txt, line \d+, record 1: .+\.$/,
    also: isAsItWas,
  },
  {
    state: 'the only month holds nothing but zeros, and only a cache of another schema knows what it was',
    arrange(here) {
      leaveToOtherSchema(here)
      for (const name of [november, january]) rmSync(here.file(name))
      writeFileSync(here.file(october), Buffer.alloc(500))
    },
    refuses: /2024-10\.txt, line 1, record 1: .+ has seen \d+ records: put the file back\.$/,
  },
  {
    state: 'a seal is bent',
    arrange: (here) => change(here.file('2024/2024-10.seal'), (text) => text.replace('first 1', 'first 2')),
    why: 'corrupt',
    says: /^2024\/2024-10\.seal is bent\. Take it away to have the month verified and sealed anew\.$/,
    also: isAsItWas,
  },
  {
    state: 'a seal is of another archive',
    arrange: (here) => cpSync(hereIn(foreign).file('2024/2024-10.seal'), here.file('2024/2024-10.seal')),
    why: 'corrupt',
    says: /^2024\/2024-10\.seal was not made by this archive\.$/,
    also: isAsItWas,
  },
  {
    state: 'a seal is missing: the month is verified and sealed anew',
    arrange: (here) => rmSync(here.file('2024/2024-10.seal')),
    says: /^2024-10 is over and had no seal that fits; it was verified and sealed\.$/,
    leaves(after, before) {
      for (const [name, bytes] of before) assert.deepEqual(after.get(name), bytes)
      assert.deepEqual(
        [...after.keys()].filter((name) => !before.has(name)),
        ['2024/2024-10.seal'],
      )
    },
  },
  {
    state: 'a later month stands at the end that does not go on from the last record: it is not cut off',
    arrange(here) {
      const strange = readFileSync(join(foreign, 'archives', november), 'utf8')
      writeFileSync(here.file('2025/2025-02.txt'), strange.replace('month 2024-11', 'month 2025-02'))
    },
    why: 'corrupt',
    says: /^2025\/2025-02\.txt, line 1, record \d+: the segment should begin with record \d+, not \d+\.$/,
    also: isAsItWas,
  },
  {
    state: 'the first segment is missing, and there is a good cache',
    arrange: (here) => rmSync(here.file(october)),
    why: 'corrupt',
    says: /^2024\/2024-11\.txt, line 1, record 1: the segment should begin with record 1, not \d+\.$/,
    also: isAsItWas,
  },
  {
    state: 'a segment in the middle is missing, and there is a good cache',
    arrange: (here) => rmSync(here.file(november)),
    why: 'corrupt',
    says: /^Records \d+ to \d+ are missing between 2024\/2024-10\.txt and 2025\/2025-01\.txt: put the file with them back\.$/,
    also: isAsItWas,
  },
  {
    state: 'a segment in the middle is missing, and there is no cache',
    arrange(here) {
      removeCaches(here)
      rmSync(here.file(november))
    },
    why: 'corrupt',
    says: /^2025\/2025-01\.txt, line 1, record \d+: the segment should begin with record \d+, not \d+\.$/,
    serves: 3,
  },
  {
    state: 'the last segment is missing',
    arrange: (here) => rmSync(here.file(january)),
    why: 'ahead',
    says: /acknowledged records are gone\. 2025\/2025-01\.txt is missing\.$/,
    also: isAsItWas,
  },
  {
    state: 'all segments are missing: no new archive is begun where one is known to have been',
    arrange: (here) => {
      for (const name of months) rmSync(here.file(name))
    },
    refuses: /is empty, but .+ has seen \d+ records of archive a_\w+\. Put the archive back/,
  },
  {
    state: 'a segment too many stands in front, and there is a good cache',
    arrange: (here) => cpSync(here.file(october), here.file('2024/2024-09.txt')),
    why: 'corrupt',
    says: /^2024\/2024-09\.txt, line 1, record 1: the head says month 2024-10\.$/,
    also: isAsItWas,
  },
  {
    state: 'a segment too many stands in the middle, and there is a good cache',
    arrange: (here) => cpSync(here.file(october), here.file('2024/2024-12.txt')),
    why: 'corrupt',
    says: /^2024\/2024-12\.txt, line 1, record 1: the head says month 2024-10\.$/,
    also: isAsItWas,
  },
  {
    state: 'a segment too many stands at the end: no write of ours leaves one, so it is not cut off',
    arrange: (here) => cpSync(here.file(october), here.file('2025/2025-02.txt')),
    why: 'corrupt',
    says: /^2025\/2025-02\.txt, line 1, record \d+: the head says month 2024-10\.$/,
    also: isAsItWas,
  },
  {
    state: 'a segment too many stands at the end, and there is no cache',
    arrange(here) {
      removeCaches(here)
      cpSync(here.file(october), here.file('2025/2025-02.txt'))
    },
    why: 'corrupt',
    says: /^2025\/2025-02\.txt, line 1, record \d+: the head says month 2024-10\.$/,
  },
  {
    state: 'a month that is over is closed to this user, and there is a good cache',
    arrange(here) {
      here.disk = closedDisk(here.file(november))
    },
    why: 'unreadable',
    says: /^2024\/2024-11\.txt cannot be read \(EACCES: made up\)\. Let the user of the site read it, then \.\/thywill edits look-again\.$/,
    also: isAsItWas,
  },
  {
    state: 'a month that is over is closed to this user, who only reads',
    arrange(here) {
      here.isReadOnly = true
      here.disk = closedDisk(here.file(october))
    },
    why: 'unreadable',
    says: /^2024\/2024-10\.txt cannot be read \(EACCES: made up\)\./,
    also: isAsItWas,
  },
  {
    state: 'a month that is over is closed to this user, and there is no cache',
    arrange(here) {
      removeCaches(here)
      here.disk = closedDisk(here.file(november))
    },
    refuses:
      /^2024\/2024-11\.txt cannot be read \(EACCES: made up\)\. Let the user .+ No cache here shows what is in it\.$/,
  },
  {
    state: 'a month that is over is closed to this user, and only a cache of another schema knows it',
    arrange(here) {
      leaveToOtherSchema(here)
      here.disk = closedDisk(here.file(october))
    },
    refuses: /^2024\/2024-10\.txt cannot be read .+ No cache here shows what is in it\.$/,
  },
  {
    state: 'a month that is over is closed to this user, and the records behind the cache are gone',
    arrange(here) {
      rmSync(here.archive, { recursive: true })
      cpSync(join(earlier, 'archives'), here.archive, { recursive: true })
      here.disk = closedDisk(here.file(october))
    },
    why: 'unreadable',
    says: /^2024\/2024-10\.txt cannot be read/,
    also: isAsItWas,
  },
  {
    state: 'the folder of a year is closed to this user, and there is a good cache',
    arrange(here) {
      here.disk = closedDisk(here.file('2024'))
    },
    why: 'unreadable',
    says: /^2024 cannot be read \(EACCES: made up\)\. Let the user of the site read it/,
    also: isAsItWas,
  },
  {
    state: 'the disk fails in the middle of a month that is over: the look behind the start finds it',
    arrange: (here) => breakFrom(here, november, 400),
    why: 'unreadable',
    says: /^2024\/2024-11\.txt cannot be read \(EIO: made up\)\. Move it out of the archive, then \.\/thywill edits restore 2024\/2024-11\.txt\.$/,
    also: isAsItWas,
  },
  {
    state: 'the disk fails in the middle of a month that is over, and there is no cache',
    arrange(here) {
      removeCaches(here)
      breakFrom(here, november, 400)
    },
    refuses: /2024-11\.txt cannot be read: EIO: made up/,
  },
  {
    state: 'the disk fails where the cache would have to catch up: it is served as far as it has come',
    arrange(here) {
      removeCaches(here)
      cpSync(join(earlier, 'cache'), here.cache, { recursive: true })
      breakFrom(here, january, statSync(here.file(january)).size - 10)
    },
    why: 'unreadable',
    says: /^2025\/2025-01\.txt cannot be read \(EIO: made up\)\. Move it out of the archive/,
    serves: 7,
    also: isAsItWas,
  },
  {
    state: 'the disk fails at the end of the open month, where the cache has been',
    arrange: (here) => breakFrom(here, january, statSync(here.file(january)).size - 10),
    why: 'unreadable',
    says: /^2025\/2025-01\.txt cannot be read \(EIO: made up\)\./,
    also: isAsItWas,
  },
  {
    state: 'the open month is closed to this user',
    arrange(here) {
      here.disk = closedDisk(here.file(january))
    },
    why: 'unreadable',
    says: /^2025\/2025-01\.txt cannot be read \(EACCES: made up\)\./,
    also: isAsItWas,
  },
  {
    state: 'a folder stands in the place of a month that is over, and there is a good cache',
    arrange: (here) => putFolderAt(here.file(november)),
    why: 'unreadable',
    says: /^2024\/2024-11\.txt cannot be read \(a folder, a link or a pipe stands in its place\)\. Move it out of the archive, then \.\/thywill edits restore 2024\/2024-11\.txt\.$/,
    also: isAsItWas,
  },
  {
    state: 'a folder stands in the place of the open month, and there is a good cache',
    arrange: (here) => putFolderAt(here.file(january)),
    why: 'unreadable',
    says: /^2025\/2025-01\.txt cannot be read \(a folder, a link or a pipe stands in its place\)\./,
    also: isAsItWas,
  },
  {
    state:
      'a folder stands in the place of the open month, and there is no cache: nobody writes on from before it',
    arrange(here) {
      removeCaches(here)
      putFolderAt(here.file(january))
    },
    refuses: /^2025\/2025-01\.txt cannot be read .+ No cache here shows what is in it\.$/,
  },
  {
    state: 'a link in a circle stands in the place of the first month, and there is a good cache',
    arrange(here) {
      rmSync(here.file(october))
      symlinkSync('2024-10.txt', here.file(october))
    },
    why: 'unreadable',
    says: /^2024\/2024-10\.txt cannot be read \(a folder, a link or a pipe stands in its place\)\./,
    also: isAsItWas,
  },
  {
    state: 'a pipe stands in the place of a month, and nobody waits for what comes out of it',
    arrange(here) {
      rmSync(here.file(october))
      assert.equal(spawnSync('mkfifo', [here.file(october)]).status, 0)
    },
    why: 'unreadable',
    says: /^2024\/2024-10\.txt cannot be read \(a folder, a link or a pipe stands in its place\)\./,
    also: isAsItWas,
  },
  {
    state: 'a folder stands in the place of a seal',
    arrange: (here) => putFolderAt(here.file('2024/2024-10.seal')),
    why: 'unreadable',
    says: /^2024\/2024-10\.seal cannot be read \(EISDIR: .+\)\. Put it right, or back from a backup, then \.\/thywill edits look-again\.$/,
    also: isAsItWas,
  },
  {
    state: 'a folder stands in the place of FORMAT: nobody knows the version',
    arrange: (here) => putFolderAt(here.file('FORMAT')),
    why: 'unreadable',
    says: /^FORMAT cannot be read \(EISDIR: .+\)\. Put it right, or back/,
    also: isAsItWas,
  },
  {
    state: 'a newer version wrote a record that narrows something',
    arrange: (here) => newerVersionRings(here, true),
    why: 'newer',
    says: /^Record \d+ is bell\.rung\/1!, which this version does not know and must not pass over: start the newer version\.$/,
    also: isAsItWas,
  },
  {
    state: 'a newer version wrote a record that narrows something, and there is no cache from before it',
    async arrange(here) {
      await newerVersionRings(here, true)
      removeCaches(here)
    },
    refuses: /^Record \d+ is bell\.rung\/1!, which this version does not know and must not pass over/,
  },
  {
    state: 'a newer version wrote a record that can be passed over: it is kept, and said',
    arrange: (here) => newerVersionRings(here, false),
    says: /^1 records are of the kind bell\.rung\/1, which this version does not know: they are kept and passed over\.$/,
  },
  {
    state: 'FORMAT is of a newer version, and there is a cache',
    arrange: (here) =>
      change(here.file('FORMAT'), (text) => text.replace(/^thywill archive 1/, 'thywill archive 2')),
    why: 'newer',
    says: /archives\/FORMAT is of a newer version than this one: start that version, or put its files back\.$/,
    also: isAsItWas,
  },
  {
    state: 'FORMAT is of a newer version, whose records cannot be read here, and there is a cache',
    arrange(here) {
      change(here.file('FORMAT'), (text) => text.replace(/^thywill archive 1/, 'thywill archive 2'))
      for (const name of months) change(here.file(name), (text) => `thywill 2\n${text}`)
    },
    why: 'newer',
    says: /archives\/FORMAT is of a newer version than this one: start that version, or put its files back\.$/,
    also: isAsItWas,
  },
  {
    state: 'FORMAT is of a newer version, and there is no cache',
    arrange(here) {
      change(here.file('FORMAT'), (text) => text.replace(/^thywill archive 1/, 'thywill archive 2'))
      removeCaches(here)
    },
    refuses:
      /archives\/FORMAT is of a newer version than this one: start that version, or put its files back\.$/,
  },
  {
    state: 'little of the disk is left: people write on, and the operator is told',
    arrange(here) {
      here.disk = { ...realDisk, free: () => 123_456_789 }
    },
    says: /^Only 123 MB are left on the disk of the archive: make room before writing has to stop\.$/,
  },
  {
    state: 'read-only was asked for',
    arrange(here) {
      here.isReadOnly = true
    },
    why: 'read-only',
    says: /^Read-only was asked for: ARCHIVE_READ_ONLY is on\.$/,
  },
  {
    state: 'another process writes the archive',
    arrange: async (here) => {
      await anotherProcess(here, 'another cache')
    },
    why: 'elsewhere',
    says: /^Another process writes this archive; this one only reads\.$/,
  },
  {
    state: 'another process writes the archive and projects into the same cache',
    arrange: async (here) => {
      await anotherProcess(here, 'cache')
    },
    why: 'elsewhere',
    says: /^Another process writes this archive; this one only reads\.$/,
  },
  {
    state: 'the clock is more than five minutes behind the last record',
    arrange(here) {
      here.now = lastMoment - 6 * minutes
    },
    why: 'clock',
    says: /^The clock is more than five minutes behind the last record, written 2025-01-09T07:00:00\.000Z\.$/,
    also: (_, ledger) =>
      assert.match(
        ledger.reports.join(),
        /^The clock is 6 minutes behind the last record: nothing is written until it is right\.$/,
      ),
  },
]

for (const row of rows)
  test(row.state, async (t) => {
    const here = copied(t, row.from ? row.from() : whole)
    await row.arrange?.(here)
    const before = bytesIn(here.archive)
    const { leaves = (after) => isUntouched(after, before) } = row
    if (row.refuses) {
      await assert.rejects(here.opens(), ({ message }: Error) => {
        assert.match(message, row.refuses ?? /./)
        return true
      })
      return leaves(bytesIn(here.archive), before)
    }

    const ledger = await here.opens()
    here.leaving.push(() => ledger.close())
    await ledger.settled()
    // As a server does when it has begun to serve.
    if (ledger.isWriter) await ledger.inspect()
    leaves(bytesIn(here.archive), before)
    assert.equal(invitesIn(ledger), row.serves ?? invites)
    const trouble = ledger.trouble()
    assert.equal(trouble?.why, row.why, `${trouble?.sentence} ${ledger.reports}`)
    const said = trouble?.sentence ?? ledger.reports.join('\n')
    if (row.says) assert.match(said, row.says)
    else assert.equal(said, '')
    await row.also?.(here, ledger)
    await writes(here, ledger, row.why === undefined)
  })

/** Tries to, and sees that what was there stays: a write only ever appends to the last month. */
async function writes(here: Here, ledger: Ledger, may: boolean) {
  const before = bytesIn(here.archive)
  if (!may) {
    await assert.rejects(invite(ledger), { reason: 'read-only' })
    return isUntouched(bytesIn(here.archive), before)
  }
  const shown = Number(invitesIn(ledger))
  await invite(ledger)
  assert.equal(invitesIn(ledger), shown + 1)
  const after = bytesIn(here.archive)
  assert.deepEqual([...after.keys()], [...before.keys()])
  for (const [name, bytes] of before)
    assert.deepEqual(after.get(name)?.subarray(0, bytes.length), bytes, `${name} is as it was, or goes on`)
}

test('pages of the cache are damaged where only a reader comes: it is served, made anew when somebody comes there, and kept aside', async (t) => {
  const here = copied(t, whole)
  const [path, before] = [here.cacheFile(), bytesIn(here.archive)]
  spoilPagesOf(path, 'invites')
  const sqlite = new Database(path, { readonly: true })
  assert.notEqual(sqlite.pragma('quick_check(1)', { simple: true }), 'ok')
  sqlite.close()
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.deepEqual([ledger.trouble(), ledger.reports, ledger.rebuilt], [undefined, [], undefined])
  assert.throws(
    () => invitesIn(ledger),
    (error) => ledger.isMending(error),
  )
  assert.equal(ledger.trouble()?.why, 'damaged')
  assert.match(
    ledger.trouble()?.sentence ?? '',
    /^Pages of the cache are damaged; a new one is being made from the archive\.$/,
  )
  for (let waited = 0; ledger.trouble() && waited < 500; waited++) await pause(10)
  await ledger.settled()
  assert.equal(ledger.trouble(), undefined)
  assert.equal(invitesIn(ledger), invites)
  assert.ok(existsSync(`${path}.damaged`))
  isUntouched(bytesIn(here.archive), before)
  await writes(here, ledger, true)
})

test('the cache cannot be opened just now: nothing is set aside or made, and afterwards it tells what it has seen', async (t) => {
  const here = copied(t, whole)
  const path = here.cacheFile()
  renameSync(path, `${path}~`)
  // Whatever SQLite says of it, that it is damaged is not said.
  mkdirSync(path)
  await assert.rejects(here.opens(), /^Error: The cache .+ cannot be looked at just now: .+\.$/)
  rmSync(path, { recursive: true })
  renameSync(`${path}~`, path)
  rmSync(here.archive, { recursive: true })
  cpSync(join(earlier, 'archives'), here.archive, { recursive: true })
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.equal(ledger.trouble()?.why, 'ahead')
  assert.deepEqual(inCacheFolder(here, '.damaged'), [])
})

test('the cache cannot be caught up just now: it is served as it stands, and what a start does is done as soon as it can', async (t) => {
  const here = copied(t, whole)
  removeCaches(here)
  cpSync(join(earlier, 'cache'), here.cache, { recursive: true })
  appendFileSync(here.file(january), half)
  const path = here.cacheFile()
  const other = new Database(path)
  here.leaving.push(async () => other.close())
  other.exec('begin immediate')
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.deepEqual([ledger.trouble()?.why, invitesIn(ledger), ledger.rebuilt], ['cache', 7, undefined])
  assert.match(
    ledger.trouble()?.sentence ?? '',
    /^The cache cannot follow the archive \(database is locked\); it is tried again\.$/,
  )
  await assert.rejects(invite(ledger), { reason: 'read-only' })
  other.exec('rollback')
  for (let waited = 0; ledger.trouble() && waited < 1000; waited++) await pause(10)
  assert.equal(ledger.trouble(), undefined)
  assert.equal(invitesIn(ledger), invites)
  assert.match(ledger.reports.join(), /everything behind record \d+ was moved to quarantine/)
  assert.equal(here.cacheFile(), path, 'no other was made')
  await writes(here, ledger, true)
})

test('a month is readable again, or back: looking again is enough, and a restart, too', async (t) => {
  const here = copied(t, whole)
  const kept = readFileSync(here.file(november))
  putFolderAt(here.file(november))
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.equal(ledger.trouble()?.why, 'unreadable')
  await assert.rejects(ledger.rebuild(), /^Error: 2024\/2024-11\.txt cannot be read \(a folder/)
  await ledger.standAside(async () => {})
  assert.equal(ledger.trouble()?.why, 'unreadable', 'it is not yet')
  await ledger.standAside(async () => {
    rmSync(here.file(november), { recursive: true })
    writeFileSync(here.file(november), kept)
  })
  assert.equal(ledger.trouble(), undefined)
  await writes(here, ledger, true)
  await ledger.close()
  here.disk = closedDisk(here.file(october))
  const closed = await here.opens()
  assert.equal(closed.trouble()?.why, 'unreadable')
  await closed.close()
  here.disk = realDisk
  const again = await here.opens()
  here.leaving.push(() => again.close())
  assert.deepEqual([again.trouble(), again.reports], [undefined, []])
})

test('a follower meets a month that it cannot read: it shows what it has, says so, and goes on by itself afterwards', async (t) => {
  const here = copied(t, whole)
  await anotherProcess(here, 'another cache')
  let closed = ''
  here.disk = { ...realDisk, open: (path, how) => closedDisk(closed).open(path, how) }
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.equal(ledger.trouble()?.why, 'elsewhere')
  closed = here.file(january)
  await ledger.reconcile()
  assert.match(ledger.trouble()?.sentence ?? '', /^2025\/2025-01\.txt cannot be read \(EACCES: made up\)\./)
  assert.equal(invitesIn(ledger), invites)
  closed = ''
  await ledger.reconcile()
  assert.equal(ledger.trouble()?.why, 'elsewhere')
})

test('the open month can be read and not written to: it is served, and writing begins as soon as it can', async (t) => {
  const here = copied(t, whole)
  let isClosed = true
  here.disk = {
    ...realDisk,
    open(path, how) {
      if (isClosed && how === 'append') return closedDisk(path).open(path, how)
      return realDisk.open(path, how)
    },
  }
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.equal(invitesIn(ledger), invites)
  assert.match(
    ledger.trouble()?.sentence ?? '',
    /^The archive could not be opened to write on \(EACCES: made up, '.+2025-01\.txt'\); it is tried again\.$/,
  )
  await assert.rejects(invite(ledger), { reason: 'read-only' })
  isClosed = false
  for (let waited = 0; ledger.trouble() && waited < 1000; waited++) await pause(10)
  assert.equal(ledger.trouble(), undefined)
  await writes(here, ledger, true)
})

test('whatever is wrong with the text, everything else that an operator should know is said, too', async (t) => {
  const here = copied(t, whole)
  removeCaches(here)
  change(here.file(november), bent)
  here.disk = { ...realDisk, free: () => 123_456_789 }
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.equal(ledger.trouble()?.why, 'corrupt')
  assert.match(ledger.reports.join('\n'), /^Only 123 MB are left on the disk of the archive/m)
})

test('an old cache that cannot be removed keeps nobody from starting, and is told of', async (t) => {
  const here = copied(t, whole)
  mkdirSync(join(here.cache, 'fedcba9876543210-1.sqlite'))
  const ledger = await here.opens()
  here.leaving.push(() => ledger.close())
  assert.equal(ledger.trouble(), undefined)
  assert.match(ledger.reports.join('\n'), /^An old cache could not be removed: /m)
})

test('the folder of the archive cannot be written to: it is served, and the operator reads why', async (t) => {
  const here = copied(t, whole)
  const before = bytesIn(here.archive)
  const sentence = /^The archive's folder cannot be written to: .+\.$/
  if (mayMount()) {
    t.diagnostic('a real mount, read-only, in a namespace of its own')
    const asked = await anotherProcess(here, 'cache', onAReadOnlyMount(here.archive))
    assert.equal(asked.started.trouble, 'read-only')
    assert.match(String(await asked.asks('sentence')), sentence)
    assert.equal(await asked.asks('invites'), invites)
    assert.equal(await asked.asks('write'), 'read-only')
  } else {
    t.diagnostic('a disk that fails as a read-only one does, because nothing may be mounted here')
    here.disk = readOnly(here.archive)
    const ledger = await here.opens()
    here.leaving.push(() => ledger.close())
    assert.equal(ledger.trouble()?.why, 'read-only')
    assert.match(ledger.trouble()?.sentence ?? '', sentence)
    assert.equal(invitesIn(ledger), invites)
    await writes(here, ledger, false)
  }
  isUntouched(bytesIn(here.archive), before)
})

const namespace = ['unshare', '--mount', '--map-root-user']

function mayMount(): boolean {
  const [program = '', ...options] = namespace
  return spawnSync(program, [...options, 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0
}

/** What stands before a command so that this folder cannot be written to, not even by root; it is gone with the command. */
const onAReadOnlyMount = (folder: string) => [
  ...namespace,
  'sh',
  '-c',
  'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
  folder,
]

function readOnly(folder: string): Disk {
  const refuse = (path: string) => {
    if (path.startsWith(folder))
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })
  }
  return {
    ...realDisk,
    open(path, how) {
      if (how !== 'read') refuse(path)
      return realDisk.open(path, how)
    },
    rename(from, to) {
      refuse(to)
      realDisk.rename(from, to)
    },
    remove(path) {
      refuse(path)
      realDisk.remove(path)
    },
    protect(path, mode) {
      refuse(path)
      realDisk.protect(path, mode)
    },
    lock(path) {
      refuse(path)
      return realDisk.lock(path)
    },
  }
}

interface Another {
  readonly started: { readonly trouble: string | null }
  asks(question: string): Promise<unknown>
}

/** A real one with a ledger of its own, behind whatever is to stand before its command. */
async function anotherProcess(
  { archive, secrets, leaving }: Here,
  cache: string,
  before: readonly string[] = [],
): Promise<Another> {
  const program = join(import.meta.dirname, 'second-process.ts')
  const command = [process.execPath, program, archive, join(archive, '..', cache), secrets]
  const [first = '', ...rest] = [...before, ...command]
  const child = spawn(first, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  leaving.push(() => {
    child.kill('SIGKILL')
    return ended
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const line = await lines.next()
    assert.ok(!line.done, 'the other process goes on')
    return JSON.parse(line.value)
  }
  return {
    started: await answer(),
    asks(question) {
      child.stdin.write(`${question}\n`)
      return answer()
    },
  }
}

const fault = { file: october, line: 4, sequence: 1, what: 'it is bent', offset: 0 }

/** An archive whose cache fits. */
const fitting: Findings = {
  archive: '/site/archives',
  caches: '/site/cache',
  id: 'a_ours',
  bent: undefined,
  unread: undefined,
  hasSegments: true,
  isNew: false,
  format: 'ours',
  lock: 'ours',
  isProjector: true,
  own: { is: 'usable', archive: 'a_ours', sequence: 9, stands: true },
  hasOtherSchema: false,
  promised: { archive: 'a_ours', sequence: 9 },
  backup: undefined,
}
const ahead = { ...fitting.own, stands: false } as Findings['own']
const unread = { file: november, why: 'EIO: i/o error', isClosed: false }
const missing = { is: 'missing' } as const
const unusable = { is: 'unusable', why: 'it is cut short' } as const

const decisions: readonly (readonly [string, Partial<Findings>, string])[] = [
  ['all is well', {}, 'catch up'],
  ['nothing is there, but caches of something', { hasSegments: false, own: missing }, 'refuse'],
  ['nothing is there, and FORMAT is newer', { hasSegments: false, format: 'newer' }, 'refuse'],
  [
    'nothing is there, and the lock is elsewhere',
    { hasSegments: false, promised: undefined, lock: 'elsewhere' },
    'refuse',
  ],
  ['nothing is there at all', { hasSegments: false, promised: undefined, own: missing }, 'begin'],
  [
    'nothing is there, but a backup',
    { hasSegments: false, promised: undefined, own: missing, backup: { folder: '/b', archive: 'a_ours' } },
    'refuse',
  ],
  [
    'the first record is bent, nobody ever saw it, and there is a backup',
    { id: '', bent: fault, own: missing, promised: undefined, backup: { folder: '/b', archive: undefined } },
    'refuse',
  ],
  ['FORMAT is newer, and the cache is ahead', { format: 'newer', own: ahead }, 'serve as it is: newer'],
  [
    'FORMAT is newer, and the first record is bent',
    { format: 'newer', id: '', bent: fault },
    'serve as it is: newer',
  ],
  ['FORMAT is newer, and the cache is of another archive', { format: 'newer', id: 'a_other' }, 'refuse'],
  ['FORMAT is newer, and the cache is unusable', { format: 'newer', own: unusable }, 'refuse'],
  [
    'the first record is bent, and the cache is ahead',
    { id: '', bent: fault, own: ahead },
    'serve as it is: corrupt',
  ],
  [
    'the first record is bent, and the cache is missing where others were',
    { id: '', bent: fault, own: missing },
    'refuse',
  ],
  [
    'the first record is bent, and the cache is unusable where others were',
    { id: '', bent: fault, own: unusable },
    'refuse',
  ],
  [
    'the first record is bent, and nobody ever saw it',
    { id: '', bent: fault, own: missing, promised: undefined },
    'begin',
  ],
  [
    'a file cannot be read, and the first record is bent',
    { unread, id: '', bent: fault },
    'serve as it is: unreadable',
  ],
  ['a file cannot be read, and the cache is ahead', { unread, own: ahead }, 'serve as it is: unreadable'],
  ['a file cannot be read, and FORMAT is newer', { unread, format: 'newer' }, 'serve as it is: newer'],
  ['a file cannot be read, and the cache is of another archive', { unread, id: 'a_other' }, 'refuse'],
  ['a file cannot be read, and the cache is unusable', { unread, own: unusable }, 'refuse'],
  ['a file cannot be read, and nobody ever saw it', { unread, own: missing, promised: undefined }, 'refuse'],
  [
    'a file cannot be read, and another process works there',
    { unread, isProjector: false, lock: 'elsewhere' },
    'serve as it is: unreadable',
  ],
  [
    'the cache is ahead, and there is one of another schema',
    { own: ahead, hasOtherSchema: true },
    'serve as it is: ahead',
  ],
  [
    'the cache is ahead, and the folder cannot be written to',
    { own: ahead, lock: { refused: 'EROFS' } },
    'serve as it is: ahead',
  ],
  [
    'the cache is of another archive, and would be ahead of this one',
    { id: 'a_other', own: ahead },
    'make: other-archive',
  ],
  [
    'the cache is unusable, and there is one of another schema',
    { own: unusable, hasOtherSchema: true },
    'make: unusable',
  ],
  [
    'the cache is missing, and there is one of another schema',
    { own: missing, hasOtherSchema: true },
    'make: schema',
  ],
  [
    'the cache is missing, and the archive is only read',
    { own: missing, lock: 'elsewhere' },
    'make: missing',
  ],
  ['the cache is missing, and another process works there', { own: missing, isProjector: false }, 'refuse'],
  ['the cache is unusable, and another process works there', { own: unusable, isProjector: false }, 'refuse'],
  ['the cache fits, and another process works there', { isProjector: false, lock: 'elsewhere' }, 'catch up'],
]

for (const [state, changes, decided] of decisions)
  test(`the cache, when ${state}: ${decided}`, () => {
    const decision = decideCache({ ...fitting, ...changes })
    const detail =
      decision.do === 'make' ? decision.why : decision.do === 'serve as it is' && decision.trouble.why
    assert.equal(detail ? `${decision.do}: ${detail}` : decision.do, decided)
    if (decision.do === 'refuse') assert.match(decision.sentence, /^\S.+\.$/)
  })

const well: Endings = {
  verdict: { is: 'whole' },
  isMissing: undefined,
  unread: undefined,
  months: undefined,
  unknown: new Map(),
  clockBehind: 0,
  free: 1e12,
  lastProblems: undefined,
  missingKeys: [],
}
const bentSeal = trouble('corrupt', '2024/2024-10.seal is bent.')

const endings: readonly (readonly [string, Partial<Endings>, Trouble['why'] | undefined, RegExp])[] = [
  ['all is well', {}, undefined, /^$/],
  [
    'everything is wrong at once, the bent text comes first',
    { verdict: { is: 'corrupt', fault }, isMissing: 9, months: bentSeal },
    'corrupt',
    /^2024\/2024-10\.txt, line 4, record 1: it is bent\.$/,
  ],
  [
    'records are gone and a seal is bent, the records come first',
    { isMissing: 9, months: bentSeal },
    'ahead',
    /record 9/,
  ],
  [
    'a file cannot be read and a seal is bent, the file comes first',
    { unread, months: bentSeal },
    'unreadable',
    /^2024\/2024-11\.txt cannot be read \(EIO: i\/o error\)\. Move it out of the archive/,
  ],
  [
    'the end is torn and a seal is bent',
    { verdict: { is: 'torn', fault }, months: bentSeal },
    'corrupt',
    /seal is bent/,
  ],
  [
    'the end is torn and records are gone',
    { verdict: { is: 'torn', fault }, isMissing: 9 },
    'ahead',
    /record 9/,
  ],
]

for (const [state, changes, why, sentence] of endings)
  test(`the end, when ${state}`, () => {
    const { trouble, quarantine, sentences } = decideEnd({ ...well, ...changes })
    assert.equal(trouble?.why, why)
    assert.match(trouble?.sentence ?? '', sentence)
    assert.equal(quarantine, changes.verdict?.is === 'torn' ? fault : undefined)
    assert.deepEqual(sentences, [])
  })

test('what does not keep anybody from writing is said all together, and beside whatever does', () => {
  const { trouble, sentences } = decideEnd({
    ...well,
    isMissing: 9,
    unknown: new Map([['bell.rung/1', 3]]),
    clockBehind: 6 * minutes,
    free: 1e6,
    lastProblems: '2024-12-01',
    missingKeys: [1],
  })
  assert.equal(trouble?.why, 'ahead')
  const expected = [
    /^3 records .+ bell\.rung\/1/,
    /^The clock is 6 minutes/,
    /^Only 1 MB/,
    /^The verification of 2024-12-01/,
    /^SECRETS_DIR does not hold .+\(words-1\.key\)/,
  ]
  assert.equal(sentences.length, expected.length)
  for (const [place, sentence] of expected.entries()) assert.match(sentences[place] ?? '', sentence)
  assert.deepEqual(
    decideEnd({ ...well, clockBehind: 5 * minutes, free: 500e6 }).sentences,
    [],
    'not below the limits',
  )
})

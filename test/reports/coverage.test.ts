import assert from 'node:assert/strict'
import { closeSync, existsSync, openSync, readdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import test, { type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import { realDisk } from '../../src/archive/disk.ts'
import { teachSearching } from '../../src/cache/search.ts'
import { catalogue } from '../../src/catalogue.ts'
import { markPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { defineEvent, type Kind } from '../../src/kernel/event.ts'
import { world } from '../../src/kernel/stamp.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { kinds, tables } from '../../src/records/kinds.ts'
import { coverageReport } from '../../src/reports/coverage.ts'
import type { Folders } from '../../src/reports/folders.ts'
import { statusReport } from '../../src/reports/status.ts'
import { verifyReport } from '../../src/reports/verify.ts'
import { type Community, community } from '../tools/community.ts'

interface Here extends Community {
  readonly folders: Folders
  /** Path of the live cache. */
  readonly path: string
}

/** Ruth, who asked twice and prayed once; the site goes on while reports are made. */
async function ruthsCommunity(t: TestContext): Promise<Here> {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  for (const request of ['For rain.', 'For my mother.']) {
    const { prayer } = await here.does(ruth, postPrayer, { request })
    if (request === 'For rain.') await here.does(ruth, markPrayer, { prayer })
  }
  const path = here.ledger.cache().sqlite.name
  const { archive } = here.ledger
  return {
    ...here,
    path,
    folders: { disk: realDisk, source: world, archive, cache: dirname(path), catalogue },
  }
}

/** Changes the cache behind the back of the site, as somebody with a SQLite shell does. */
function byHand({ path }: Here, sql: string) {
  const sqlite = new Database(path).unsafeMode()
  teachSearching(sqlite)
  try {
    sqlite.exec(sql)
  } finally {
    sqlite.close()
  }
}

const keyIn = ({ ledger }: Here, sql: string) =>
  ledger.cache().sqlite.prepare(sql).pluck().get() as string | number

/** What both reports say of the tables that differ. */
async function differing({ folders }: Here) {
  const covered = await coverageReport(folders, false)
  const verified = await verifyReport(folders, true)
  assert.equal(covered.ok, verified.ok)
  const told = covered.tables
    .filter(({ equal }) => !equal)
    .map(({ table, rows, differing }) => ({ table, rows, differing }))
  const alsoTold = verified.deep?.tables
    .filter(({ equal }) => !equal)
    .map(({ table, rows, differing }) => ({ table, rows, differing }))
  assert.deepEqual(alsoTold, told)
  return told
}

test('every table has its kinds, with the records and the rows they come to', async (t) => {
  const here = await ruthsCommunity(t)
  const report = await coverageReport(here.folders, true)
  assert.deepEqual([report.ok, report.problems, report.idle, report.unknown], [true, [], [], []])
  assert.equal(report.sequence, here.ledger.head().sequence)
  assert.equal(report.tables.length, tables.length)
  assert.ok(report.tables.every(({ kinds: filling, equal }) => filling.length > 0 && equal))
  const prayers = report.tables.find(({ table }) => table === 'prayers')
  assert.deepEqual(
    [prayers?.kinds, prayers?.rowsLive, prayers?.rowsRebuilt],
    [
      kinds
        .filter(({ tables }) => tables.some((table) => getTableName(table) === 'prayers'))
        .map(({ name }) => ({ kind: name, records: name === 'prayer.posted' ? 2 : 0 })),
      2,
      2,
    ],
  )
  const records = new Map(report.tables.flatMap((table) => table.kinds).map((one) => [one.kind, one.records]))
  assert.deepEqual([...records.keys()].sort(), kinds.map(({ name }) => name).sort())
  assert.equal(
    [...records.values()].reduce((sum, count) => sum + count, 0),
    report.sequence,
    'every record is of one kind',
  )
  assert.deepEqual(leftovers(here), [])
})

const leftovers = ({ folders }: Here) =>
  readdirSync(folders.cache).filter((name) => name.startsWith('compare-'))

test('a row that was changed by hand is named, with its columns', async (t) => {
  const here = await ruthsCommunity(t)
  const key = keyIn(here, "select id from prayers where request = 'For rain.'")
  byHand(here, "update prayers set request = 'For snow.' where request = 'For rain.'")
  assert.deepEqual(await differing(here), [
    { table: 'prayers', differing: 1, rows: [{ is: 'different', key, columns: ['request'] }] },
  ])
})

test('a row that was taken away by hand is named', async (t) => {
  const here = await ruthsCommunity(t)
  const key = keyIn(here, 'select sequence from marks')
  byHand(here, 'delete from marks')
  assert.deepEqual(await differing(here), [
    { table: 'marks', differing: 1, rows: [{ is: 'missing', key, columns: [] }] },
  ])
})

test('a row that was added by hand is named', async (t) => {
  const here = await ruthsCommunity(t)
  byHand(
    here,
    "insert into roles select 'm_eve.admin', 'm_eve', role, grantedBy, grantedAt, until from roles",
  )
  assert.deepEqual(await differing(here), [
    { table: 'roles', differing: 1, rows: [{ is: 'extra', key: 'm_eve.admin', columns: [] }] },
  ])
})

test('of many rows the first five are named, and a deep report names them all', async (t) => {
  const here = await ruthsCommunity(t)
  const rows = Array.from({ length: 12 }, (_, index) => `(${1000 + index}, 'p', 'm', 'a', 'w')`)
  byHand(here, `delete from marks; insert into marks values ${rows.join()}`)
  const few = (await coverageReport(here.folders, false)).tables.find(({ table }) => table === 'marks')
  assert.deepEqual([few?.rowsLive, few?.rowsRebuilt, few?.differing, few?.rows.length], [12, 1, 13, 5])
  assert.deepEqual(
    few?.rows.map(({ is }) => is),
    ['missing', 'extra', 'extra', 'extra', 'extra'],
  )
  const all = (await coverageReport(here.folders, true)).tables.find(({ table }) => table === 'marks')
  assert.equal(all?.rows.length, 13)
})

test('keys are compared in the order that SQLite sorts them, beyond the letters of English, too', async (t) => {
  const here = await ruthsCommunity(t)
  // By UTF-16 the face comes before the other letter, by bytes behind it.
  const keys = ['\u{1F600}', '\uFB01', 'a', 'Z']
  const values = keys.map((key) => `('${key}', 1, 'now')`).join()
  byHand(here, `insert into archives values ${values}`)
  const [found] = await differing(here)
  assert.equal(found?.differing, keys.length, 'and the row of the archive itself is found to be the same')
})

test('a table that no kind fills, and one that is gone, are named', async (t) => {
  const here = await ruthsCommunity(t)
  byHand(here, 'create table moods (id text primary key); drop table erasures')
  const report = await coverageReport(here.folders, false)
  assert.equal(report.ok, false)
  assert.deepEqual(report.problems, ['No kind fills the table moods.'])
  const different = report.tables.filter(({ equal }) => !equal)
  assert.deepEqual(
    different.map(({ table, rowsLive }) => [table, rowsLive]),
    [
      ['erasures', null],
      ['moods', 0],
    ],
  )
  assert.equal((await verifyReport(here.folders, true)).ok, false)
})

test('a kind that fills no table is named', async (t) => {
  const { folders } = await ruthsCommunity(t)
  const report = await coverageReport({ ...folders, catalogue: withBell(false) }, false)
  assert.deepEqual([report.ok, report.idle], [false, ['bell.rung']])
  assert.deepEqual(report.problems, ['The kind bell.rung fills no table.'])
})

test('a damaged cache is said to be so: a deep report looks at its indexes', async (t) => {
  const here = await ruthsCommunity(t)
  byHand(
    here,
    `create temp table pages as select name, rootpage from sqlite_schema where name in ('members_invite', 'members_name_key');
     pragma writable_schema = on;
     update sqlite_schema set rootpage = (select rootpage from pages where pages.name <> sqlite_schema.name)
     where name in (select name from pages)`,
  )
  assert.equal((await coverageReport(here.folders, false)).ok, true, 'the rows are there')
  const deep = await coverageReport(here.folders, true)
  assert.equal(deep.ok, false)
  assert.match(deep.problems[0] ?? '', /^The file of the cache is damaged: .*members_/)
})

test('a table whose pages are damaged is said to be unreadable, and the others are compared all the same', async (t) => {
  const here = await ruthsCommunity(t)
  const page = keyIn(here, "select rootpage from sqlite_schema where name = 'prayers'")
  await here.ledger.close()
  byHand(here, 'pragma wal_checkpoint(truncate)')
  const file = openSync(here.path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, 4096 * (Number(page) - 1))
  closeSync(file)
  const { ok, problems, tables: found } = await coverageReport(here.folders, false)
  assert.equal(ok, false)
  assert.match(problems[0] ?? '', /^The table prayers cannot be read: .*malformed\.$/)
  assert.deepEqual(
    found.filter(({ equal }) => !equal).map(({ table }) => table),
    ['prayers'],
  )
})

const withBell = (critical: boolean) => {
  const bell: Kind = defineEvent({
    name: 'bell.rung',
    version: 1,
    critical,
    values: {},
    tables: [],
    project: () => {},
  })
  return { ...catalogue, kinds: [...catalogue.kinds, bell] }
}

for (const critical of [false, true])
  test(`a kind that only a newer version knows is counted and ${critical ? 'stands in the way of comparing' : 'reported'}`, async (t) => {
    const here = await ruthsCommunity(t)
    await here.ledger.close()
    const newer = withBell(critical)
    const secrets = `${here.folders.cache}/../secrets`
    const ledger = await openLedger({
      ...here.folders,
      secrets,
      catalogue: newer,
      isReadOnly: false,
    })
    const [bell] = newer.kinds.slice(-1) as [ReturnType<typeof defineEvent>]
    for (let time = 0; time < 3; time++)
      await ledger.record(() => ({ drafts: [bell.of({ by: 'operator' })], result: null }))
    await ledger.close()

    const unknown = [{ kind: 'bell.rung/1', records: 3 }]
    const server = { running: false, trouble: null }
    assert.deepEqual(
      statusReport({ ...here.folders, secrets }, server).archive.unknown,
      [],
      'the cache has seen them already',
    )
    const report = await coverageReport(here.folders, false)
    assert.deepEqual(report.unknown, unknown)
    assert.equal(report.ok, !critical)
    if (critical) assert.match(report.problems[0] ?? '', /^Record \d+ is bell\.rung\/1!, which this version/)
    else assert.ok(report.tables.every(({ equal }) => equal))
    assert.deepEqual((await verifyReport(here.folders, false)).unknown, unknown)
    assert.deepEqual(statusReport({ ...here.folders, secrets }, server).archive.unknown, unknown)
    const { archive } = statusReport({ ...here.folders, secrets, catalogue: newer }, server)
    assert.deepEqual(archive.unknown, [], 'the newer version knows them')
  })

test('without a cache the matrix says what a rebuild would give', async (t) => {
  const { folders } = await ruthsCommunity(t)
  const elsewhere = { ...folders, cache: `${folders.cache}/elsewhere` }
  const report = await coverageReport(elsewhere, false)
  assert.equal(report.ok, false)
  assert.match(report.problems[0] ?? '', /^There is no cache/)
  const prayers = report.tables.find(({ table }) => table === 'prayers')
  assert.deepEqual([prayers?.rowsLive, prayers?.rowsRebuilt], [null, 2])
  assert.ok(existsSync(elsewhere.cache))
})

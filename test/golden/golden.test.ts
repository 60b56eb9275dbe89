import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { SqliteError } from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import fc from 'fast-check'
import { realDisk } from '../../src/archive/disk.ts'
import { readGroups } from '../../src/archive/read.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { bulkWriter } from '../../src/cache/bulk.ts'
import { createIndexes } from '../../src/cache/schema.ts'
import { type CacheWriter, cacheWriter } from '../../src/cache/writer.ts'
import { catalogue } from '../../src/catalogue.ts'
import type { Kind, Table } from '../../src/kernel/event.ts'
import { projector } from '../../src/ledger/project.ts'
import { kinds, tables } from '../../src/records/kinds.ts'
import { everyKind } from '../archive/arbitrary.ts'
import { archiveDisk, filesOf, readAll, segmentsOf } from '../tools/archive.ts'
import { allRows, emptyCache } from '../tools/cache.ts'
import { grown, joined, type Pin, pinFile, sumOf } from './grow.ts'
import { goldenRows, pinnedRows } from './rows.ts'
import { goldenGroups } from './samples.ts'

const golden = filesOf(catalogue.golden)
const { records, groups, end } = readAll(archiveDisk(golden))
const pin: Pin = JSON.parse(readFileSync(pinFile, 'utf8'))

suite('the golden archive', () => {
  test('is what its samples print: after adding one, npm run golden', () => {
    assert.deepEqual(
      Object.fromEntries(Object.entries(golden).map(([name, bytes]) => [name, bytes.toString()])),
      segmentsOf(goldenGroups()),
    )
  })

  test('still begins with every byte that was pinned at a release', () => {
    assert.ok(pin.records > 40 && records.length >= pin.records)
    assert.equal(sumOf(joined(golden).subarray(0, pin.bytes)), pin.sha256)
  })

  test('is only ever added to: npm run golden refuses to change what stands there', () => {
    const printed = segmentsOf(goldenGroups())
    const [name = '', text = ''] = Object.entries(printed)[0] ?? []
    const shorter = { [name]: Buffer.from(text.slice(0, text.indexOf('\n@9 ') + 1)) }
    assert.deepEqual(grown(shorter, printed), golden, 'what is missing is added')
    assert.deepEqual(grown({}, printed), golden)
    const other = { ...printed, [name]: text.replace('Ruth', 'Ruby') }
    assert.throws(() => grown(golden, other), /byte \d+, behind "@3\+3 .*only ever added to/)
    assert.throws(() => grown(golden, { [name]: text }), /only ever added to/, 'nor is a month left out')
  })

  test('verifies: its erased words are named', () => {
    assert.deepEqual(end.fault, undefined)
    const known = /^it is missing$|^this month is over and has no seal$|is not in the list$/
    const { problems } = verifyArchive(realDisk, catalogue.golden)
    assert.deepEqual(
      problems.filter(({ what }) => !known.test(what)),
      [],
    )
    assert.ok(records.some(({ blocks }) => blocks.some((block) => 'erased' in block)))
  })

  test('is small enough to be projected at every start', () => {
    assert.ok(records.length < 400, `${records.length} records`)
  })

  test('still reads: every record of it is known to this code', () => {
    const { project, unknown } = projector(kinds)
    const writer = cacheWriter(emptyCache())
    for (const record of records) project(writer, record)
    assert.deepEqual([...unknown], [])
  })
})

suite('a sample of everything', () => {
  test('every version of every kind, up to the one that is written now', () => {
    const seen = new Set(records.map(({ kind, version }) => `${kind}/${version}`))
    const wanted = kinds.flatMap(({ name, version }) =>
      Array.from({ length: version }, (_, index) => `${name}/${index + 1}`),
    )
    assert.deepEqual(
      wanted.filter((one) => !seen.has(one)),
      [],
    )
  })

  for (const { kind, given, of } of everyKind) {
    test(`${kind.name} with and without each optional part, and with each of few words`, () => {
      const possible = fc.sample(given, { numRuns: 300, seed: 1 }).map((one) => {
        const { values, words } = of(one)
        return new Map([...values, ...words.map(([field]) => [field, '~'] as const)])
      })
      const stand = records
        .filter((record) => record.kind === kind.name && record.version === kind.version)
        .map(
          ({ values, blocks }) => new Map([...values, ...blocks.map(({ field }) => [field, '~'] as const)]),
        )
      for (const name of new Set(possible.flatMap((one) => [...one.keys()]))) {
        if (['by', 'at', 'key', 'source'].includes(name)) continue
        const words = new Set(possible.map((one) => one.get(name)))
        const shown = new Set(stand.map((one) => one.get(name)))
        if (words.size <= 8) assert.deepEqual([...shown].sort(), [...words].sort(), name)
        else assert.equal(shown.has(undefined), words.has(undefined), `${name}, present and absent`)
      }
    })
  }

  test('the keys that every kind may have, each present and absent', () => {
    for (const name of ['at', 'key', 'source'])
      assert.deepEqual(
        new Set(records.map(({ values }) => values.some(([key]) => key === name))).size,
        2,
        name,
      )
    const by = new Set(records.map(({ values }) => values.find(([key]) => key === 'by')?.[1]))
    for (const who of ['operator', 'visitor', 'schedule']) assert.ok(by.has(who), who)
  })

  test('groups, critical records, erased words beside words that are there, several months', () => {
    assert.ok(groups.some(({ records: group }) => group.length > 2))
    for (const kind of kinds) {
      const sample = records.find((record) => record.kind === kind.name && record.version === kind.version)
      assert.equal(sample?.critical, kind.critical, kind.name)
    }
    assert.ok(
      records.some(({ blocks }) => new Set(blocks.map((block) => 'erased' in block)).size === 2),
      'one erased block and one that is not',
    )
    assert.ok(Object.keys(golden).length > 1)
  })
})

/** What the projector of a kind asks its events for. */
function fieldsRead(kind: Kind): Set<string> {
  const read = new Set<string>()
  const spying: Kind = {
    ...kind,
    project(cache, event) {
      kind.project(
        cache,
        new Proxy(event, {
          get(target, name) {
            read.add(String(name))
            return Reflect.get(target, name)
          },
        }),
      )
    },
  }
  rowsWith(spying)
  return read
}

/** One cache for all that is tried, and nothing of it is kept: to make a new one thousands of times would take minutes. */
function scratch() {
  const cache = emptyCache()
  const writer = cacheWriter(cache)
  return (write: (writer: CacheWriter) => void, read: readonly Table[]) => {
    cache.sqlite.exec('begin')
    try {
      write(writer)
      writer.settle()
      return allRows(cache, read)
    } finally {
      cache.sqlite.exec('rollback')
      writer.forget()
    }
  }
}

const trying = scratch()

/**
 * The rows that a kind has its part in when it is another one; undefined when SQLite takes no such rows at all. Other kinds
 * are projected only where they fill the same tables.
 */
function rowsWith(other: Kind) {
  const near = kinds.filter(({ tables }) => tables.some((table) => other.tables.includes(table)))
  const names = new Set(near.map(({ name }) => name))
  const projecting = projector(near.map((kind) => (kind.name === other.name ? other : kind)))
  try {
    return trying((writer) => {
      for (const record of records) if (names.has(record.kind)) projecting.project(writer, record)
    }, other.tables)
  } catch (error) {
    if (error instanceof SqliteError || error instanceof TypeError) return undefined
    throw error
  }
}

suite('projecting the golden archive', () => {
  const project = (times: (record: (typeof records)[number]) => number, rounds = 1) => {
    const projecting = projector(kinds)
    return trying((writer) => {
      for (let round = 0; round < rounds; round++) {
        for (const record of records) {
          for (let time = 0; time < times(record); time++) projecting.project(writer, record)
          writer.settle()
        }
      }
    }, tables)
  }
  const once = project(() => 1)

  test('fills every table', () => {
    assert.deepEqual(
      once.map((rows) => rows.length > 0),
      tables.map(() => true),
    )
  })

  test('makes the rows it made before: when they are meant to be others, npm run schema', () => {
    const [before, now] = [pinnedRows(), goldenRows(kinds)]
    const names = new Set([...Object.keys(before), ...Object.keys(now)])
    assert.deepEqual(
      [...names].filter((name) => before[name] !== now[name]),
      [],
      'these tables have other rows: with this code every site makes its cache anew',
    )
  })

  test('tells every field from every other: a projector that took the wrong one would make other rows', () => {
    const alike: string[] = []
    for (const kind of kinds) {
      const read = fieldsRead(kind)
      const right = rowsWith(kind)
      for (const field of read)
        for (const other of new Set([...read, 'by', 'at', 'writtenAt', 'sequence'])) {
          const wrong: Kind = {
            ...kind,
            project: (cache, event) => kind.project(cache, { ...event, [field]: Reflect.get(event, other) }),
          }
          if (other !== field && isDeepStrictEqual(rowsWith(wrong), right))
            alike.push(`${kind.name}: ${other} for ${field}`)
        }
    }
    // There is one first record, which nobody could write down later.
    const known = ['archive.opened: sequence for format', 'archive.opened: writtenAt for at']
    assert.deepEqual(alike, known, 'add samples in which these are not the same')
  })

  test('touches the tables that the kind names, each of them and no others', () => {
    const cache = emptyCache()
    const writer = cacheWriter(cache)
    for (const kind of kinds) {
      const touched = new Set<Table>()
      const watched = new Proxy(writer, {
        get: (target, name) => {
          const method = Reflect.get(target, name)
          return (table: Table, ...given: unknown[]) => {
            assert.ok(kind.tables.includes(table), `${kind.name} and ${getTableName(table)}`)
            touched.add(table)
            return Reflect.apply(method, target, [table, ...given])
          }
        },
      })
      for (const record of records) if (record.kind === kind.name) projector([kind]).project(watched, record)
      assert.deepEqual(
        kind.tables.filter((table) => !touched.has(table)).map(getTableName),
        [],
        `${kind.name} names a table that it never touches`,
      )
    }
  })

  test('each record twice gives the same rows as once', () => {
    assert.deepEqual(
      project(() => 2),
      once,
    )
  })

  test('any one record twice gives the same rows as once', () => {
    for (const one of records)
      assert.deepEqual(
        project((record) => (record === one ? 2 : 1)),
        once,
      )
  })

  test('all of it twice gives the same rows as once', () => {
    assert.deepEqual(
      project(() => 1, 2),
      once,
    )
  })

  test('in bulk, with indexes made at the end, gives the same rows as record by record', () => {
    const cache = emptyCache('without indexes')
    const writer = bulkWriter(cache)
    const projecting = projector(kinds)
    for (const record of records) projecting.project(writer, record)
    writer.settle()
    createIndexes(cache)
    assert.deepEqual(allRows(cache, tables), once)
  })

  test('from a real folder gives what memory gives', () => {
    assert.deepEqual([...readGroups(realDisk, catalogue.golden)], groups)
  })
})

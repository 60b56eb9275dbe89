import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { suite, test } from 'node:test'
import { getTableName } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import { cursors } from '../../src/cache/cursor.ts'
import { digestTable } from '../../src/cache/schema.ts'
import { cacheWriter } from '../../src/cache/writer.ts'
import { archives } from '../../src/records/archive.ts'
import { tables } from '../../src/records/kinds.ts'
import { emptyCache } from '../tools/cache.ts'

const project = resolve(import.meta.dirname, '../..')

suite('schema.sql', () => {
  const { sqlite } = emptyCache()

  test('has the tables that kinds own and the cursor, and no others', () => {
    const made = sqlite
      .prepare(
        "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%' order by name",
      )
      .pluck()
      .all()
    assert.deepEqual(made, [...tables, cursors].map(getTableName).sort())
  })

  for (const table of [...tables, cursors]) {
    test(`makes ${getTableName(table)} as its columns and indexes are defined`, () => {
      const { columns, indexes, name } = getTableConfig(table)
      assert.deepEqual(
        sqlite.prepare('select name, lower(type) as type, "notnull", pk from pragma_table_info(?)').all(name),
        columns.map((column) => ({
          name: column.name,
          type: column.getSQLType(),
          notnull: Number(column.notNull),
          pk: Number(column.primary),
        })),
      )
      const made = sqlite
        .prepare('select name, "unique" from pragma_index_list(?) where origin = \'c\' order by name')
        .all(name)
      const defined = indexes.map(({ config }) => ({ name: config.name, unique: Number(config.unique) }))
      assert.deepEqual(
        made,
        defined.sort((one, other) => (one.name < other.name ? -1 : 1)),
      )
    })
  }

  test('is what npm run schema makes; npm run schema:check says what to do when it is not', () => {
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
    const check = (cwd: string) =>
      spawnSync('sh', ['-c', scripts['schema:check']], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${join(project, 'node_modules/.bin')}:${process.env.PATH}` },
      })
    const now = check(project)
    assert.deepEqual([now.status, now.stderr], [0, ''], now.stdout)

    const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
    try {
      for (const name of ['src/records', 'src/cache', 'src/kernel', 'drizzle.config.ts'])
        cpSync(join(project, name), join(folder, name), { recursive: true })
      mkdirSync(join(folder, 'src'), { recursive: true })
      symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
      assert.equal(check(folder).status, 0, 'the copy is the same code')
      const path = join(folder, 'src/records/archive.ts')
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.replace('id: text().primaryKey(),', 'id: text().primaryKey(), mood: text(),'))
      const changed = check(folder)
      assert.equal(changed.status, 1)
      assert.match(changed.stdout, /^\+\s*`mood` text/m)
      assert.match(
        changed.stderr,
        /schema\.sql is not what the tables in src\/records come to\. Run: npm run schema/,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

suite('the digest of a table', () => {
  const rows = Array.from({ length: 2500 }, (_, index) => ({
    id: `a_${String(index).padStart(16, '0')}`,
    format: 1,
    openedAt: '2026-11-22T07:00:00.000Z',
  }))
  const digestOf = (given: typeof rows) => {
    const cache = emptyCache()
    const writer = cacheWriter(cache)
    for (const row of given) writer.put(archives, row)
    return digestTable(cache, archives)
  }
  const whole = digestOf(rows)

  test('counts its rows and does not depend on the order they were written in', () => {
    assert.equal(whole.rows, 2500)
    assert.deepEqual(digestOf(rows.toReversed()), whole)
  })

  test('is another when any row is missing or any value differs', () => {
    for (const index of [0, 1, 998, 999, 1000, 1001, 1999, 2000, 2499]) {
      assert.notEqual(digestOf(rows.toSpliced(index, 1)).digest, whole.digest)
      const other = rows.with(index, { ...(rows[index] as (typeof rows)[number]), format: 2 })
      assert.notEqual(digestOf(other).digest, whole.digest)
    }
    assert.notEqual(digestOf([]).digest, whole.digest)
  })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { isSameTable } from '../../src/cache/compare.ts'
import { openBoth, openForBuilding, openForWriting } from '../../src/cache/open.ts'
import { createTables } from '../../src/cache/schema.ts'
import { tables } from '../../src/records/kinds.ts'

const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
const [path, other] = [join(folder, 'one.sqlite'), join(folder, 'other.sqlite')]
for (const file of [path, other]) {
  const building = openForBuilding(file)
  createTables(building)
  building.close()
  openForWriting(file).close()
}
const [one, two, both] = [openForWriting(path), openForWriting(other), openBoth(path, other)]
test.after(() => {
  for (const connection of [both, one, two]) connection.close()
  rmSync(folder, { recursive: true })
})

for (const table of tables) {
  const name = getTableName(table)
  const columns: { name: string; notNull: boolean }[] = Object.values(getTableColumns(table))
  const fill = (cache: typeof one, keys: readonly string[]) => {
    cache.sqlite.exec(`delete from ${name}`)
    for (const key of keys) cache.sqlite.exec(`insert into ${name} values (${columns.map(() => `'${key}'`)})`)
  }
  const become = (change: string) => {
    fill(two, ['1', '2', '3'])
    assert.equal(isSameTable(both, table), true, 'the same before')
    two.sqlite.exec(change)
    return isSameTable(both, table)
  }

  test(`two caches have the same ${name} only when every row is the same in every column`, () => {
    fill(one, ['1', '2', '3'])
    for (const column of columns) {
      assert.equal(become(`update ${name} set "${column.name}" = '7' where rowid = 2`), false, column.name)
      if (column.notNull) continue
      assert.equal(become(`update ${name} set "${column.name}" = null where rowid = 2`), false, column.name)
    }
    assert.equal(become(`delete from ${name} where rowid = 2`), false, 'one is missing')
    assert.equal(become(`insert into ${name} values (${columns.map(() => `'9'`)})`), false, 'one more')
    assert.equal(become(`delete from ${name}`), false, 'none is left')
  })
}

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { catalogue } from '../../src/catalogue.ts'
import type { Kind } from '../../src/kernel/event.ts'
import { schemaHashOf } from '../../src/ledger/behaviour.ts'
import { kinds } from '../../src/records/kinds.ts'

const project = resolve(import.meta.dirname, '../..')
const hashOf = (given: readonly Kind[]) => schemaHashOf(realDisk, { ...catalogue, kinds: given })
const hash = hashOf(kinds)

/** All kinds, one of which projects otherwise. */
const withOther = (name: string, project: Kind['project']) =>
  kinds.map((kind) => (kind.name === name ? { ...kind, project } : kind))

suite('the schema hash', () => {
  test('is the same each time, whatever order the kinds are listed in', () => {
    assert.match(hash, /^[0-9a-f]{16}$/)
    assert.equal(hashOf(kinds), hash)
    assert.equal(hashOf(kinds.toReversed()), hash)
  })

  for (const kind of kinds) {
    test(`is another when ${kind.name} makes other rows`, () => {
      assert.notEqual(hashOf(withOther(kind.name, () => {})), hash)
    })
  }

  test('is the same when a projector was only written otherwise', () => {
    for (const kind of kinds)
      assert.equal(hashOf(withOther(kind.name, (cache, event) => kind.project(cache, { ...event }))), hash)
  })

  test('is not made from a golden archive that does not verify', (t) => {
    const folder = temporary(t)
    cpSync(catalogue.golden, folder, { recursive: true })
    const path = join(folder, '2026/2026-11.txt')
    writeFileSync(path, readFileSync(path, 'utf8').replace('Ruth', 'Ruby'))
    assert.throws(
      () => schemaHashOf(realDisk, { ...catalogue, golden: folder }),
      /golden archive: 2026\/2026-11\.txt, line 1\d/,
    )
  })

  test('is another when a table gains a column or an index, and the same when only blanks differ', (t) => {
    const folder = temporary(t)
    cpSync(join(project, 'src'), join(folder, 'src'), { recursive: true })
    symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const path = join(folder, 'src/cache/schema.sql')
    const ddl = readFileSync(path, 'utf8')
    const hashWith = (changed: string) => {
      writeFileSync(path, changed)
      const code = `
        import { realDisk } from './src/archive/disk.ts'
        import { catalogue } from './src/catalogue.ts'
        import { schemaHashOf } from './src/ledger/behaviour.ts'
        process.stdout.write(schemaHashOf(realDisk, catalogue))`
      const run = ['--import', './src/preload.ts', '--input-type=module', '--eval', code]
      return execFileSync(process.execPath, run, { cwd: folder, encoding: 'utf8' })
    }
    assert.equal(hashWith(ddl), hash, 'the copy is the same code')
    assert.equal(hashWith(ddl.replaceAll('\t', '   ')), hash)
    assert.notEqual(hashWith(ddl.replace('\n);', ',\n\t`mood` text\n);')), hash)
    assert.notEqual(hashWith(`${ddl}CREATE INDEX \`marks_at\` ON \`marks\` (\`at\`);\n`), hash)
  })
})

function temporary(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

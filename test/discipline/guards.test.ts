import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { type Copy, copyOfCode } from './copy.ts'

/*
 * The tests that stand in for SQL migrations only help as long as they can fail. Here each of them meets, in a copy of
 * the code, the mistake that it is there for.
 */

interface Guard {
  readonly mistake: string
  readonly make: (copy: Copy) => void
  readonly file: string
  /** The test that has to fail, and what it has to say. */
  readonly name: string
  readonly says: RegExp
  /** What puts it right again, where it was no mistake. */
  readonly mend?: (copy: Copy) => void
}

const architecture = 'test/architecture.test.ts'
const golden = 'test/golden/golden.test.ts'

const guards: readonly Guard[] = [
  {
    mistake: 'a table that no kind fills',
    make: (copy) =>
      copy.append(
        'src/records/prayers.ts',
        "\nexport const moods = sqliteTable('moods', { id: text().primaryKey(), mood: text() })\n",
      ),
    file: architecture,
    name: 'every table is filled by a kind',
    says: /'moods'/,
  },
  {
    mistake: 'a kind that is not in the list',
    make: (copy) =>
      copy.change('src/records/kinds.ts', ['  prayerUnmarked,\n  recordErased,', '  recordErased,']),
    file: architecture,
    name: 'every kind that is defined can happen',
    says: /prayer\.unmarked/,
  },
  {
    mistake: 'a kind that names a table which it never fills',
    make: (copy) =>
      copy.change('src/records/marks.ts', [
        '  tables: [marks, prayerCounts],',
        '  tables: [marks, prayerCounts, keys],',
      ]),
    file: golden,
    name: 'touches the tables that the kind names',
    says: /prayer\.unmarked names a table that it never touches/,
  },
  {
    mistake: 'a kind that fills a table which it does not name',
    make: (copy) =>
      copy.change('src/records/marks.ts', ['  tables: [marks, prayerCounts],', '  tables: [marks],']),
    file: golden,
    name: 'touches the tables that the kind names',
    says: /prayer\.unmarked and prayer_counts/,
  },
  {
    mistake: 'a projector that does something else than before, without npm run schema',
    make: (copy) =>
      copy.change('src/records/marks.ts', ['writtenAt: event.writtenAt', 'writtenAt: event.at']),
    file: golden,
    name: 'makes the rows it made before',
    says: /every site makes its cache anew[\s\S]*'marks'/,
    mend: (copy) => assert.ok(copy.npm('schema').isWell),
  },
  {
    mistake: 'a table with another column, without npm run schema',
    make: (copy) =>
      copy.change('src/records/prayers.ts', [
        'postedAt: text().notNull(),',
        'postedAt: text().notNull(), mood: text(),',
      ]),
    file: 'test/cache/schema.test.ts',
    name: 'makes prayers as its columns and indexes are defined',
    says: /mood/,
    mend: (copy) => {
      copy.change('src/records/prayers.ts', [
        'request: event.request ?? null,',
        'request: event.request ?? null, mood: null,',
      ])
      assert.ok(copy.npm('schema').isWell)
    },
  },
  {
    mistake: 'a golden record that was edited',
    make: (copy) => copy.change('src/records/golden/2026/2026-11.txt', ['| Mary Johnson', '| Mary Jonson']),
    file: golden,
    name: 'verifies: its erased words are named',
    says: /the closing hash|2026-11\.txt/,
  },
  {
    mistake: 'a sample that was edited',
    make: (copy) => {
      copy.change('test/golden/samples.ts', ["'Mary Johnson'", "'Mary Jonson'"])
      const { isWell, said } = copy.npm('golden')
      assert.equal(isWell, false)
      assert.match(said, /2026-11\.txt: what stands there differs .*only ever added to/)
    },
    file: golden,
    name: 'is what its samples print: after adding one, npm run golden',
    says: /Mary Jonson/,
  },
  {
    mistake: 'a golden archive that was made anew from edited samples',
    make: (copy) => {
      copy.change('test/golden/samples.ts', ["'Mary Johnson'", "'Mary Jonson'"])
      rmSync(join(copy.folder, 'src/records/golden'), { recursive: true })
      assert.ok(copy.npm('golden').isWell)
    },
    file: golden,
    name: 'still begins with every byte that was pinned at a release',
    says: /Expected values to be strictly equal/,
  },
]

test('without any mistake all of them pass', () => {
  const copy = copyOfCode()
  try {
    for (const file of new Set(guards.map((guard) => guard.file))) {
      const names = guards.filter((guard) => guard.file === file).map(({ name }) => name)
      const { isWell, said } = copy.test(file, names.join('|'))
      assert.equal(isWell, true, said)
      for (const name of names) assert.match(said, new RegExp(`✔ ${name}`))
    }
  } finally {
    copy.remove()
  }
})

suite('a test fails, and says why, at', () => {
  for (const { mistake, make, file, name, says, mend } of guards)
    test(mistake, () => {
      const copy = copyOfCode()
      try {
        make(copy)
        const { isWell, said } = copy.test(file, name)
        assert.equal(isWell, false, 'it fails now')
        assert.match(said, new RegExp(`✖ ${name}`))
        assert.match(said, says)
        if (!mend) return
        mend(copy)
        assert.equal(copy.test(file, name).isWell, true, 'it passes again')
      } finally {
        copy.remove()
      }
    })
})

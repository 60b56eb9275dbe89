import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { command, type Home, home, inviteTo, memberAt, serve, undoing } from '../tools/site.ts'
import { type Copy, copyOfCode } from './copy.ts'

/*
 * The whole promise, as a developer and an operator live it: the next version says of each "I prayed" whether it was
 * aloud. There is no migration; the new code finds no cache of its own and makes one, and the old code finds its own again.
 */

const marks = 'src/records/marks.ts'

function addColumn(copy: Copy) {
  copy.change(marks, [
    '    writtenAt: text().notNull(),\n',
    "    writtenAt: text().notNull(),\n    aloud: integerColumn({ mode: 'boolean' }).notNull(),\n",
  ])
}

/** A new field is a new version of its kind, and says what the old ones meant. */
function addField(copy: Copy) {
  copy.change(
    marks,
    [
      "import { id, integer } from '../kernel/fields.ts'",
      "import { flag, id, integer } from '../kernel/fields.ts'",
    ],
    [
      "  name: 'prayer.marked',\n  version: 1,\n  values: { prayer: id('prayer') },",
      "  name: 'prayer.marked',\n  version: 2,\n  values: { prayer: id('prayer'), aloud: flag() },\n" +
        "  lift: { 1: (wording) => ({ ...wording, values: [...wording.values, ['aloud', 'no'] as const] }) },",
    ],
    ['      writtenAt: event.writtenAt,\n', '      writtenAt: event.writtenAt,\n      aloud: event.aloud,\n'],
  )
  copy.change('src/commands/marks.ts', [
    'prayerMarked.of({ by: actor.member, at: when, key, prayer })',
    'prayerMarked.of({ by: actor.member, at: when, key, prayer, aloud: true })',
  ])
  copy.change('test/archive/arbitrary.ts', [
    "sampled(prayerMarked, { prayer: id('prayer') })",
    "sampled(prayerMarked, { prayer: id('prayer'), aloud: fc.boolean() })",
  ])
  for (const file of ['feeds.ts', 'feeds.test.ts', 'notices.test.ts', 'prayer-time.test.ts'])
    copy.changeAll(`test/queries/${file}`, 'prayerMarked.of({', 'prayerMarked.of({ aloud: false,')
  copy.change(
    'test/cache/bulk.test.ts',
    ["prayer: 'p_0000000000000001' })", "prayer: 'p_0000000000000001', aloud: false })"],
    ["at: 'then', writtenAt: 'then' })", "at: 'then', writtenAt: 'then', aloud: false })"],
  )
}

/** The samples of the first version become the wordings they are; samples of the second are added at the end. */
function addSamples(copy: Copy) {
  const file = 'test/golden/samples.ts'
  const asItWas = [
    'prayerMarked.of({ by: ruth, prayer: surgery })',
    "prayerMarked.of({ by: boaz, key: key('mark'), prayer: surgery })",
    "prayerMarked.of({ by: boaz, at: day(21), source: 'phone', prayer: surgery })",
    'prayerMarked.of({ by: maria, prayer: hostile })',
    'prayerMarked.of({ by: boaz, at: before, prayer: surgery })',
  ]
  for (const [by, prayer] of [
    ['wang', 'rain'],
    ['lea', 'rain'],
    ['wang', 'exam'],
    ['lea', 'exam'],
  ]) {
    const mark = `prayerMarked.of({ by: ${by}, at: before, prayer: ${prayer} })`
    copy.changeAll(file, mark, `asFirst(${mark.replace(' })', ', aloud: false })')})`)
  }
  copy.change(
    file,
    ...asItWas.map((draft) => [draft, `asFirst(${draft.replace(' })', ', aloud: false })')})`] as const),
    [
      'export const samples: readonly Sample[] = [',
      `/** In the words of its first version, which had no "aloud". */
function asFirst(draft: Draft): Wording {
  const { values, ...rest } = wordingOf(draft, () => '')
  return { ...rest, version: 1, values: values.filter(([name]) => name !== 'aloud') }
}

export const samples: readonly Sample[] = [`,
    ],
    [
      '\n]\n\n/** The groups these samples print to',
      `
  {
    time: '2026-12-31T07:00:00.000Z',
    says: [
      prayerMarked.of({ by: ruth, prayer: hostile, aloud: true }),
      prayerMarked.of({ by: maria, at: before, prayer: hostile, aloud: false }),
    ],
  },
]

/** The groups these samples print to`,
    ],
  )
}

const proven = ['test/golden/golden.test.ts', 'test/golden/coverage.test.ts', 'test/cache/schema.test.ts']

test('a new column needs a projector, DDL and samples: each is asked for', (t) => {
  const copy = copyOfCode()
  t.after(() => copy.remove())
  addColumn(copy)
  const { said } = copy.npm('types')
  assert.match(said, /src\/records\/marks\.ts.*'aloud' is missing/s, 'the compiler asks the projector for it')
  assert.match(copy.npm('schema:check').said, /Run: npm run schema/)

  addField(copy)
  addSamples(copy)
  const types = copy.npm('types')
  assert.ok(types.isWell, types.said)
  const unsampled = copy.test('test/golden/golden.test.ts', 'is what its samples print')
  assert.match(unsampled.said, /✖ is what its samples print: after adding one, npm run golden/)
  prove(copy)
})

/** The last steps, and what says that the work is done. */
function prove(copy: Copy) {
  for (const script of ['golden', 'schema', 'schema:check']) {
    const { isWell, said } = copy.npm(script)
    assert.ok(isWell, said)
  }
  for (const file of proven) {
    const { isWell, said } = copy.test(file)
    assert.ok(isWell, said)
  }
}

test('new code makes its cache from the old archive, people stay signed in, and old code goes on with its own', async (t) => {
  const atEnd = undoing(t)
  const copy = copyOfCode()
  atEnd(() => copy.remove())
  addColumn(copy)
  addField(copy)
  addSamples(copy)
  for (const script of ['golden', 'schema']) assert.ok(copy.npm(script).isWell)
  const old = await home()
  atEnd(() => old.remove())
  const next: Home = { ...old, program: join(copy.folder, 'thywill') }

  // The old version: somebody asks, somebody prays.
  const before = await serve(old)
  atEnd(() => before.kill())
  const ruth = await memberAt(old, before.firstLink ?? '', 'Ruth')
  const daniel = await memberAt(old, await inviteTo(old), 'Daniel')
  const { location: rain } = await ruth.post('/prayers', { request: 'For rain.', key: 'rain' })
  assert.equal((await daniel.post(`${rain}/marks`, {})).status, 303)
  await before.stop()
  const made = await standing(old)

  // The new version.
  const after = await serve(next)
  atEnd(() => after.kill())
  const anew = await standing(next)
  assert.notEqual(anew.code.schemaHash, made.code.schemaHash)
  assert.equal(anew.cache.fits, true)
  assert.notEqual(anew.lastRebuild.at, made.lastRebuild.at)
  assert.deepEqual(caches(old), [made.cache.file, anew.cache.file].sort(), 'the old cache is still there')
  assert.deepEqual(
    rows(old, anew.cache.file, 'select aloud from marks'),
    [{ aloud: 0 }],
    'what old records mean',
  )
  assert.match((await ruth.get(rain)).body, /For rain/, 'she is still signed in')
  const { location: snow } = await daniel.post('/prayers', { request: 'For snow.', key: 'snow' })
  assert.equal((await ruth.post(`${snow}/marks`, {})).status, 303)
  assert.deepEqual(rows(old, anew.cache.file, 'select aloud from marks order by sequence'), [
    { aloud: 0 },
    { aloud: 1 },
  ])
  assert.equal((await command(next, 'coverage')).code, 0)
  await after.stop()

  // Back to the old version.
  const again = await serve(old)
  atEnd(() => again.kill())
  const back = await standing(old)
  assert.deepEqual([back.cache.file, back.lastRebuild], [made.cache.file, made.lastRebuild], 'no rebuild')
  assert.equal(back.cache.cursor.sequence, back.archive.lastSequence, 'it has caught up')
  assert.doesNotMatch(again.output(), /READ-ONLY|made anew/)
  assert.match((await ruth.get(snow)).body, /For snow/, 'what was asked meanwhile is there, and she still is')
  const { code, output } = await command(old, 'coverage')
  assert.equal(code, 0, output)
  assert.match(output, /UNKNOWN {2}prayer\.marked\/2: 1 record, kept and passed over/)
  assert.equal((await ruth.post('/prayers', { request: 'For sun.', key: 'sun' })).status, 303)
  await again.stop()

  // And forward once more: what the old version passed over is there.
  const forward = await serve(next)
  atEnd(() => forward.kill())
  const last = await standing(next)
  assert.deepEqual(
    [last.cache.file, last.lastRebuild],
    [anew.cache.file, anew.lastRebuild],
    'no rebuild either',
  )
  assert.deepEqual(rows(old, last.cache.file, 'select count(*) n from marks'), [{ n: 2 }])
  assert.equal((await command(next, 'coverage')).code, 0)
})

interface Standing {
  readonly archive: { readonly lastSequence: number }
  readonly cache: {
    readonly file: string
    readonly fits: boolean
    readonly cursor: { readonly sequence: number }
  }
  readonly code: { readonly schemaHash: string }
  readonly lastRebuild: { readonly at: string; readonly seconds: number }
}

async function standing(here: Home): Promise<Standing> {
  const { code, output } = await command(here, 'status', '--json')
  assert.equal(code, 0, output)
  return JSON.parse(output)
}

const caches = ({ cache }: Home) =>
  readdirSync(cache)
    .filter((name) => name.endsWith('.sqlite'))
    .sort()

function rows({ cache }: Home, file: string, sql: string): unknown[] {
  const sqlite = new Database(join(cache, file), { readonly: true })
  try {
    return sqlite.prepare(sql).all()
  } finally {
    sqlite.close()
  }
}

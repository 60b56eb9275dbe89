import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { integer as integerColumn, sqliteTable, text as textColumn } from 'drizzle-orm/sqlite-core'
import { ZodError } from 'zod'
import { type Draft, defineEvent, wordingOf } from '../../src/kernel/event.ts'
import { flag, id, integer, oneOf, prose } from '../../src/kernel/fields.ts'
import type { ArchiveRecord, Wording } from '../../src/kernel/wording.ts'

const songs = sqliteTable('songs', { id: integerColumn().primaryKey(), name: textColumn() })

const songSung = defineEvent({
  name: 'song.sung',
  version: 3,
  critical: true,
  values: { prayer: id('prayer'), verses: integer(), loud: flag().optional(), tune: oneOf(['new', 'old']) },
  blocks: { title: prose(), words: prose().optional() },
  lift: {
    1: ({ values, ...rest }) => ({ ...rest, values: [...values, ['tune', 'old']] }),
    2: ({ blocks, ...rest }) => ({
      ...rest,
      blocks: blocks.map((block) => (block.field === 'name' ? { ...block, field: 'title' } : block)),
    }),
  },
  tables: [songs],
  project: () => {},
})

const prayer = 'p_0000000000000000'
const member = 'm_0000000000000000'
const time = '2026-11-22T07:00:00.000Z'
const said = { by: member, prayer, verses: 3, tune: 'new', title: 'Abide' } as const
const salt = '0'.repeat(32)

const placed = (wording: Wording): ArchiveRecord => ({ ...wording, sequence: 7, more: 0, time, hash: '' })
const wordingOfDraft = (draft: Draft) => wordingOf(draft, () => salt)
const wording = wordingOfDraft(songSung.of(said))
const readWith = (change: Partial<Wording>) => songSung.read(placed({ ...wording, ...change }))

suite('an event in words', () => {
  test('has its keys and blocks in the order of the kind, whatever order they were given in', () => {
    const given = {
      words: 'la',
      title: 'Abide',
      loud: false,
      tune: 'new',
      verses: 3,
      prayer,
      by: member,
    } as const
    const { values, blocks } = wordingOfDraft(songSung.of({ ...given, key: '0'.repeat(32), at: time }))
    assert.deepEqual(values, [
      ['by', member],
      ['at', time],
      ['key', '0'.repeat(32)],
      ['prayer', prayer],
      ['verses', '3'],
      ['loud', 'no'],
      ['tune', 'new'],
    ])
    assert.deepEqual(blocks, [
      { field: 'title', salt, text: 'Abide' },
      { field: 'words', salt, text: 'la' },
    ])
  })

  test('leaves out what is absent, and says whether it is critical', () => {
    assert.deepEqual(wording, {
      kind: 'song.sung',
      version: 3,
      critical: true,
      values: [
        ['by', member],
        ['prayer', prayer],
        ['verses', '3'],
        ['tune', 'new'],
      ],
      blocks: [{ field: 'title', salt, text: 'Abide' }],
    })
  })

  test('has a salt of its own for every block, drawn once', () => {
    let drawn = 0
    const { blocks } = wordingOf(songSung.of({ ...said, words: 'la' }), () => `salt ${drawn++}`)
    assert.deepEqual(
      blocks.map((block) => 'salt' in block && block.salt),
      ['salt 0', 'salt 1'],
    )
    assert.equal(drawn, 2)
  })

  test('is refused when a value is none', () => {
    const wrong = [
      { verses: 1.5 },
      { prayer: 'p_0' },
      { tune: 'loud' },
      { title: 'a\u0000' },
      { title: undefined },
      { by: 'm_' },
      { by: 'somebody' },
      { at: '2026-02-30T00:00:00.000Z' },
      { key: 'short' },
      { source: 'two words' },
    ]
    for (const change of wrong) {
      // Each of them is what the types forbid.
      const given = { ...said, ...change } as never
      assert.throws(() => songSung.of(given), ZodError, JSON.stringify(change))
    }
  })

  test('may be by a member, the operator, a visitor or the schedule', () => {
    for (const by of [member, 'operator', 'visitor', 'schedule'])
      assert.equal(songSung.read(placed(wordingOfDraft(songSung.of({ ...said, by })))).by, by)
  })
})

suite('an event read from its record', () => {
  test('says what it said, and where it stands', () => {
    assert.deepEqual(songSung.read(placed(wording)), {
      ...said,
      kind: 'song.sung',
      sequence: 7,
      at: time,
      writtenAt: time,
      key: undefined,
      closing: placed(wording).hash,
    })
  })

  test('happened when it was written, unless it says otherwise', () => {
    const at = '2026-11-20T07:00:00.000Z'
    const event = songSung.read(placed(wordingOfDraft(songSung.of({ ...said, at }))))
    assert.deepEqual([event.at, event.writtenAt], [at, time])
  })

  test('has undefined for words that were erased, in every kind of block', () => {
    const event = readWith({
      blocks: [
        { field: 'title', erased: '0'.repeat(64) },
        { field: 'words', salt, text: 'la' },
      ],
    })
    assert.deepEqual([event.title, event.words], [undefined, 'la'])
  })

  test('is refused with a key or block that is unknown, out of order, missing or no value', () => {
    const pairs = wording.values
    const [by = ['', ''], prayerPair = ['', ''], verses = ['', ''], tune = ['', '']] = pairs
    const title = { field: 'title', salt, text: 'Abide' }
    const wrong: Partial<Wording>[] = [
      { values: [...pairs, ['mood', 'glad']] },
      { values: [by, verses, prayerPair, tune] },
      { values: [prayerPair, by, verses, tune] },
      { values: [by, prayerPair, verses] },
      { values: [prayerPair, verses, tune] },
      { values: [by, prayerPair, ['verses', '03'], tune] },
      { blocks: [] },
      { blocks: [title, { field: 'chorus', salt, text: 'x' }] },
      { blocks: [{ field: 'words', salt, text: 'la' }, title] },
      { blocks: [{ field: 'words', salt, text: 'la' }] },
      { blocks: [{ field: 'title', salt, text: 'a\u2028' }] },
    ]
    for (const change of wrong) assert.throws(() => readWith(change), JSON.stringify(change))
  })
})

suite('an old version', () => {
  const old: Partial<Wording> = {
    version: 1,
    values: wording.values.filter(([key]) => key !== 'tune'),
    blocks: [{ field: 'name', salt, text: 'Abide' }],
  }

  test('is lifted step by step to the one that is read', () => {
    const { tune, title } = readWith(old)
    assert.deepEqual([tune, title], ['old', 'Abide'])
    assert.equal(readWith({ ...old, version: 2, values: wording.values }).title, 'Abide')
  })

  test('without a way up is refused', () => {
    assert.throws(() => readWith({ version: 0 }), /song\.sung\/0 cannot be lifted to version 3/)
  })
})

test('the first record of an archive has no reserved keys, and nobody wrote it but the operator', () => {
  const begun = defineEvent({
    name: 'song.begun',
    version: 1,
    isGenesis: true,
    values: { prayer: id('prayer') },
    tables: [],
    project: () => {},
  })
  const draft = wordingOfDraft(begun.of({ by: 'operator', prayer }))
  assert.deepEqual(draft.values, [['prayer', prayer]])
  assert.equal(begun.read(placed(draft)).by, 'operator')
  assert.throws(() =>
    begun.read(
      placed({
        ...draft,
        values: [
          ['by', 'operator'],
          ['prayer', prayer],
        ],
      }),
    ),
  )
})

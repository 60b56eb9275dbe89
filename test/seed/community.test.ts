import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { catalogue } from '../../src/catalogue.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { type Sizes, seedCommunity, span, usualEnd } from '../../src/seed/community.ts'
import { demoCommunity } from '../../src/seed/demo.ts'
import { seededSource } from '../../src/seed/source.ts'

const small: Sizes = { members: 25, prayers: 60, marks: 700 }

suite('a seeded community', () => {
  test('the same seed gives the same bytes, one command at a time or hundreds; another seed gives others', async (t) => {
    const one = await seeded(t, { sizes: small, seed: 'same', window: 1 })
    const many = await seeded(t, { sizes: small, seed: 'same', window: 512 })
    const some = await seeded(t, { sizes: small, seed: 'same', window: 64, batchSize: 7 })
    const other = await seeded(t, { sizes: small, seed: 'other', window: 512 })
    assert.ok(one.text.length > 100_000 && one.segments > 5)
    assert.ok(one.text === many.text && one.text === some.text)
    assert.notEqual(other.text, one.text)
  })

  test('there is exactly as much of everything as was asked for', async (t) => {
    for (const sizes of [
      { members: 1, prayers: 0, marks: 0 },
      { members: 1, prayers: 3, marks: 20 },
      { members: 2, prayers: 1, marks: 100 },
      small,
    ]) {
      const { answer, rows, progress } = await seeded(t, { sizes, seed: 'count' })
      assert.deepEqual(answer, sizes)
      assert.deepEqual(
        rows(
          'select (select count(*) from members) members, (select count(*) from prayers) prayers, (select count(*) from marks) marks',
        ),
        [sizes],
      )
      assert.deepEqual(rows('select sum(times) marks from prayer_counts'), [{ marks: sizes.marks || null }])
      assert.equal(progress, sizes.members + sizes.prayers + sizes.marks)
    }
  })

  test('the demo community is uneven over people, requests and time, and grows by a tree of invites', async (t) => {
    const { rows, text } = await seeded(t, { sizes: demoCommunity, seed: demoCommunity.seed })
    const perPerson = rows('select count(*) n from marks group by member order by n desc').map(({ n }) =>
      Number(n),
    )
    assert.ok((perPerson[0] ?? 0) > 2.5 * (perPerson[perPerson.length >> 1] ?? 0))
    const perPrayer = rows('select times n from prayer_counts where n > 0 order by n desc').map(({ n }) =>
      Number(n),
    )
    assert.ok((perPrayer[0] ?? 0) > 40 && perPrayer.length < demoCommunity.prayers)
    assert.ok(rows('select distinct substr(at, 1, 7) month from marks').length >= 6)
    assert.ok(rows('select distinct invitedBy from members where invitedBy is not null').length >= 3)
    assert.ok(rows("select * from roles where role = 'admin'").length >= 4)
    assert.ok((text.match(/ prayer\.unmarked\/2 /g)?.length ?? 0) > 5)
    assert.ok((text.match(/ session\.renewed\/1 /g)?.length ?? 0) > 100)
    assert.deepEqual(rows(`select * from marks where at > '${momentOf(usualEnd)}'`), [])
  })

  test('what cannot be is refused in a sentence, and nothing is written', async (t) => {
    for (const sizes of [
      { members: 0, prayers: 1, marks: 1 },
      { members: 2, prayers: 1.5, marks: 1 },
      { members: 5, prayers: 0, marks: 1 },
      { members: 2, prayers: 2, marks: 1_000 },
    ])
      await assert.rejects(seeded(t, { sizes, seed: 'refused' }), Refusal)
  })
})

interface Trial {
  readonly sizes: Sizes
  readonly seed: string
  readonly window?: number
  readonly batchSize?: number
}

async function seeded(t: TestContext, { sizes, seed, window = 512, batchSize = 256 }: Trial) {
  const folder = folderFor(t)
  const archive = join(folder, 'archives')
  const source = seededSource(seed, usualEnd - span)
  const places = { archive, cache: join(folder, 'cache'), secrets: join(folder, 'secrets') }
  const ledger = await openLedger({
    ...places,
    disk: realDisk,
    source,
    catalogue,
    isReadOnly: false,
    batchSize,
  })
  t.after(() => ledger.close())

  let progress = 0
  const { members, prayers, marks } = sizes
  const onProgress = (done: number) => {
    progress = done
  }
  const { record } = ledger
  const answer = await seedCommunity({
    members,
    prayers,
    marks,
    seed,
    record,
    source,
    window,
    until: usualEnd,
    onProgress,
  })
  await ledger.settled()
  const { segments } = archiveFiles(realDisk, archive)
  const text = segments.map(({ name }) => readFileSync(join(archive, name), 'utf8')).join('')
  const rows = (select: string) => ledger.cache().sqlite.prepare<[], Record<string, unknown>>(select).all()
  return { answer, rows, text, progress, segments: segments.length }
}

function folderFor(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-seed-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

import assert from 'node:assert/strict'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import Database from 'better-sqlite3'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles, lockName } from '../../src/archive/files.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { nameSealingKey } from '../../src/operations/keys.ts'
import { lastAct } from '../../src/queries/recovery.ts'
import { verifyReport } from '../../src/reports/verify.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import {
  backsUp,
  configOf,
  copied,
  empty,
  erasesFirstRequest,
  firstRequest,
  hashesOf,
  restores,
  seeded,
  textOf,
  tree,
  withLedger,
  writes,
} from '../tools/backup.ts'
import type { Home } from '../tools/site.ts'

const isWhole = async (here: Home) => {
  const { ok, problems } = await verifyReport(ledgerOptions(configOf(here)), true)
  assert.deepEqual({ ok, problems }, { ok: true, problems: [] })
}

const everything = ({ archive, cache, env }: Home) => ({
  archive: tree(archive),
  cache: tree(cache),
  secrets: tree(env.SECRETS_DIR ?? ''),
  backups: tree(env.BACKUP_DIR ?? ''),
})

suite('the recovery drill', () => {
  test('a community that was backed up is restored elsewhere, row by row', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const elsewhere = await empty(t)
    const report = await restores(elsewhere, dir)
    assert.equal(report.equal, true, 'the cache that came out is the one that was live')
    assert.equal(report.gained, hashesOf(here.archive).length)
    assert.equal(report.lost, 0)
    assert.equal(report.keptAside, null, 'there was nothing')
    await isWhole(elsewhere)

    await withLedger(elsewhere, async (ledger) => {
      assert.equal(ledger.rebuilt, undefined, 'the start finds its cache')
      const restored = lastAct(ledger.cache(), 'restored')
      assert.deepEqual([restored?.records, restored?.detail], [report.records, report.head])
      await ledger.rebuild()
    })
    await isWhole(elsewhere)
    const restored = hashesOf(elsewhere.archive)
    assert.deepEqual(restored.slice(0, report.records), hashesOf(here.archive))
    const added = textOf(elsewhere.archive).match(/^@.*$/gm)?.slice(report.records) ?? []
    assert.deepEqual(
      added.map((header) => header.split(' ')[2]),
      ['key.added/1!', 'archive.restored/1'],
    )
    assert.match(report.reports.join('\n'), /did not know the key of the seals/)
  })

  test('with the keys nothing is lost on the way, and the seals go on under their key', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    assert.equal((await backsUp(here, dir, 'correct horse battery')).secrets, true)
    const elsewhere = await empty(t)
    await restores(elsewhere, dir, { passphrase: 'correct horse battery' })
    assert.deepEqual(tree(elsewhere.env.SECRETS_DIR ?? ''), tree(here.env.SECRETS_DIR ?? ''))
    await isWhole(elsewhere)
    assert.doesNotMatch(textOf(elsewhere.archive), /key\.added/)
  })

  test('a later backup without the passphrase keeps the keys, and says whether they are still the keys', async (t) => {
    const here = await seeded(t, 20)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir, 'correct horse battery')
    assert.equal((await backsUp(here, dir)).secrets, true)
    writeFileSync(join(here.env.SECRETS_DIR ?? '', 'another.key'), 'new')
    const { secrets, hasOlderSecrets } = await backsUp(here, dir)
    assert.deepEqual([secrets, hasOlderSecrets], [false, true])
    const elsewhere = await empty(t)
    await restores(elsewhere, dir, { passphrase: 'correct horse battery' })
    assert.deepEqual(
      readdirSync(elsewhere.env.SECRETS_DIR ?? '').filter((name) => name.endsWith('.key')),
      ['seal.key'],
    )
  })

  test('the last copy of a key that is missing here is in no backup written over, by night or by hand', async (t) => {
    const here = await seeded(t, 20)
    const key = join(here.env.SECRETS_DIR ?? '', 'words-1.key')
    const { disk, catalogue, source, secrets } = ledgerOptions(configOf(here))
    await withLedger(here, (ledger) => nameSealingKey(ledger, { disk, catalogue, source, secrets }))
    const bytes = readFileSync(key)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir, 'correct horse battery')
    rmSync(key)
    await writes(here)
    assert.equal((await backsUp(here, dir)).hasOlderSecrets, true, 'as every night does')
    const before = tree(dir)
    await assert.rejects(backsUp(here, dir, 'another passphrase'), {
      name: 'BackupFailed',
      message: /words-1\.key.* may be its last copy: restore them, or name another folder\./,
    })
    assert.deepEqual(tree(dir), before)
    await backsUp(here, join(here.folder, 'another'), 'another passphrase')
    await restores(here, dir, { passphrase: 'correct horse battery' })
    assert.deepEqual(readFileSync(key), bytes)
  })
})

suite('a restore', () => {
  test('that is only tried changes nothing and says what would happen', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    await writes(here)
    const before = everything(here)
    const tried = await restores(here, dir, { isDryRun: true })
    assert.deepEqual([tried.lost, tried.gained, tried.dryRun, tried.keptAside], [1, 0, true, null])
    assert.deepEqual(everything(here), before)
    const elsewhere = await empty(t)
    const there = await restores(elsewhere, dir, { isDryRun: true })
    assert.equal(there.gained, tried.records)
    assert.match(there.reports.join('\n'), /There is no key of the seals here: the restore makes one/)
    assert.doesNotMatch(there.reports.join('\n'), /Keep elsewhere|was recorded/, 'no key that is thrown away')
    assert.deepEqual(everything(elsewhere), { archive: {}, cache: {}, secrets: {}, backups: {} })
    assert.equal(existsSync(elsewhere.cache), false)
  })

  test('of an older state keeps aside what was there, and the site starts and saves', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    for (let more = 0; more < 3; more++) await writes(here)
    await backsUp(here, configOf(here).backupDir)
    const before = everything(here)
    const report = await restores(here, dir)
    assert.deepEqual([report.lost, report.gained], [3, 0])
    assert.ok(report.keptAside)
    assert.deepEqual(tree(report.keptAside), before.archive)
    await isWhole(here)
    await withLedger(here, (ledger) => assert.equal(ledger.trouble(), undefined))
    await writes(here)
    // The scheduled backup held what was given up: it makes way for the next one and is kept.
    assert.match(report.reports.join('\n'), /The scheduled backup ended with record/)
    await backsUp(here, configOf(here).backupDir)
    const kept = Object.values(tree(configOf(here).backupDir))
    for (const sum of Object.values(before.backups)) assert.ok(kept.includes(sum))

    const back = await restores(here, report.keptAside)
    assert.equal(back.gained, 3, 'what was kept aside can be put back')
    await isWhole(here)
  })

  test('counts what only the cache has seen as given up', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    for (let more = 0; more < 3; more++) await writes(here)
    rmSync(here.archive, { recursive: true })
    const report = await restores(here, dir)
    assert.deepEqual([report.lost, report.gained], [3, report.records])
    await withLedger(here, (ledger) => assert.equal(ledger.trouble(), undefined))
  })

  test('mends an archive in which a byte was changed, also in its very first record', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const { segments } = archiveFiles(realDisk, here.archive)
    for (const [name, at] of [
      [segments[2]?.name ?? '', 300],
      [segments[0]?.name ?? '', 150],
    ] as const) {
      const path = join(here.archive, name)
      const bytes = readFileSync(path)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      realDisk.protect(path, 0o600)
      writeFileSync(path, bytes)
      assert.ok((await restores(here, dir)).gained > 0)
      await isWhole(here)
      await withLedger(here, (ledger) => assert.equal(ledger.trouble(), undefined))
    }
  })

  test('erases again what was erased since the backup was made', async (t) => {
    const here = await seeded(t)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const { text } = await erasesFirstRequest(here)
    assert.ok(textOf(dir).includes(text), 'the backup still has the words')
    const report = await restores(here, dir)
    assert.ok(!textOf(here.archive).includes(text))
    assert.match(report.reports.join('\n'), /1 erasures .* carried out again/)
    await isWhole(here)
    await withLedger(here, (ledger) => {
      const count = ledger
        .cache()
        .sqlite.prepare('select count(*) from prayers where request is null')
        .pluck()
      assert.equal(count.get(), 1)
    })
  })

  test('is refused while somebody serves there', async (t) => {
    const here = await seeded(t, 20)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    await withLedger(here, async (ledger) => {
      await assert.rejects(restores(here, dir), { name: 'RestoreRefused', message: /A server is running/ })
      assert.equal((await restores(here, dir, { isDryRun: true })).lost, 0, 'trying is allowed')
      await ledger.rebuild()
    })
    await restores(here, dir)
  })

  test('of another archive is refused', async (t) => {
    const here = await seeded(t, 20)
    const there = await empty(t)
    await writes(there)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    await assert.rejects(restores(there, dir), { name: 'Unfit', message: /is of archive a_/ })
  })

  test('says when the site showed something else than its text, and goes on only when told so', async (t) => {
    const here = await seeded(t, 20)
    const dir = join(here.folder, 'x')
    await withLedger(here, () => {})
    const [name] = Object.keys(tree(here.cache)).filter((one) => one.endsWith('.sqlite'))
    const cache = new Database(join(here.cache, name ?? ''))
    cache.exec("update members set name = 'Nobody' where rowid = 1")
    cache.close()
    await backsUp(here, dir)
    const before = everything(here)
    await assert.rejects(restores(here, dir), { name: 'RestoreRefused', message: /--text-alone/ })
    assert.deepEqual(everything(here), before)
    assert.equal((await restores(here, dir, { isTextAlone: true })).equal, false)
    await isWhole(here)
  })

  test('that was decided and stopped is finished by the next start', async (t) => {
    const here = await seeded(t, 20)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    await writes(here)
    const lost = hashesOf(here.archive).length
    await restores(here, dir)
    const whole = tree(here.archive)
    // As if it had stopped between moving the old months aside and putting the new ones in their place.
    const time = Object.keys(whole)
      .find((name) => name.startsWith('before-restore-'))
      ?.split('/')[0]
      ?.replace('before-restore-', '')
    const arriving = join(here.archive, `arriving-${time}`)
    mkdirSync(arriving)
    for (const name of ['2026']) cpSync(join(here.archive, name), join(arriving, name), { recursive: true })
    rmSync(join(here.archive, '2026'), { recursive: true })
    await withLedger(here, (ledger) => {
      assert.match(ledger.reports.join('\n'), /A restore was finished that had been stopped/)
      assert.equal(ledger.trouble(), undefined)
    })
    assert.ok(hashesOf(here.archive).length >= lost)
    await isWhole(here)
  })
})

suite('any copy of the folder', () => {
  test('can be restored, whatever it caught of a write', async (t) => {
    const here = await seeded(t, 60)
    await writes(here)
    await writes(here)
    const month = archiveFiles(realDisk, here.archive).segments.at(-1)?.name ?? ''
    const whole = readFileSync(join(here.archive, month))
    const all = hashesOf(here.archive)
    const starts = [...whole.toString('latin1').matchAll(/^@/gm)].map(({ index }) => index)
    const last = starts.at(-1) ?? 0
    const elsewhere = await empty(t)
    for (const cut of [
      last,
      last + 1,
      last + 40,
      whole.length - 90,
      whole.length - 70,
      whole.length - 1,
      whole.length,
    ]) {
      const dir = join(here.folder, `copy ${cut}`)
      copied(here.archive, dir)
      truncateSync(join(dir, month), cut)
      const report = await restores(elsewhere, dir)
      const isTorn = cut > last && cut < whole.length
      const expected = cut === whole.length ? all.length : all.length - 1
      assert.equal(report.records, expected, `cut at ${cut}`)
      assert.equal(report.equal, null)
      assert.equal(
        report.reports.some((sentence) => /did not finish/.test(sentence)),
        isTorn,
      )
      assert.deepEqual(verifyArchive(realDisk, elsewhere.archive).problems, [])
      await isWhole(elsewhere)
      rmSync(elsewhere.archive, { recursive: true })
      rmSync(elsewhere.cache, { recursive: true })
    }
  })

  test('that came before a seal, or holds strangers and unfinished files, is sealed and left without them', async (t) => {
    const here = await seeded(t, 60)
    const dir = join(here.folder, 'copy')
    copied(here.archive, dir)
    rmSync(join(dir, '2026/2026-07.seal'))
    writeFileSync(join(dir, '2026/.2026-07.txt.Xy12'), 'half')
    writeFileSync(join(dir, '2026/2026-07.txt.tmp'), 'half')
    const elsewhere = await empty(t)
    await restores(elsewhere, dir)
    assert.ok(existsSync(join(elsewhere.archive, '2026/2026-07.seal')))
    await isWhole(elsewhere)
  })

  test('with a byte changed anywhere but at its very end is refused', async (t) => {
    const here = await seeded(t, 60)
    const { segments } = archiveFiles(realDisk, here.archive)
    const elsewhere = await empty(t)
    for (const { name } of [segments[0], segments[2], segments.at(-1)].filter((one) => one !== undefined)) {
      const dir = join(here.folder, 'copy')
      copied(here.archive, dir)
      const bytes = readFileSync(join(dir, name))
      const at = Math.floor(bytes.length / 2)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      realDisk.protect(join(dir, name), 0o600)
      writeFileSync(join(dir, name), bytes)
      await assert.rejects(restores(elsewhere, dir), { name: 'RestoreRefused', message: new RegExp(name) })
      assert.deepEqual(tree(elsewhere.archive), {})
      rmSync(dir, { recursive: true })
    }
  })

  test('can be put in the place of the archive by hand, a backup too', async (t) => {
    const here = await seeded(t, 60)
    const dir = join(here.folder, 'x')
    await backsUp(here, dir)
    const elsewhere = await empty(t)
    copied(dir, elsewhere.archive)
    rmSync(join(elsewhere.archive, lockName))
    await withLedger(elsewhere, (ledger) => assert.equal(ledger.trouble(), undefined))
    await isWhole(elsewhere)
    assert.ok(textOf(elsewhere.archive).includes(firstRequest(here).text))
  })
})

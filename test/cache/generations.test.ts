import assert from 'node:assert/strict'
import fs, { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import {
  buildingFile,
  currentCache,
  pointedCaches,
  pointTo,
  removeCache,
  removeUnfinished,
  reserveCache,
  setAside,
} from '../../src/cache/generations.ts'
import { prune } from '../../src/cache/pruning.ts'

const ours = '0123456789abcdef'
const older = 'fedcba9876543210'

function cacheFolder(t: TestContext, ...names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const name of names) writeFileSync(join(folder, name), '')
  return folder
}
const left = (folder: string) => readdirSync(folder).sort()

suite('caches of several schemas beside each other', () => {
  test('each schema finds its own', (t) => {
    const folder = cacheFolder(t, `${ours}-1.sqlite`, `${older}-4.sqlite`)
    assert.equal(currentCache(folder, ours), undefined)
    pointTo(folder, ours, join(folder, `${ours}-1.sqlite`))
    pointTo(folder, older, join(folder, `${older}-4.sqlite`))
    assert.equal(currentCache(folder, ours), join(folder, `${ours}-1.sqlite`))
    assert.equal(currentCache(folder, older), join(folder, `${older}-4.sqlite`))
    assert.deepEqual(pointedCaches(folder).sort(), [
      join(folder, `${ours}-1.sqlite`),
      join(folder, `${older}-4.sqlite`),
    ])
  })

  test('a pointer to something else is none', (t) => {
    const folder = cacheFolder(t)
    for (const name of [
      '',
      '../other.sqlite',
      `${older}-1.sqlite`,
      `${ours}-1.sqlite/..`,
      `${ours}-x.sqlite`,
    ]) {
      writeFileSync(join(folder, `CURRENT-${ours}`), `${name}\n`)
      assert.equal(currentCache(folder, ours), undefined)
    }
    assert.deepEqual(pointedCaches(folder), [])
  })

  test('a pointer may name a file that is gone, which nobody serves from', (t) => {
    const folder = cacheFolder(t)
    pointTo(folder, ours, join(folder, `${ours}-1.sqlite`))
    assert.equal(currentCache(folder, ours), join(folder, `${ours}-1.sqlite`))
    assert.deepEqual(pointedCaches(folder), [])
  })

  test('a folder that is not there has none', (t) => {
    assert.deepEqual(pointedCaches(join(cacheFolder(t), 'cache')), [])
    assert.equal(currentCache(join(cacheFolder(t), 'cache'), ours), undefined)
  })

  test('how the folder is written makes no difference', async (t) => {
    const folder = `${cacheFolder(t, `${ours}-1.sqlite`, `${ours}-2.sqlite`)}/./`
    pointTo(folder, ours, buildingFile(reserveCache(folder, ours)))
    assert.equal(currentCache(folder, ours), join(folder, `${ours}-3.sqlite`))
    await prune(folder, ours)
    assert.deepEqual(left(folder), [`${ours}-2.sqlite`, `${ours}-3.sqlite`, `CURRENT-${ours}`])
  })
})

suite('a new cache', () => {
  test('has a number that none of its schema has, also in a folder that has to be made', (t) => {
    const folder = cacheFolder(t, `${ours}-2.sqlite`, `${ours}-10.sqlite`, `${older}-99.sqlite`)
    assert.equal(reserveCache(folder, ours), join(folder, `${ours}-11.sqlite`))
    assert.equal(reserveCache(folder, ours), join(folder, `${ours}-12.sqlite`), 'the first one is being made')
    assert.equal(reserveCache(join(folder, 'deep/down'), ours), join(folder, 'deep/down', `${ours}-1.sqlite`))
  })
})

suite('the switch to a new cache', () => {
  test('gives it its name and what SQLite logged beside it, and nothing of its making stays', (t) => {
    const folder = cacheFolder(t)
    const made = buildingFile(reserveCache(folder, ours))
    for (const ending of ['-wal', '-shm']) writeFileSync(made + ending, ending)
    const path = pointTo(folder, ours, made)
    assert.equal(currentCache(folder, ours), path)
    assert.deepEqual(left(folder), [`${ours}-1.sqlite`, `${ours}-1.sqlite-wal`, `CURRENT-${ours}`])
    assert.equal(pointTo(folder, ours, path), path, 'a second time changes nothing')
    assert.equal(readFileSync(join(folder, `CURRENT-${ours}`), 'utf8'), `${ours}-1.sqlite\n`)
  })

  test('lasts in its order: the pointer is on the disk behind what it names', (t) => {
    const folder = cacheFolder(t)
    const made = buildingFile(reserveCache(folder, ours))
    const [write, rename, sync] = [fs.writeFileSync, fs.renameSync, fs.fsyncSync]
    const calls: string[] = []
    t.mock.method(fs, 'writeFileSync', (...given: Parameters<typeof write>) => {
      calls.push(`write ${JSON.stringify(given[2])}`)
      write(...given)
    })
    t.mock.method(fs, 'renameSync', (from: string, to: string) => {
      calls.push(`rename to ${basename(to)}`)
      rename(from, to)
    })
    t.mock.method(fs, 'fsyncSync', (file: number) => {
      if (fs.fstatSync(file).isDirectory()) calls.push('sync the folder')
      sync(file)
    })
    syncBuiltinESMExports()
    pointTo(folder, ours, made)
    t.mock.restoreAll()
    syncBuiltinESMExports()
    assert.deepEqual(calls, [
      'write {"mode":384,"flush":true}',
      `rename to ${ours}-1.sqlite`,
      'sync the folder',
      `rename to CURRENT-${ours}`,
      'sync the folder',
    ])
  })

  test('is safe from whoever prunes meanwhile: at each moment the new cache is known', async (t) => {
    for (const moment of [1, 2]) {
      const folder = cacheFolder(t, `${ours}-1.sqlite`)
      pointTo(folder, ours, join(folder, `${ours}-1.sqlite`))
      const made = buildingFile(reserveCache(folder, older))
      const rename = fs.renameSync
      let renames = 0
      t.mock.method(fs, 'renameSync', (from: string, to: string) => {
        if (++renames === moment) throw new Error('stopped')
        rename(from, to)
      })
      syncBuiltinESMExports()
      assert.throws(() => pointTo(folder, older, made), /stopped/)
      t.mock.restoreAll()
      syncBuiltinESMExports()
      await prune(folder, ours)
      const isThere = left(folder).some((name) => name.startsWith(`${older}-1.sqlite`))
      assert.ok(isThere, `stopped at ${moment}: ${left(folder)}`)
      removeUnfinished(folder, older)
      assert.ok(!left(folder).some((name) => name.endsWith('.tmp') || name.endsWith('.building')))
    }
  })
})

suite('what is no longer needed', () => {
  const all = [
    `${ours}-1.sqlite`,
    `${ours}-1.sqlite-wal`,
    `${ours}-1.sqlite-shm`,
    `${ours}-2.sqlite`,
    `${ours}-2.sqlite-wal`,
    `${ours}-3.sqlite`,
    `${older}-7.sqlite`,
    'control.sock',
    'last-verification.json',
  ]

  test('is what a killed rebuild left, for its schema only, and never while it is pruned', async (t) => {
    const folder = cacheFolder(t, `${ours}-1.sqlite`, `${older}-1.sqlite.building`)
    const path = reserveCache(folder, ours)
    pointTo(folder, ours, join(folder, `${ours}-1.sqlite`))
    await prune(folder, ours)
    assert.deepEqual(
      left(folder),
      [
        `CURRENT-${ours}`,
        `${ours}-1.sqlite`,
        `${path}.building`.split('/').at(-1),
        `${older}-1.sqlite.building`,
      ].sort(),
    )
    removeUnfinished(folder, ours)
    assert.deepEqual(
      left(folder),
      [`CURRENT-${ours}`, `${ours}-1.sqlite`, `${older}-1.sqlite.building`].sort(),
    )
  })

  test('goes, but for what a pointer names, what is kept, and what is not a cache', async (t) => {
    const folder = cacheFolder(t, ...all)
    pointTo(folder, ours, join(folder, `${ours}-2.sqlite`))
    pointTo(folder, older, join(folder, `${older}-7.sqlite`))
    await prune(folder, ours, [join(folder, `${ours}-3.sqlite`)])
    assert.deepEqual(
      left(folder),
      [
        `${ours}-2.sqlite`,
        `${ours}-2.sqlite-wal`,
        `${ours}-3.sqlite`,
        `CURRENT-${ours}`,
        `CURRENT-${older}`,
        'control.sock',
        `${older}-7.sqlite`,
        'last-verification.json',
      ].sort(),
    )
  })

  test('goes with the caches and pointers of all other schemas, when that is asked for', async (t) => {
    const folder = cacheFolder(t, ...all)
    pointTo(folder, ours, join(folder, `${ours}-2.sqlite`))
    pointTo(folder, older, join(folder, `${older}-7.sqlite`))
    await prune(folder, ours, [], true)
    assert.deepEqual(
      left(folder),
      [
        `${ours}-2.sqlite`,
        `${ours}-2.sqlite-wal`,
        `CURRENT-${ours}`,
        'control.sock',
        'last-verification.json',
      ].sort(),
    )
  })

  test('is kept when it was damaged, the last one only, until nothing may stay', async (t) => {
    const folder = cacheFolder(t, ...all)
    pointTo(folder, ours, join(folder, `${ours}-2.sqlite`))
    setAside(join(folder, `${ours}-3.sqlite`))
    setAside(join(folder, `${ours}-1.sqlite`))
    await prune(folder, ours)
    assert.deepEqual(
      left(folder).filter((name) => name.startsWith(ours)),
      [
        `${ours}-1.sqlite.damaged`,
        `${ours}-1.sqlite.damaged-wal`,
        `${ours}-2.sqlite`,
        `${ours}-2.sqlite-wal`,
      ],
    )
    await prune(folder, ours, [], true)
    assert.ok(!left(folder).some((name) => name.includes('damaged')))
  })

  test('goes with what SQLite keeps beside it, and may be gone already', (t) => {
    const folder = cacheFolder(t, ...all)
    removeCache(join(folder, `${ours}-1.sqlite`))
    removeCache(join(folder, `${ours}-1.sqlite`))
    assert.deepEqual(left(folder), all.slice(3).sort())
  })
})

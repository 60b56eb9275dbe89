import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { carryOut, erasureOf } from '../../src/archive/erase.ts'
import { erasuresName, formatName, sealName } from '../../src/archive/files.ts'
import { formatText } from '../../src/archive/format.ts'
import { beginning } from '../../src/archive/position.ts'
import { printGroup } from '../../src/archive/print.ts'
import { sealSegment } from '../../src/archive/seal.ts'
import { type Progress, verifyArchive } from '../../src/archive/verify.ts'
import {
  type ArchiveDisk,
  archiveDisk,
  december,
  erasedSampleFolder,
  type Files,
  filesOf,
  folder,
  november,
  readAll,
  sampleArchive,
  sampleFolder,
  sampleKey,
  segmentsOf,
} from '../tools/archive.ts'

const sample = filesOf(sampleFolder)
const seal = sealName('2026-11')

/** The sample as a writer leaves it: with FORMAT, its erasure carried out, its first month sealed. */
async function healthy(): Promise<ArchiveDisk> {
  const disk = archiveDisk({ ...sample, [formatName]: formatText })
  for (const erasure of readAll(disk).records.map(erasureOf)) {
    if (erasure) await carryOut(disk, folder, erasure)
  }
  await sealSegment(disk, folder, '2026-11', sampleArchive, sampleKey)
  return disk
}

const problemsIn = (files: Files) => verifyArchive(archiveDisk(files), folder).problems
/** What is wrong with a healthy archive after this change. */
async function problemsAfter(change: (files: Record<string, Buffer>) => Files) {
  return problemsIn(change((await healthy()).contents()))
}

suite('verifying', () => {
  test('finds nothing wrong with an archive as its writer left it', async () => {
    const disk = await healthy()
    const { head, kinds, ...rest } = verifyArchive(disk, folder)
    assert.deepEqual(rest, {
      archive: sampleArchive,
      records: 8,
      segments: 2,
      bytes: [november, december].reduce((sum, name) => sum + (disk.contents()[name]?.length ?? 0), 0),
      problems: [],
      keys: [sampleKey.publicKey],
    })
    assert.deepEqual(head, readAll(disk).end.safe)
    assert.deepEqual(
      [...kinds.values()].reduce((sum, records) => sum + records, 0),
      8,
    )
  })

  test('takes what came with an archive but is no part of it', async () => {
    const files = (await healthy()).contents()
    assert.deepEqual(problemsIn({ ...files, 'README.md': 'x', '.gitkeep': '', 'quarantine/x.part': 'x' }), [])
  })

  test('names file, line and record of the first byte that is wrong', async () => {
    const problems = await problemsAfter((files) => {
      const bytes = Buffer.from(files[december] ?? '')
      bytes.write('Z', bytes.indexOf('daheim'))
      return { ...files, [december]: bytes }
    })
    assert.equal(problems.length, 1)
    const [{ file, line, sequence, what } = { what: '' }] = problems
    assert.deepEqual([file, line, sequence], [december, 8, 7])
    assert.match(what, /closing line/)
  })

  test('says nothing more when the last write is still under way, at the top of a month either', async () => {
    const { [december]: bytes, ...files } = (await healthy()).contents()
    assert.ok(bytes)
    let cuts = 0
    for (let size = 0; size < bytes.length; size++) {
      const problems = problemsIn({ ...files, [december]: bytes.subarray(0, size) })
      // Behind record 7 it is a whole archive, in which nothing names the words that are gone.
      const isWhole = bytes.subarray(0, size).toString().endsWith('af93\n\n')
      assert.equal(problems.length, 1, JSON.stringify(problems))
      assert.equal(/no record.erased names them/.test(problems[0]?.what ?? ''), isWhole)
      cuts++
    }
    assert.equal(cuts, 584)
  })

  test('reports words that are gone and that no record.erased names', () => {
    const erased = filesOf(erasedSampleFolder)
    const list = `5 a8cc22dfa4391fd7572cda7c72e1e1d587fc2cf9dcf8c4cc27245e2fdc41759a forWhom 2026-12-01T09:30:00.500Z wish\n`
    const named = { ...erased, [formatName]: formatText, [erasuresName]: list }
    assert.deepEqual(
      problemsIn(named).map(({ what }) => what),
      ['this month is over and has no seal'],
    )
    const alone = problemsIn({ [november]: erased[november] ?? '', [formatName]: formatText })
    assert.deepEqual(alone, [
      {
        file: november,
        sequence: 5,
        what: 'the words of "forWhom" are gone and no record.erased names them',
      },
    ])
  })

  test('reports words that a record names by another hash, number or field as gone without a record', () => {
    const said = { kind: 'word.said', version: 1, critical: false, values: [] }
    const words = printGroup(
      [{ ...said, blocks: [{ field: 'words', erased: '0'.repeat(64) }] }],
      beginning,
      '2026-11-22T07:00:00.000Z',
    )
    const problemsWith = (record: string, hash: string, field: string) => {
      const values = Object.entries({ by: 'operator', record, hash, field, why: 'wish' })
      const erasure = { kind: 'record.erased', version: 1, critical: true, values, blocks: [] }
      const group = printGroup([erasure], words.after, '2026-11-22T07:00:00.000Z')
      const list = `${record} ${hash} ${field} 2026-11-22T07:00:00.000Z wish\n`
      return problemsIn({ ...segmentsOf([words, group]), [formatName]: formatText, [erasuresName]: list })
    }
    assert.deepEqual(problemsWith('1', words.after.hash, 'words'), [])
    for (const [record, hash, field] of [
      ['2', words.after.hash, 'words'],
      ['1', '0'.repeat(64), 'words'],
      ['1', words.after.hash, 'name'],
    ] as const) {
      const problems = problemsWith(record, hash, field)
      assert.ok(problems.some(({ what }) => /gone and no record.erased names them/.test(what)))
      assert.ok(problems.some(({ what }) => /were to be erased and are there/.test(what)))
    }
  })

  test('reports words that were to be erased and are there, in their segment', async () => {
    const problems = await problemsAfter((files) => ({ ...files, [november]: sample[november] ?? '' }))
    assert.ok(
      problems.some(
        ({ file, sequence, what }) =>
          file === november &&
          sequence === 5 &&
          what === 'the words of "forWhom" were to be erased and are there',
      ),
      JSON.stringify(problems),
    )
  })

  test('reports an erasure that is not in the list', async () => {
    for (const list of [undefined, '', `5 ${'0'.repeat(64)} forWhom x wish\n`]) {
      const problems = await problemsAfter(({ [erasuresName]: _, ...files }) =>
        list === undefined ? files : { ...files, [erasuresName]: list },
      )
      assert.deepEqual(problems, [
        { file: erasuresName, sequence: 5, what: 'the erasure of "forWhom" is not in the list' },
      ])
    }
  })

  test('reports every bent byte of a seal, and a seal that is missing', async () => {
    const { [seal]: bytes, ...files } = (await healthy()).contents()
    assert.ok(bytes)
    for (let at = 0; at < bytes.length; at++) {
      const bent: Buffer = Buffer.from(bytes)
      bent[at] = (bytes[at] ?? 0) ^ 1
      assert.deepEqual(problemsIn({ ...files, [seal]: bent }), [
        { file: seal, what: 'this seal is bent, or its signature does not fit' },
      ])
    }
    assert.deepEqual(problemsIn(files), [{ file: seal, what: 'this month is over and has no seal' }])
  })

  test('reports a seal that says something else than the month, though it is well signed', async () => {
    const files = (await healthy()).contents()
    const text = files[seal]?.toString() ?? ''
    const claims: [string, string, string][] = [
      ['archive', sampleArchive, 'a_0000000000000000'],
      ['records', '6', '7'],
      ['first', '1', '2'],
      ['last', '6', '5'],
      ['head', 'f9ac', 'f9ad'],
      ['bytes', '1573', '1549'],
      ['sha256', '70b6', '70b7'],
      ['erased', '1', '0'],
    ]
    for (const [name, is, said] of claims) {
      const other = text.slice(0, text.indexOf('signature ')).replace(`${name} ${is}`, `${name} ${said}`)
      assert.notEqual(other, text.slice(0, text.indexOf('signature ')), name)
      const problems = problemsIn({ ...files, [seal]: `${other}signature ${sampleKey.sign(other)}\n` })
      assert.equal(problems.length, 1, name)
      assert.match(problems[0]?.what ?? '', new RegExp(`^it says ${name} ${said}`))
    }
  })

  test('reports a seal by a key that the archive does not name, and takes one that it named later', async () => {
    const key = { ...sampleKey, publicKey: '0'.repeat(64) }
    const opened = (publicKey: string) => ({
      kind: 'archive.opened',
      version: 1,
      critical: false,
      values: Object.entries({ archive: sampleArchive, format: '1', key: publicKey }),
      blocks: [],
    })
    const added = {
      kind: 'key.added',
      version: 1,
      critical: true,
      values: Object.entries({ by: 'operator', publicKey: sampleKey.publicKey, why: 'lost' }),
      blocks: [],
    }
    const said = { kind: 'word.said', version: 1, critical: false, values: [], blocks: [] }
    for (const later of [added, said]) {
      const first = printGroup([opened(key.publicKey)], beginning, '2026-11-22T07:00:00.000Z')
      const second = printGroup([later], first.after, '2026-12-22T07:00:00.000Z')
      const disk = archiveDisk({ ...segmentsOf([first, second]), [formatName]: formatText })
      await sealSegment(disk, folder, '2026-11', sampleArchive, sampleKey)
      assert.deepEqual(
        verifyArchive(disk, folder).problems.map(({ what }) => what),
        later === added ? [] : ['this seal was made with a key that the archive does not name'],
      )
    }
  })

  test('reports a seal of the month that is still open', async () => {
    const disk = await healthy()
    await sealSegment(disk, folder, '2026-12', sampleArchive, sampleKey)
    assert.deepEqual(verifyArchive(disk, folder).problems, [
      { file: sealName('2026-12'), what: 'this month is sealed, and the one that came after it is missing' },
    ])
  })

  test('reports files that the archive did not put there, and never reads them', async () => {
    const strangers = [
      'notes.txt',
      '2026/2026-13.txt',
      '2026/2025-11.txt',
      '2026/2026-11.txt~',
      '2027/2027-01.seal',
      'x/2026-11.txt',
    ]
    const problems = await problemsAfter((files) => ({
      ...files,
      ...Object.fromEntries(strangers.map((name) => [name, 'thywill archive 1'])),
    }))
    const top = strangers.map((name) => (name.startsWith('x/') ? 'x' : name))
    assert.deepEqual(
      problems,
      top.sort().map((file) => ({ file, what: 'the archive did not put this file here' })),
    )
  })

  test('reports another FORMAT, and none', async () => {
    assert.deepEqual(await problemsAfter((files) => ({ ...files, [formatName]: `${formatText} ` })), [
      { file: formatName, what: 'this is not the text of format 1' },
    ])
    assert.deepEqual(await problemsAfter(({ [formatName]: _, ...files }) => files), [
      { file: formatName, what: 'it is missing' },
    ])
  })

  test('tells how far it is', () => {
    const said = { kind: 'word.said', version: 1, critical: false, values: [], blocks: [] }
    let place = { ...beginning, time: '2026-11-22T07:00:00.000Z' }
    const groups = Array.from({ length: 120 }, (_, index) => {
      const time = `2026-1${index < 80 ? 1 : 2}-22T07:00:00.000Z`
      const group = printGroup(Array(1000).fill(said), place, time)
      place = { ...place, ...group.after }
      return group
    })
    const told: Progress[] = []
    const { records, bytes } = verifyArchive(archiveDisk(segmentsOf(groups)), folder, (one) => told.push(one))
    assert.equal(records, 120_000)
    assert.deepEqual(
      told.map((one) => one.records),
      [50_000, 100_000],
    )
    for (const one of told) {
      assert.equal(one.totalBytes, bytes)
      assert.ok(Math.abs(one.bytes / bytes - one.records / records) < 0.01, JSON.stringify(one))
    }
  })
})

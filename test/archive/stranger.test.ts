import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { formatText } from '../../src/archive/format.ts'
import { digestOf } from '../../src/archive/print.ts'
import {
  archiveDisk,
  erasedSampleFolder,
  type Files,
  filesOf,
  readAll,
  sampleFolder,
  segmentsOf,
} from '../tools/archive.ts'
import { holds } from '../tools/laws.ts'
import { anyArchive } from './arbitrary.ts'
import { readArchive } from './stranger.ts'

const stranger = fileURLToPath(new URL('stranger.ts', import.meta.url))

suite('a stranger without our program', () => {
  test('shares nothing with it', () => {
    const imports = readFileSync(stranger, 'utf8').match(/from '[^']*'/g)
    assert.deepEqual(imports, ["from 'node:crypto'", "from 'node:fs'"])
  })

  test('finds the same records and the same head in the sample', () => {
    for (const real of [sampleFolder, erasedSampleFolder]) {
      const printed = execFileSync(process.execPath, [stranger, real], { encoding: 'utf8' })
      const ours = readAll(archiveDisk(filesOf(real)))
      assert.equal(ours.records.length, 8)
      assert.equal(printed, `8 records, head ${ours.end.safe.hash}\n`)
    }
  })

  test('finds the same words, gone ones as gone', () => {
    const [with5, without5] = [sampleFolder, erasedSampleFolder].map((real) => readArchive(real).records[4])
    assert.equal(with5?.fields.forWhom, 'Mary Johnson')
    assert.equal(without5?.fields.forWhom, null)
    assert.equal(with5?.fields.request, without5?.fields.request)
  })

  test('finds in any archive what we find', () => {
    holds(
      fc.property(anyArchive, (groups) => {
        const segments = segmentsOf(groups)
        const ours = readAll(archiveDisk(segments))
        const theirs = onDisk(segments, readArchive)
        assert.equal(theirs.head, ours.end.safe.hash)
        assert.deepEqual(
          theirs.records.map(({ fields, hash }) => ({ fields, hash })),
          ours.records.map(({ blocks, hash }) => ({
            fields: Object.fromEntries(
              blocks.map((block) => [block.field, 'text' in block ? block.text : null]),
            ),
            hash,
          })),
        )
      }),
      60,
    )
  })

  test('gets the closing hash of a record without blocks, as FORMAT says', () => {
    const recipe = "sed -n '2,4p' 2026/2026-11.txt | sha256sum"
    assert.ok(formatText.includes(recipe))
    assert.equal(shell(recipe), `${readAll(archiveDisk(filesOf(sampleFolder))).records[0]?.hash}  -\n`)
  })

  test('gets the digest of a block, as FORMAT says', () => {
    assert.ok(formatText.includes("sed -n '<first line>,<last line>p' 2026/2026-11.txt | sha256sum"))
    const lines = readFileSync(join(sampleFolder, '2026/2026-11.txt'), 'utf8').split('\n')
    const first = lines.findIndex((line) => line.startsWith('~request')) + 1
    const last = lines.indexOf('| ~x') + 1
    assert.ok(first > 0 && last > first)
    const block = readAll(archiveDisk(filesOf(sampleFolder))).records[4]?.blocks[1]
    assert.ok(block)
    assert.equal(shell(`sed -n '${first},${last}p' 2026/2026-11.txt | sha256sum`), `${digestOf(block)}  -\n`)
  })
})

const shell = (recipe: string) => execFileSync('sh', ['-c', recipe], { cwd: sampleFolder, encoding: 'utf8' })

function onDisk<Result>(files: Files, look: (folder: string) => Result): Result {
  const real = mkdtempSync(join(tmpdir(), 'thywill-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(real, name)), { recursive: true })
      writeFileSync(join(real, name), content)
    }
    return look(real)
  } finally {
    rmSync(real, { recursive: true })
  }
}

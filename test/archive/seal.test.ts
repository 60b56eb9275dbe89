import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { carryOut, erasureOf } from '../../src/archive/erase.ts'
import { Corruption } from '../../src/archive/fault.ts'
import { sealName } from '../../src/archive/files.ts'
import { describeSegment, openSealKey, printSeal, readSeal, sealSegment } from '../../src/archive/seal.ts'
import {
  archiveDisk,
  filesOf,
  folder,
  november,
  readAll,
  sampleArchive,
  sampleFolder,
  sampleKey,
} from '../tools/archive.ts'

const sample = filesOf(sampleFolder)
const seal = sealName('2026-11')
const lines = `thywill seal 1 month 2026-11
archive a_7k2m9x4c1h8v3d6q
records 6
first 1
last 6
head f9accc347405f5d608b7f48f3b72ddd3c94c28a7cdbe980c13a96c59f9886c8a
bytes 1549
sha256 ff9f6100e0863751b415a1adf47f1eb13f34c8a2e08bd14cf376b715fb85e5d7
erased 0
key ${sampleKey.publicKey}
`

async function sealed() {
  const disk = archiveDisk(sample)
  await sealSegment(disk, folder, '2026-11', sampleArchive, sampleKey)
  return disk
}

suite('a seal', () => {
  test('says about its month what the format says, and signs exactly the lines above', async () => {
    const text = (await sealed()).contents()[seal]?.toString() ?? ''
    assert.equal(text, `${lines}signature ${sampleKey.sign(lines)}\n`)
  })

  test('reads back as it was printed', async () => {
    const disk = await sealed()
    const described = await describeSegment(disk, folder, '2026-11', sampleArchive)
    assert.deepEqual(readSeal(disk, folder, '2026-11'), { ...described, key: sampleKey.publicKey })
  })

  test('makes its month read-only for everyone and leaves its bytes', async () => {
    const disk = await sealed()
    assert.equal(disk.file(`${folder}/${november}`)?.mode, 0o400)
    assert.equal(disk.file(`${folder}/${seal}`)?.mode, 0o600)
    assert.deepEqual(disk.contents()[november], sample[november])
  })

  test('is refused with any of its bytes changed to any of the 255 others', async () => {
    const disk = await sealed()
    const node = disk.file(`${folder}/${seal}`)
    assert.ok(node && readSeal(disk, folder, '2026-11'))
    let changes = 0
    for (let at = 0; at < node.bytes.length; at++) {
      const was = node.bytes[at] ?? 0
      for (let is = 0; is < 256; is++) {
        if (is === was) continue
        node.bytes[at] = is
        if (readSeal(disk, folder, '2026-11')) assert.fail(`byte ${at} as ${is}`)
        changes++
      }
      node.bytes[at] = was
    }
    assert.ok(changes > 110_000 && changes === node.bytes.length * 255, `${changes} changes`)
  })

  test('is refused when it is cut short, has more behind it, or is of another month', async () => {
    const disk = await sealed()
    const path = `${folder}/${seal}`
    const whole = disk.file(path)?.bytes
    assert.ok(whole)
    for (let size = 0; size < whole.length; size++) {
      disk.bend(path, whole.subarray(0, size))
      assert.equal(readSeal(disk, folder, '2026-11'), undefined)
    }
    disk.bend(path, Buffer.concat([whole, Buffer.from('\n')]))
    assert.equal(readSeal(disk, folder, '2026-11'), undefined)
    disk.bend(path, whole)
    disk.rename(path, `${folder}/${sealName('2026-12')}`)
    assert.equal(readSeal(disk, folder, '2026-12'), undefined)
  })

  test('signed by another key than it names is refused', async () => {
    const secrets = mkdtempSync(join(tmpdir(), 'thywill-'))
    try {
      const other = await openSealKey(realDisk, secrets)
      const disk = await sealed()
      const described = await describeSegment(disk, folder, '2026-11', sampleArchive)
      const path = `${folder}/${seal}`
      disk.bend(path, Buffer.from(printSeal({ ...described, key: sampleKey.publicKey }, other)))
      assert.equal(readSeal(disk, folder, '2026-11'), undefined)
      disk.bend(path, Buffer.from(printSeal({ ...described, key: other.publicKey }, other)))
      assert.equal(readSeal(disk, folder, '2026-11')?.key, other.publicKey)
    } finally {
      rmSync(secrets, { recursive: true })
    }
  })

  test('is made anew after an erasure: bytes, sum and erased change, the head does not', async () => {
    const disk = await sealed()
    const before = readSeal(disk, folder, '2026-11')
    for (const erasure of readAll(disk).records.map(erasureOf)) {
      if (erasure) await carryOut(disk, folder, erasure)
    }
    await sealSegment(disk, folder, '2026-11', sampleArchive, sampleKey)
    const after = readSeal(disk, folder, '2026-11')
    assert.ok(before && after)
    assert.deepEqual(after, { ...before, bytes: after.bytes, sha256: after.sha256, erased: 1 })
    assert.equal(after.bytes, disk.contents()[november]?.length)
    assert.notEqual(after.bytes, before.bytes)
    assert.notEqual(after.sha256, before.sha256)
    assert.equal(disk.file(`${folder}/${november}`)?.mode, 0o400)
  })

  test('is not made for a month that does not verify', async () => {
    for (const at of [0, 300, 1000, 1548]) {
      const bytes = Buffer.from(sample[november] ?? '')
      bytes[at] = (bytes[at] ?? 0) ^ 1
      const disk = archiveDisk({ ...sample, [november]: bytes })
      await assert.rejects(sealSegment(disk, folder, '2026-11', sampleArchive, sampleKey), Corruption)
      assert.equal(disk.contents()[seal], undefined)
    }
  })
})

suite('the key of the seals', () => {
  test('is named with its file, and what to do, when it is none', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    for (const text of ['', 'rubbish', rsa.export({ type: 'pkcs8', format: 'pem' }).toString()]) {
      const disk = archiveDisk()
      disk.makeFolder('/secrets')
      const file = disk.open('/secrets/seal.key', 'create')
      disk.write(file, Buffer.from(text), 0)
      await assert.rejects(
        openSealKey(disk, '/secrets'),
        /^Error: \/secrets\/seal\.key holds no private key of Ed25519: put back .+ take the file away/,
      )
    }
  })

  test('is made once, kept for its owner alone, and found again', async () => {
    const secrets = join(mkdtempSync(join(tmpdir(), 'thywill-')), 'secrets')
    try {
      const made = await openSealKey(realDisk, secrets)
      const found = await openSealKey(realDisk, secrets)
      assert.deepEqual([made.isNew, found.isNew], [true, false])
      assert.equal(found.publicKey, made.publicKey)
      assert.equal(found.sign('words'), made.sign('words'))
      assert.equal(statSync(secrets).mode & 0o777, 0o700)
      assert.equal(statSync(join(secrets, 'seal.key')).mode & 0o777, 0o600)
    } finally {
      rmSync(join(secrets, '..'), { recursive: true })
    }
  })
})

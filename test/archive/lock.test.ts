import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { realDisk } from '../../src/archive/disk.ts'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles, lockName } from '../../src/archive/files.ts'
import { readGroups } from '../../src/archive/read.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { sampleFolder } from '../tools/archive.ts'

test('nothing that reads an archive opens its lock, so a second process stays refused', (t) => {
  const archive = copyOfSample(t)
  const lock = realDisk.lock(join(archive, lockName))
  assert.ok(lock)
  assert.equal(elsewhere(archive), 'refused')

  const { segments, strangers } = archiveFiles(realDisk, archive)
  assert.deepEqual(strangers, [])
  for (const { name } of segments) {
    readWhole(realDisk, join(archive, name))
    cpSync(join(archive, name), join(archive, '..', 'backup', name))
  }
  assert.equal([...readGroups(realDisk, archive)].length, 6)
  assert.equal(verifyArchive(realDisk, archive).records, 8)
  assert.equal(elsewhere(archive), 'refused')

  lock.release()
  assert.equal(elsewhere(archive), 'held')
})

test('one process cannot hold it twice, and letting go twice is letting go once', (t) => {
  const path = join(copyOfSample(t), lockName)
  const lock = realDisk.lock(path)
  assert.ok(lock)
  assert.equal(realDisk.lock(path), undefined)
  lock.release()
  lock.release()
  const again = realDisk.lock(path)
  assert.ok(again)
  again.release()
})

test('it is held until it is let go, also when nobody refers to it any more', async (t) => {
  const archive = copyOfSample(t)
  setFlagsFromString('--expose-gc')
  const tidyUp = runInNewContext('gc')
  realDisk.lock(join(archive, lockName))
  for (let time = 0; time < 3; time++) {
    await wait(10)
    tidyUp()
  }
  assert.equal(elsewhere(archive), 'refused')
})

test('it dies with the process that held it', async (t) => {
  const archive = copyOfSample(t)
  const holder = spawn(process.execPath, [...script(archive), 'stay'], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => holder.kill('SIGKILL'))
  const [said] = await once(holder.stdout, 'data')
  assert.equal(String(said), 'held')
  assert.equal(realDisk.lock(join(archive, lockName)), undefined)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = realDisk.lock(join(archive, lockName))
  assert.ok(lock)
  lock.release()
})

test('opening the lock by other means lets a second process in: why nothing may', (t) => {
  const archive = copyOfSample(t)
  const lock = realDisk.lock(join(archive, lockName))
  assert.equal(elsewhere(archive), 'refused')
  readFileSync(join(archive, lockName))
  assert.equal(elsewhere(archive), 'held')
  lock?.release()
})

function copyOfSample(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(sampleFolder, join(folder, 'archives'), { recursive: true })
  return join(folder, 'archives')
}

/** Another process that tries to take the lock and says whether it has it. */
function script(archive: string): string[] {
  const code = `
    import { realDisk } from ${JSON.stringify(new URL('../../src/archive/disk.ts', import.meta.url).href)}
    const lock = realDisk.lock(${JSON.stringify(join(archive, lockName))})
    process.stdout.write(lock ? 'held' : 'refused')
    if (process.argv.includes('stay')) process.stdin.resume()
    else lock?.release()`
  return ['--input-type=module', '--eval', code]
}

const elsewhere = (archive: string) => execFileSync(process.execPath, script(archive), { encoding: 'utf8' })

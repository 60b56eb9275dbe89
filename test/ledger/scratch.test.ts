import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { makeScratch, removeScratches } from '../../src/ledger/scratch.ts'

const scratchModule = new URL('../../src/ledger/scratch.ts', import.meta.url).href
const diskModule = new URL('../../src/archive/disk.ts', import.meta.url).href

test('what a killed comparison left is removed, and one that is under way stays', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'somebody-else'))
  const program = `
    import { makeScratch } from '${scratchModule}'
    import { realDisk } from '${diskModule}'
    const scratch = makeScratch(realDisk, process.argv[1])
    console.log(scratch.path)
    // Held as the site holds it: the lock of what nobody holds ends when memory is collected.
    setInterval(() => scratch, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const [said] = await once(child.stdout, 'data')
  writeFileSync(join(String(said).trim(), 'half.sqlite'), 'half')

  removeScratches(realDisk, folder)
  assert.equal(readdirSync(folder).length, 2, 'it is under way')
  child.kill('SIGKILL')
  await once(child, 'exit')
  removeScratches(realDisk, folder)
  assert.deepEqual(readdirSync(folder), ['somebody-else'])

  const own = makeScratch(realDisk, folder)
  own.remove()
  assert.deepEqual(readdirSync(folder), ['somebody-else'])
})

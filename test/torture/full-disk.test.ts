import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { command, home, inviteTo, memberAt, serve, undoing } from '../tools/site.ts'
import { fullInMemory } from './full-in-memory.ts'

/** A file system of one megabyte, where the machine allows it. */
function smallFileSystem(atEnd: ReturnType<typeof undoing>): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-small-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  atEnd(() => execFileSync('umount', [folder]))
  return folder
}

test('on a full file system nothing is lost: the words are kept, a clear page says so, and writes go on by themselves', async (t) => {
  const atEnd = undoing(t)
  const small = smallFileSystem(atEnd)
  if (!small) {
    t.diagnostic('nothing can be mounted here, so this is a full disk in memory')
    return fullInMemory(t)
  }
  t.diagnostic('a real file system of 1 MB')
  const here = await home(join(small, 'archives'))
  atEnd(() => here.remove())
  const site = await serve(here)
  atEnd(() => site.kill())
  const ruth = await memberAt(here, site.firstLink ?? '', 'Ruth')
  const invite = await inviteTo(here, '--uses', '10')

  const saved: string[] = []
  const words = (number: number) => `Number ${number}. ${'Please pray with me. '.repeat(200)}`
  let refused = 0
  for (let number = 0; refused < 3; number++) {
    const answer = await ruth.post('/prayers', { request: words(number), key: `number ${number}` })
    if (answer.status === 303) {
      assert.equal(refused, 0)
      saved.push(answer.location)
      continue
    }
    refused++
    assert.equal(answer.status, 503)
    assert.match(answer.body, /That did not save\. Your words are still here\./)
    assert.ok(answer.body.includes(words(number)), 'the words are in the form')
    assert.ok(number < 1000, 'it is full at last')
  }
  assert.ok(saved.length > 50)
  assert.equal((await ruth.get('/')).status, 200, 'reading goes on')
  assert.equal((await command(here, 'status', '--json')).code, 1, 'the operator is told')

  execFileSync('mount', ['-o', 'remount,size=4m', small])
  const answer = await within(10_000, async () => {
    const again = await ruth.post('/prayers', { request: 'There is room again.', key: 'again' })
    return again.status === 303 ? again : undefined
  })
  saved.push(answer.location)
  await memberAt(here, invite, 'Daniel')
  for (const location of saved) assert.equal((await ruth.get(location)).status, 200, location)
  const verified = await command(here, 'verify', '--deep', '--json')
  assert.equal(verified.code, 0, verified.output)
})

async function within<Result>(
  milliseconds: number,
  look: () => Promise<Result | undefined>,
): Promise<Result> {
  const until = performance.now() + milliseconds
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    assert.ok(performance.now() < until, `within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { inWords } from '../../src/cli/no-room.ts'
import { command, type Home, home, inviteTo, memberAt, serve, undoing } from '../tools/site.ts'
import { fullInMemory } from './full-in-memory.ts'

/** A file system of so many kilobytes, where the machine allows it. */
function smallFileSystem(kilobytes: number, atEnd: ReturnType<typeof undoing>): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-small-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  const options = `size=${kilobytes}k,mode=0700`
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  atEnd(() => execFileSync('umount', [folder]))
  return folder
}

test('every command says in a sentence which disk is full and how much is free there', async (t) => {
  const atEnd = undoing(t)
  const small = smallFileSystem(256, atEnd)
  if (!small) {
    t.diagnostic('nothing can be mounted here, so this is what Node says of a full disk')
    const said = new Error(`ENOSPC: no space left on device, open '${tmpdir()}/x'`)
    return assert.match(inWords(said, ['rebuild']), sentenceOf(tmpdir()))
  }
  const here = await home({ cache: join(small, 'cache') })
  atEnd(() => here.remove())
  const sizes = ['--members', '12', '--prayers', '200', '--marks', '2000']
  const elsewhere = { ...here, env: { ...here.env, CACHE_DIR: join(here.folder, 'roomy') } }
  assert.equal((await command(elsewhere, 'seed', ...sizes)).code, 0)
  const before = readdirSync(here.archive)
  for (const words of [
    ['rebuild'],
    ['prepare'],
    ['invite'],
    ['serve'],
    ['verify', '--deep'],
    ['upgrade'],
    ['backup', join(small, 'x')],
  ]) {
    const { status, stderr, stdout } = runs(here, words)
    const said = `${words.join(' ')}: ${stderr}${stdout}`
    assert.equal(status, 1, said)
    assert.match(stderr, sentenceOf(small), said)
    assert.doesNotMatch(stderr, /ENOSPC|SQLITE_FULL|disk is full|^ {4}at /m, said)
    if (words[0] === 'upgrade') assert.match(stderr, /^The upgrade stopped at "make the cache"\. There was/)
    for (const name of readdirSync(small)) rmSync(join(small, name), { recursive: true })
  }
  assert.deepEqual(readdirSync(here.archive), before)
})

const sentenceOf = (folder: string) =>
  new RegExp(
    `There was not enough room on the disk of ${folder}/\\S+, where [\\d.,]+ \\w+ are free now: make room`,
  )

const runs = ({ env }: Home, words: readonly string[]) =>
  spawnSync(join(import.meta.dirname, '../../thywill'), words, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  })

const words = (number: number) => `Number ${number}. ${'Please pray with me. '.repeat(200)}`

for (const [what, kilobytes] of [
  ['the archive', 1024],
  ['the archive and its cache', 6144],
] as const)
  test(`when the file system of ${what} is full nothing is lost, a clear page keeps the words, and writes go on by themselves`, async (t) => {
    const atEnd = undoing(t)
    const small = smallFileSystem(kilobytes, atEnd)
    if (!small) {
      t.diagnostic('nothing can be mounted here, so this is a full disk in memory')
      return fullInMemory(t)
    }
    t.diagnostic(`a real file system of ${kilobytes} KB`)
    const cache = join(small, 'cache')
    const here = await home({
      archive: join(small, 'archives'),
      ...(what.includes('cache') ? { cache } : {}),
    })
    atEnd(() => here.remove())
    let site = await serve(here)
    atEnd(() => site.kill())
    const ruth = await memberAt(here, site.firstLink ?? '', 'Ruth')
    const invite = await inviteTo(here, '--uses', '10')

    const saved: string[] = []
    let number = 0
    /** A page that was given back may have room for one more at any moment. */
    const asksUntilItIsFull = async () => {
      for (; ; number++) {
        assert.ok(number < 2000, 'it is full at last')
        const answer = await ruth.post('/prayers', { request: words(number), key: `number ${number}` })
        if (answer.status !== 303) return answer
        saved.push(answer.location)
      }
    }
    for (let refused = 0; refused < 3; refused++) {
      const answer = await asksUntilItIsFull()
      assert.equal(answer.status, 503, answer.body)
      assert.match(answer.body, /That did not save\. Your words are still here\./)
      assert.ok(answer.body.includes(words(number).trim()), 'the words are in the form')
    }
    assert.ok(saved.length > 50)
    assert.equal((await ruth.get('/')).status, 200, 'reading goes on')
    let isTold = false
    for (let asked = 0; !isTold && asked < 10; asked++) {
      await asksUntilItIsFull()
      isTold = (await command(here, 'status', '--json')).code === 1
    }
    assert.ok(isTold, 'the operator is told')

    // Killed, so that what SQLite logged still takes its room.
    await site.kill()
    site = await serve(here)
    for (const page of ['/', ...saved.slice(0, 3)]) assert.equal((await ruth.get(page)).status, 200, page)
    assert.equal((await asksUntilItIsFull()).status, 503, 'it is still full')

    execFileSync('mount', ['-o', 'remount,size=16m', small])
    saved.push(await sharedAgain(() => ruth.post('/prayers', { request: 'There is room.', key: 'room' })))
    await memberAt(here, invite, 'Daniel')
    for (const location of saved) assert.equal((await ruth.get(location)).status, 200, location)
    const verified = await command(here, 'verify', '--deep', '--json')
    assert.equal(verified.code, 0, verified.output)
    assert.equal(site.hasEnded(), false, site.output())
  })

/** Nobody does anything but try again. */
async function sharedAgain(share: () => Promise<{ status: number; location: string }>): Promise<string> {
  const until = performance.now() + 60_000
  for (;;) {
    const { status, location } = await share()
    if (status === 303) return location
    assert.ok(performance.now() < until, 'writes go on by themselves')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

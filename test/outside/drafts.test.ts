import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { draftChore } from '../../src/jobs/forgetting.ts'
import { schedule } from '../../src/kernel/actor.ts'
import { keyringOf, noKeys } from '../../src/kernel/keyring.ts'
import { days, momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { openDrafts } from '../../src/outside/drafts.ts'

const ruth = 'm_0123456789abcdef'
const tom = 'm_0123456789abcdeg'
const words = { request: 'Please pray.', key: 'k' }

function drafts(t: TestContext) {
  const parent = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(parent, { recursive: true }))
  const folder = join(parent, 'drafts')
  let now = Date.parse('2026-11-22T07:00:00.000Z')
  let keyring = keyringOf([{ number: 1, bytes: new Uint8Array(32).fill(7) }])
  const failures: unknown[] = []
  const source = { ...world, now: () => now }
  const kept = openDrafts({
    ...{ folder, source },
    keyring: () => keyring,
    onFailure: (error) => failures.push(error),
  })
  return {
    ...{ folder, kept, failures, source },
    passes(milliseconds: number) {
      now += milliseconds
    },
    now: () => momentOf(now),
    keys(other: typeof keyring) {
      keyring = other
    },
    files: () => readdirSync(folder),
  }
}

test('a draft is one file of whoever began it, that only the key of this site opens, and that tells nobody whose it is', (t) => {
  const { folder, kept, files, passes, now, keys } = drafts(t)
  const begunAt = now()
  assert.equal(kept.of(ruth), undefined)
  assert.equal(kept.keep(ruth, words), true)
  passes(1 * days)
  assert.equal(kept.keep(ruth, { ...words, request: 'Please pray for me.' }), true)
  assert.deepEqual(kept.of(ruth), { words: { ...words, request: 'Please pray for me.' }, begunAt })
  assert.equal(kept.of(tom), undefined)
  const [name = '', ...more] = files()
  assert.deepEqual(more, [])
  const text = readFileSync(join(folder, name), 'utf8')
  for (const secret of [ruth, ruth.slice(2), 'pray', 'request', Buffer.from('Please').toString('base64url')])
    assert.ok(!`${name}${text}`.includes(secret), secret)
  assert.deepEqual([statSync(folder).mode & 0o777, statSync(join(folder, name)).mode & 0o777], [0o700, 0o600])

  // Put under the name of another's it does not open.
  kept.keep(tom, words)
  const his = files().find((one) => one !== name) ?? ''
  writeFileSync(join(folder, his), text)
  assert.equal(kept.of(tom), undefined)
  keys(keyringOf([{ number: 2, bytes: new Uint8Array(32).fill(9) }]))
  assert.equal(kept.of(ruth), undefined)
})

test('another form begins another draft; the words of the same one keep their beginning', (t) => {
  const { kept, passes, now } = drafts(t)
  kept.keep(ruth, words)
  passes(1 * days)
  kept.keep(ruth, { request: 'Else.', key: 'other' })
  assert.equal(kept.of(ruth)?.begunAt, now())
})

test('a draft is gone when it is dropped, and seven days after it was kept last', async (t) => {
  const { kept, passes, files, source, failures } = drafts(t)
  kept.forgetOld()
  kept.drop(ruth)
  kept.keep(ruth, words)
  kept.drop(ruth)
  assert.deepEqual([kept.of(ruth), files()], [undefined, []])

  kept.keep(ruth, words)
  passes(7 * days - 1)
  kept.keep(tom, words)
  kept.forgetOld()
  assert.equal(files().length, 2)
  passes(1)
  assert.equal(kept.of(ruth), undefined, 'also before somebody removes it')
  const chore = draftChore(kept, source)
  assert.equal(chore.last(), undefined, 'so it is done soon after a start')
  await chore.run(schedule)
  assert.equal(chore.last(), momentOf(source.now()))
  assert.equal(files().length, 1)
  assert.equal(kept.of(tom)?.words.request, 'Please pray.')
  assert.deepEqual(failures, [])
})

test('where none can be kept it is said, what was there stays, and nothing half is left', (t) => {
  const { folder, kept, keys, files, failures } = drafts(t)
  keys(noKeys)
  assert.equal(kept.keep(ruth, words), false, 'without a key nothing is written')
  assert.equal(kept.of(ruth), undefined)
  keys(keyringOf([{ number: 1, bytes: new Uint8Array(32).fill(7) }]))
  kept.keep(ruth, words)
  const [name = ''] = files()
  const before = readFileSync(join(folder, name), 'utf8')
  // No file can be written where a folder stands.
  mkdirSync(join(folder, `${name}.tmp`))
  assert.equal(kept.keep(ruth, { ...words, request: 'More.' }), false)
  assert.equal(readFileSync(join(folder, name), 'utf8'), before)
  assert.equal(kept.of(ruth)?.words.request, 'Please pray.')
  assert.equal(failures.length, 1)
  assert.ok(!String(failures).includes('More.'))
})

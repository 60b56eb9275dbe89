import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { strangerTallies } from '../../src/jobs/tallies.ts'
import { world } from '../../src/kernel/stamp.ts'
import { openSecurityLog } from '../../src/outside/security-log.ts'
import { refusedSince } from '../../src/queries/strangers.ts'
import type { Site } from '../../src/web/site.ts'
import { place } from './browser.ts'

const fails = (error: unknown) => assert.fail(String(error))

/** A site whose strangers are watched as the server does it. */
async function watched(t: Parameters<typeof place>[0], most?: number) {
  let refused: Site['refused'] = () => {}
  const there = await place(t, {
    env: { RATE_LIMITS: 'off' },
    site: () => ({ refused: (one) => refused?.(one) }),
  })
  const folder = there.here.options.cache
  const log = openSecurityLog({ folder, source: world, onFailure: fails, ...(most && { most }) })
  const tallies = strangerTallies({ record: there.here.ledger.record, onFailure: fails })
  refused = (one) => {
    log.write(one)
    tallies.count(one.what)
  }
  there.here.atEnd(() => tallies.close())
  const files = () => readdirSync(folder).filter((name) => name.startsWith('security.log'))
  return {
    ...there,
    log,
    tallies,
    files,
    lines: () => files().flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n')),
    bytes: () => files().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
  }
}

test('a stranger who is refused is a line without their address, and a member who is refused is none', async (t) => {
  const { browser, comes, log, lines } = await watched(t)
  const ruth = await comes('Ruth')
  await ruth.get('/nothing')
  const stranger = browser()
  await stranger.get('/feed')
  await stranger.get('/claim/xxxxxxxxxxxxxxxxxxxxxx')
  await stranger.post('/sign-in', { link: 'no link' })
  await stranger.get('/healthz')
  log.close()
  const said = lines().map((line) => line.replace(/^\S+Z /, ''))
  assert.deepEqual(
    said.map((line) => line.replace(/from=\w{12}$/, 'from=…')),
    ['page /feed from=…', 'link /claim/:token from=…', 'form /sign-in from=…'],
  )
  assert.equal(new Set(said.map((line) => line.split('from=')[1])).size, 1)
  assert.doesNotMatch(lines().join(), /127\.0\.0\.1|xxxx|no link/)
})

test('a flood of strangers is one record an hour for each thing they tried, and two files of bounded size', async (t) => {
  const { here, browser, log, tallies, files, bytes } = await watched(t, 4096)
  here.written()
  const stranger = browser()
  for (let round = 0; round < 20; round++) {
    for (let times = 0; times < 20; times++) await stranger.get('/feed')
    await stranger.get('/claim/xxxxxxxxxxxxxxxxxxxxxx')
    log.close()
  }
  assert.deepEqual(here.written(), [])
  assert.deepEqual(files().sort(), ['security.log', 'security.log.1'])
  assert.ok(bytes() <= 2 * 4096, String(bytes()))
  await tallies.tell()
  await tallies.tell()
  assert.deepEqual(here.written(), [
    'strangers.refused/1 by=schedule what=page times=400',
    'strangers.refused/1 by=schedule what=link times=20',
  ])
  assert.equal(refusedSince(here.ledger.cache(), '2026-11-22T00:00:00.000Z'), 420)
})

test('what could not be recorded is counted until it can be', async (t) => {
  const { here } = await place(t)
  const failures: unknown[] = []
  let isSaving = false
  const tallies = strangerTallies({
    record: (rehearse) => (isSaving ? here.ledger.record(rehearse) : Promise.reject(new Error('disk full'))),
    onFailure: (error) => failures.push(error),
  })
  tallies.count('page')
  await tallies.tell()
  tallies.count('page')
  isSaving = true
  here.written()
  await tallies.close()
  assert.equal(failures.length, 1)
  assert.deepEqual(here.written(), ['strangers.refused/1 by=schedule what=page times=2'])
})

test('another day has other words for the same address', async (t) => {
  const { here } = await place(t)
  let now = Date.parse('2026-11-22T23:59:00Z')
  const folder = here.options.cache
  const log = openSecurityLog({ folder, source: { ...world, now: () => now }, onFailure: fails })
  const refused = { what: 'page', route: '/feed', from: '192.0.2.7' }
  log.write(refused)
  now += 120_000
  log.write(refused)
  log.close()
  const words = readFileSync(join(folder, 'security.log'), 'utf8').match(/from=\w+/g)
  assert.equal(new Set(words).size, 2)
})

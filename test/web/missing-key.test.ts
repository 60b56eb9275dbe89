import assert from 'node:assert/strict'
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { command, home, memberAt, serve, undoing } from '../tools/site.ts'

const missing =
  'SECRETS_DIR does not hold the key that words were sealed with (words-1.key), or it cannot be read: words for fewer than everyone cannot be opened, and none are saved, until it is put back.'

test('a site whose key of sealed words is missing says so everywhere, serves, makes no other, and needs only the key back', async (t) => {
  const atEnd = undoing(t)
  const plain = await home()
  const here = { ...plain, env: { ...plain.env, METRICS: 'on' } }
  atEnd(() => here.remove())
  const first = await serve(here)
  atEnd(() => first.kill())
  const ruth = await memberAt(here, first.firstLink ?? '', 'Ruth')
  const asked = { request: 'Only for me.', sees: 'me', key: 'sealed' }
  const { location: sealed } = await ruth.post('/prayers', asked)
  assert.match((await ruth.get(sealed)).body, /Only for me\./)
  await first.stop()

  const key = join(plain.env.SECRETS_DIR ?? '', 'words-1.key')
  renameSync(key, `${here.folder}/elsewhere`)
  const site = await serve(here)
  atEnd(() => site.kill())
  const caches = () => readdirSync(here.cache).filter((name) => name.endsWith('.sqlite'))
  const before = caches()
  assert.ok(site.output().split('\n').includes(missing), site.output())

  assert.match((await ruth.get(sealed)).body, /These words cannot be opened/)
  const again = { ...asked, request: 'One more for me.', key: 'again' }
  const refused = await ruth.post('/prayers', again)
  assert.equal(refused.status, 503)
  assert.match(refused.body, /a key of this site is missing\. Whoever runs it has to put it back/)
  assert.match(refused.body, /One more for me\./)
  assert.equal((await ruth.post('/prayers', { request: 'For all.', key: 'all' })).status, 303)
  assert.equal((await ruth.get('/readyz')).status, 200)

  const status = await command(here, 'status')
  assert.equal(status.code, 1)
  assert.ok(status.output.includes(`\nKeys      ${missing}\n`), status.output)
  const doctor = await command(here, 'doctor', '--json')
  const { findings } = JSON.parse(doctor.output) as {
    findings: { check: string; state: string; what: string; remedy?: string }[]
  }
  const found = findings.filter(({ check, state }) => check === 'keys' && state === 'wrong')
  assert.deepEqual([doctor.code, found.map(({ what }) => what)], [1, [missing]])
  assert.match(found[0]?.remedy ?? '', /^Put it back: .+ no other is ever made\.$/)
  assert.match((await ruth.get('/metrics')).body, /^thywill_sealing_keys_missing 1$/m)
  const overview = (await ruth.get('/admin/recovery')).body
  assert.match(
    overview,
    /A key is missing: words for fewer than everyone cannot be opened, and none are saved/,
  )
  const problems = (await ruth.get('/admin/recovery/problems')).body
  assert.match(problems, /<code>words-1\.key<\/code>/)
  assert.match(problems, /Put it back from a copy, from the recovery sheet/)
  assert.ok(!existsSync(key), 'none is made')

  renameSync(`${here.folder}/elsewhere`, key)
  assert.match((await ruth.get(sealed)).body, /Only for me\./)
  assert.equal((await ruth.post('/prayers', again)).status, 303)
  const well = await command(here, 'status', '--json')
  assert.deepEqual([well.code, JSON.parse(well.output).missingKeys], [0, []])
  assert.equal((await command(here, 'doctor')).code, 0)
  assert.match((await ruth.get('/metrics')).body, /^thywill_sealing_keys_missing 0$/m)
  assert.doesNotMatch((await ruth.get('/admin/recovery')).body, /A key is missing/)
  assert.deepEqual(caches(), before, 'no cache was made anew')
})

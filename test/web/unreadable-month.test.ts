import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { command, home, memberAt, serve, undoing } from '../tools/site.ts'

test('a site with a month that it cannot read serves from its cache, says so on every recovery page, and goes on when it is back', async (t) => {
  const atEnd = undoing(t)
  const plain = await home()
  const here = { ...plain, env: { ...plain.env, METRICS: 'on' } }
  atEnd(() => here.remove())
  const first = await serve(here)
  atEnd(() => first.kill())
  const ruth = await memberAt(here, first.firstLink ?? '', 'Ruth')
  const { location: asked } = await ruth.post('/prayers', { request: 'For rain.', key: 'one' })
  await first.stop()

  const file = archiveFiles(realDisk, here.archive).segments[0]?.name ?? ''
  const path = join(here.archive, file)
  const kept = join(here.folder, 'kept')
  renameSync(path, kept)
  mkdirSync(path)
  const site = await serve(here)
  atEnd(() => site.kill())
  const sentence = `${file} cannot be read (a folder, a link or a pipe stands in its place)`
  assert.ok(site.output().includes(`READ-ONLY: ${sentence}`), site.output())
  assert.match((await ruth.get(asked)).body, /For rain\./)
  const refused = await ruth.post('/prayers', { request: 'For sun.', key: 'two' })
  assert.equal(refused.status, 503)
  assert.match(refused.body, /For sun\./, 'the words come back')
  assert.equal((await ruth.get('/readyz')).status, 200)
  const status = await command(here, 'status')
  assert.equal(status.code, 1)
  assert.ok(status.output.includes(`running, READ-ONLY: ${sentence}`), status.output)
  assert.match((await ruth.get('/metrics')).body, /^thywill_archive_healthy 0$/m)
  const pages = ['', '/problems', '/segments', '/coverage', '/history', '/growth', '/edits', '/work']
  const shown = new Map<string, string>()
  for (const page of pages) {
    const { status, body } = await ruth.get(`/admin/recovery${page}`)
    assert.equal(status, 200, page)
    shown.set(page, body)
  }
  assert.match(shown.get('') ?? '', /a file of the text cannot be read/)
  assert.match(shown.get('/problems') ?? '', /it cannot be read \(a folder, a link or a pipe/)
  assert.match(shown.get('/segments') ?? '', /the file cannot be read, or its seal/)

  rmSync(path, { recursive: true })
  renameSync(kept, path)
  const again = await command(here, 'edits', 'look-again')
  assert.deepEqual([again.code, again.output], [0, 'Writing goes on.\n'])
  assert.equal((await ruth.post('/prayers', { request: 'For sun.', key: 'two' })).status, 303)
  assert.equal((await command(here, 'verify')).code, 0)
})

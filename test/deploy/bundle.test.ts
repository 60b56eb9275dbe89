import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { catalogue } from '../../src/catalogue.ts'
import { schemaHashOf } from '../../src/ledger/behaviour.ts'
import type { Finding } from '../../src/reports/checks/finding.ts'
import type { StatusReport } from '../../src/reports/status.ts'
import { type Copy, copyOfCode } from '../discipline/copy.ts'
import { seeded } from '../tools/backup.ts'
import { command, type Home, inviteTo, memberAt, serve, undoing } from '../tools/site.ts'

/* A copy of the code, which is bundled and changed. */

let copy: Copy
before(() => {
  copy = copyOfCode()
})
after(() => copy.remove())

const inCopy = (home: Home): Home => ({ ...home, program: join(copy.folder, 'thywill') })
const bundles = () => readdirSync(join(copy.folder, '.bundles')).sort()

/** What the doctor says of how this program starts. */
async function startsFrom(home: Home): Promise<string> {
  const { output } = await command(home, 'doctor', '--json')
  const { findings } = JSON.parse(output) as { findings: readonly Finding[] }
  return findings.find(({ check }) => check === 'bundle')?.what ?? assert.fail(output)
}

async function bundle(home: Home) {
  const { code, output } = await command(home, 'bundle')
  assert.equal(code, 0, output)
}

test('a bundle is used while it fits the sources to the byte, and never otherwise', async (t) => {
  const home = inCopy(await seeded(t, 300))
  assert.match(await startsFrom(home), /from its sources/)
  await bundle(home)
  assert.match(await startsFrom(home), /from its bundle/)

  copy.change('src/cli/version.ts', ['return String(version)', "return 'as changed'"])
  assert.equal((await command(home, '--version')).output, 'as changed\n')
  assert.match(await startsFrom(home), /from its sources/)
  copy.change('src/cli/version.ts', ["return 'as changed'", 'return String(version)'])
  assert.match(await startsFrom(home), /from its bundle/)

  const lockfile = JSON.parse(readFileSync(join(copy.folder, 'package-lock.json'), 'utf8')).lockfileVersion
  copy.change('package-lock.json', [`"lockfileVersion": ${lockfile},`, `"lockfileVersion":  ${lockfile},`])
  assert.match(await startsFrom(home), /from its sources/)
  copy.change('package-lock.json', [`"lockfileVersion":  ${lockfile},`, `"lockfileVersion": ${lockfile},`])

  const moved = `${copy.folder}-moved`
  cpSync(copy.folder, moved, { recursive: true, verbatimSymlinks: true })
  t.after(() => rmSync(moved, { recursive: true }))
  assert.match(await startsFrom({ ...home, program: join(moved, 'thywill') }), /from its sources/)
})

test('a site from its bundle does what one from its sources does, in its threads, too', async (t) => {
  const atEnd = undoing(t)
  const ofThisCode = await seeded(t, 300)
  const home = inCopy(ofThisCode)
  await bundle(home)
  const site = await serve(home)
  atEnd(() => site.kill())
  const ruth = await memberAt(home, await inviteTo(home), 'Ruth')
  const { location } = await ruth.post('/prayers', { request: 'For rain.', key: 'rain' })
  assert.match((await ruth.get(`${location}`)).body, /For rain\./)

  const status = JSON.parse((await command(home, 'status', '--json')).output) as StatusReport
  assert.equal(status.code.schemaHash, schemaHashOf(realDisk, catalogue))
  assert.equal(status.cache.fits, true)
  // Asked by this code's command line, the running site makes a cache with the thread of its bundle.
  const thread = join(copy.folder, 'src/rebuild-thread.ts')
  renameSync(thread, `${thread}.away`)
  const { code: rebuilt, output: said } = await command(ofThisCode, 'rebuild')
  assert.equal(rebuilt, 0, said)
  renameSync(`${thread}.away`, thread)
  const { code, output } = await command(home, 'verify', '--deep')
  assert.equal(code, 0, output)
  assert.match((await ruth.get(`${location}`)).body, /For rain\./)
})

test('what is older than the last but two is forgotten, and what was begun leaves nothing', async (t) => {
  const home = inCopy(await seeded(t, 10))
  for (let version = 0; version < 4; version++) {
    copy.append('src/known.ts', `// ${version}\n`)
    const { code, output } = await command(home, 'prepare', '--json')
    assert.equal(code, 0, output)
  }
  assert.equal(bundles().length, 3)
  assert.ok(bundles().every((name) => existsSync(join(copy.folder, '.bundles', name, 'cli.mjs'))))
  assert.match(await startsFrom(home), /from its bundle/)
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { catalogue } from '../../src/catalogue.ts'
import { schemaHashOf } from '../../src/ledger/behaviour.ts'
import type { Finding } from '../../src/reports/checks/finding.ts'
import type { StatusReport } from '../../src/reports/status.ts'
import { type Copy, copyOfCode } from '../discipline/copy.ts'
import { seeded, tree } from '../tools/backup.ts'
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

test('what is older than the last but two is forgotten, and what somebody left who was killed', async (t) => {
  const home = inCopy(await seeded(t, 10))
  const left = join(copy.folder, '.bundles', `${'0'.repeat(32)}.1`)
  mkdirSync(left, { recursive: true })
  utimesSync(left, 0, 0)
  for (let version = 0; version < 4; version++) {
    copy.append('src/known.ts', `// ${version}\n`)
    assert.equal((await command(home, 'prepare')).code, 0)
  }
  assert.equal(bundles().length, 3)
  assert.ok(bundles().every((name) => existsSync(join(copy.folder, '.bundles', name, 'cli.mjs'))))
  assert.match(await startsFrom(home), /from its bundle/)
})

test('a bundle of which something is missing is none, and is made anew, by several at once, too', async (t) => {
  const home = inCopy(await seeded(t, 10))
  rmSync(join(copy.folder, '.bundles'), { recursive: true, force: true })
  await bundle(home)
  const whole = tree(join(copy.folder, '.bundles'))
  const [chunk = '', ...others] = Object.keys(whole).filter((name) => /chunk/.test(name))
  const damages = [
    () => rmSync(join(copy.folder, '.bundles', chunk)),
    () => writeFileSync(join(copy.folder, '.bundles', others[0] ?? ''), ''),
    () => chmodSync(join(copy.folder, '.bundles', chunk), 0),
  ]
  for (const damage of damages) {
    damage()
    // Root may read everything.
    if (damage !== damages[2] || process.getuid?.() !== 0)
      assert.match(await startsFrom(home), /from its sources/)
    await Promise.all(damage === damages[0] ? [bundle(home), bundle(home), bundle(home)] : [bundle(home)])
    assert.match(await startsFrom(home), /from its bundle/)
    assert.deepEqual(tree(join(copy.folder, '.bundles')), whole)
  }
})

test('wherever somebody stands who makes it, a bundle is the same, and one that is there stays', async (t) => {
  const home = inCopy(await seeded(t, 10))
  await bundle(home)
  const folder = join(copy.folder, '.bundles')
  const before = { files: tree(folder), numbers: bundles().map((name) => statSync(join(folder, name)).ino) }
  const { status } = spawnSync(join(copy.folder, 'thywill'), ['bundle'], { cwd: '/' })
  assert.equal(status, 0)
  const after = { files: tree(folder), numbers: bundles().map((name) => statSync(join(folder, name)).ino) }
  assert.deepEqual(after, before)
})

test('sources that change while the next version gets ready are in no bundle under another name', async (t) => {
  const home = inCopy(await seeded(t, 10))
  await bundle(home)
  const before = bundles()
  // By the time that it looks, this version is another.
  const program = join(copy.folder, 'src/cli/deploy.ts')
  const was = readFileSync(program, 'utf8')
  copy.change('src/cli/deploy.ts', [
    '    await makeBundle(schemaHash, world.now())\n',
    "    ;(await import('node:fs')).appendFileSync(import.meta.filename, '// changed\\n')\n    await makeBundle(schemaHash, world.now())\n",
  ])
  const { code } = await command(home, 'prepare')
  assert.equal(code, 0, 'it is ready all the same')
  assert.deepEqual(bundles(), before)
  writeFileSync(program, was)
  assert.match(await startsFrom(home), /from its bundle/)
})

test('where no bundle can be made, or nobody can tell whether one fits, the sources run', async (t) => {
  const home = inCopy(await seeded(t, 10))
  await bundle(home)
  const lock = join(copy.folder, 'src/.#cli.ts')
  symlinkSync('nowhere', lock)
  assert.match(await startsFrom(home), /from its sources/)
  assert.equal((await command(home, 'prepare')).code, 0)
  assert.equal((await command(home, 'bundle')).code, 1)
  rmSync(lock)
  assert.match(await startsFrom(home), /from its bundle/)

  const folder = join(copy.folder, '.bundles')
  rmSync(folder, { recursive: true })
  writeFileSync(folder, '')
  assert.equal((await command(home, 'prepare')).code, 0)
  assert.match(await startsFrom(home), /from its sources/)
  rmSync(folder)
})

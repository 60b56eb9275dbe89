import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import type { EditsReport } from '../../src/reports/edits.ts'
import { command, type Home, home, inviteTo, memberAt, serve, undoing, type Visitor } from '../tools/site.ts'

/* Somebody edits the text of a community by hand, while the site runs or not; what an operator sees and does then. */

interface Edited {
  /** Relative to the archive. */
  readonly file: string
  readonly path: string
  readonly prayer: string
  readonly record: number
  /** The line that is edited, from 1, and what it says. */
  readonly line: number
  readonly words: string
}

/** A community with months that are over, made once. */
let seeded: Home
test.before(async () => {
  seeded = await home()
  const sizes = ['--members', '6', '--prayers', '30', '--marks', '60']
  assert.equal((await command(seeded, 'seed', ...sizes)).code, 0)
})
test.after(() => seeded.remove())

/** Its folders, for one test, and a backup. */
async function community(t: TestContext) {
  const atEnd = undoing(t)
  const here = await home()
  atEnd(() => here.remove())
  cpSync(seeded.folder, here.folder, { recursive: true })
  copyTo(here, join(here.folder, 'backups', 'first'))
  return { here, atEnd }
}

function copyTo({ archive }: Home, folder: string) {
  cpSync(archive, folder, { recursive: true, filter: (path) => !path.endsWith('.lock') })
}

/** The first request of the first month. */
function firstRequest({ archive }: Home): Edited {
  const [segment] = archiveFiles(realDisk, archive).segments
  assert.ok(segment)
  const path = join(archive, segment.name)
  const lines = readFileSync(path, 'utf8').split('\n')
  const header = lines.findIndex((line) => / prayer\.posted\/3 .*sees=everyone/.test(line))
  const words = lines.findIndex((line, index) => index > header && line.startsWith('| ')) // of the name or the request
  const [, record, prayer] = /^@(\d+).* prayer=(p_\w+)/.exec(lines[header] ?? '') ?? []
  assert.ok(record && prayer && words > header)
  return {
    file: segment.name,
    path,
    prayer,
    record: Number(record),
    line: words + 1,
    words: lines[words] ?? '',
  }
}

/** As an operator would, on a file that is read-only. */
const sed = (path: string, script: string) => execFileSync('sed', ['-i', script, path])

async function trouble(here: Home): Promise<string | undefined> {
  const { output } = await command(here, 'status', '--json')
  return (JSON.parse(output) as { server: { trouble: { why: string } | null } }).server.trouble?.why
}

async function stopped(here: Home) {
  for (let tries = 0; (await trouble(here)) === undefined; tries++) assert.ok(tries < 20, 'it is noticed')
  assert.equal(await trouble(here), 'disturbed')
}

async function report(here: Home): Promise<EditsReport> {
  return JSON.parse((await command(here, 'edits', '--json')).output) as EditsReport
}

async function isWell(here: Home) {
  const verified = await command(here, 'verify', '--deep')
  assert.equal(verified.code, 0, verified.output)
  assert.equal((await command(here, 'edits')).code, 0)
}

let asked = 0
async function posts(member: Visitor) {
  const { status, location, body } = await member.post('/prayers', {
    request: `For rain, ${++asked}.`,
    key: `k${asked}`,
  })
  return { status, location, body }
}

test('sed -i on an old month stops the site; the file is restored from the backup, and the site writes again', async (t) => {
  const { here, atEnd } = await community(t)
  const site = await serve(here)
  atEnd(() => site.kill())
  const member = await memberAt(here, await inviteTo(here), 'Wendelin')
  const one = firstRequest(here)
  const before = readFileSync(one.path)

  sed(one.path, `${one.line}s/$/ Truly./`)
  await stopped(here)
  assert.equal((await posts(member)).status, 503)
  assert.equal((await member.get(`/prayers/${one.prayer}`)).status, 200, 'it serves what it has')

  const { files } = await report(here)
  assert.deepEqual(
    files.map(({ file, isAcceptable, edits }) => [file, isAcceptable, edits.map(({ record }) => record)]),
    [[one.file, true, [one.record]]],
  )
  const [difference] = files[0]?.differences ?? []
  assert.equal(difference?.record, one.record)
  assert.ok(difference?.lines.includes(`-${one.words}`) && difference.lines.includes(`+${one.words} Truly.`))
  const shown = await command(here, 'edits')
  assert.equal(shown.code, 1)
  assert.ok(shown.output.includes(`+ ${one.words} Truly.`), shown.output)
  assert.ok(shown.output.includes(`./thywill edits restore ${one.file}`))

  const restored = await command(here, 'edits', 'restore', one.file)
  assert.equal(restored.code, 0, restored.output)
  assert.match(restored.output, /Writing goes on/)
  assert.deepEqual(readFileSync(one.path), before, 'every byte is as it was')
  const [kept = ''] = readdirSync(join(here.archive, 'quarantine'))
  assert.ok(
    readFileSync(join(here.archive, 'quarantine', kept), 'utf8').includes('Truly.'),
    'what stood there is kept',
  )
  assert.equal((await posts(member)).status, 303)
  assert.equal(await trouble(here), undefined)
  await isWell(here)
  assert.match(textOf(here), / segment\.restored\/1 by=operator file=/)
  assert.equal(site.hasEnded(), false)
})

test('sed -i on an old month stops the site; it is accepted as it stands, everybody reads it, and the site writes again', async (t) => {
  const { here, atEnd } = await community(t)
  const site = await serve(here)
  atEnd(() => site.kill())
  const beside = await home({ archive: here.archive })
  atEnd(() => beside.remove())
  const follower = await serve(beside)
  atEnd(() => follower.kill())
  const member = await memberAt(here, await inviteTo(here), 'Wendelin')
  const one = firstRequest(here)
  sed(one.path, `${one.line}s/$/ Truly./`)
  await stopped(here)

  const hasty = await command(here, 'edits', 'accept', one.file)
  assert.equal(hasty.code, 2, 'the difference has to be read first')
  assert.equal(await trouble(here), 'disturbed')
  const accepted = await command(here, 'edits', 'accept', one.file, '--yes', '--json')
  assert.equal(accepted.code, 0, accepted.output)
  assert.deepEqual(JSON.parse(accepted.output), { file: one.file, records: 1, trouble: null })
  assert.match(textOf(here), new RegExp(` record\\.accepted/1! by=operator record=${one.record} hash=`))
  const page = await member.get(`/prayers/${one.prayer}`)
  assert.match(page.body, /Truly\./, 'the page shows it as it stands')
  assert.equal((await posts(member)).status, 303)
  await isWell(here)

  const followed = async () => (await command(beside, 'verify', '--deep')).code === 0
  for (let tries = 0; !(await followed()); tries++)
    assert.ok(tries < 20, 'whoever follows has made a cache of it, too')

  await site.stop()
  await follower.stop()
  const again = await serve(here)
  atEnd(() => again.kill())
  assert.doesNotMatch(again.output(), /READ-ONLY/)
  sed(one.path, `${one.line}s/Truly/Surely/`)
  await stopped(here)
  assert.equal((await report(here)).files[0]?.isAcceptable, true, 'edited again it is found again')
})

test('without a server the same ways lead out', async (t) => {
  const { here } = await community(t)
  const one = firstRequest(here)
  const copy = join(here.folder, 'elsewhere')
  copyTo(here, copy)
  sed(one.path, `${one.line}s/$/ Truly./`)
  assert.equal((await command(here, 'verify')).code, 1)
  assert.equal((await command(here, 'edits', 'restore', one.file, '--from', copy)).code, 0)
  await isWell(here)
  sed(one.path, `${one.line}s/$/ Truly./`)
  assert.equal((await command(here, 'edits', 'accept', one.file, '--yes')).code, 0)
  await isWell(here)
  const cache = here.cache
  renameSync(cache, `${cache}-lost`)
  await inviteTo(here)
  await isWell(here)
})

test('an editor that puts a file with the same words in the place of the open month stops the site until somebody has it look again', async (t) => {
  const { here, atEnd } = await community(t)
  const site = await serve(here)
  atEnd(() => site.kill())
  const member = await memberAt(here, await inviteTo(here), 'Wendelin')
  const open = join(here.archive, archiveFiles(realDisk, here.archive).segments.at(-1)?.name ?? '')
  writeFileSync(`${open}~`, readFileSync(open), { mode: 0o600 })
  renameSync(`${open}~`, open)
  await stopped(here)
  assert.deepEqual((await report(here)).files, [])
  assert.equal((await command(here, 'edits', 'look-again')).code, 0)
  assert.equal((await posts(member)).status, 303)
  await isWell(here)
})

test('bytes that somebody put behind the last record stop the site, and are put away when it looks again', async (t) => {
  const { here, atEnd } = await community(t)
  const site = await serve(here)
  atEnd(() => site.kill())
  const member = await memberAt(here, await inviteTo(here), 'Wendelin')
  const open = join(here.archive, archiveFiles(realDisk, here.archive).segments.at(-1)?.name ?? '')
  writeFileSync(open, 'A note at the end.\n', { flag: 'a' })
  await stopped(here)
  const [file] = (await report(here)).files
  assert.deepEqual([file?.isTail, file?.isAcceptable], [true, false])
  assert.equal((await command(here, 'edits', 'look-again')).code, 0)
  const [kept = ''] = readdirSync(join(here.archive, 'quarantine'))
  assert.ok(textOf(here).includes(` tail.quarantined/1 by=operator file=quarantine/${kept} `))
  assert.match(textOf(here), / archive\.verified\/1 by=operator records=\d+ problems=0 milliseconds=/)
  assert.equal((await posts(member)).status, 303)
  await isWell(here)
})

test('a month that somebody copied behind the last one stops the site; moved away again, the site writes', async (t) => {
  const { here } = await community(t)
  await inviteTo(here)
  const [first] = archiveFiles(realDisk, here.archive).segments
  const strange = join(here.archive, '2999', '2999-01.txt')
  mkdirSync(join(here.archive, '2999'))
  const text = readFileSync(join(here.archive, first?.name ?? ''), 'utf8')
  writeFileSync(strange, text.replace(`month ${first?.month}`, 'month 2999-01'))
  const [file] = (await report(here)).files
  assert.deepEqual([file?.file, file?.isTail, file?.isAcceptable], ['2999/2999-01.txt', false, false])
  assert.match(
    file?.wrong ?? '',
    /does not go on from the last record: .* move it out of the archive and look again\.$/,
  )
  assert.equal((await command(here, 'edits', 'look-again')).code, 1)
  assert.equal(existsSync(join(here.archive, 'quarantine')), false)
  assert.ok(existsSync(strange), 'nothing was cut')
  renameSync(strange, join(here.folder, 'strange.txt'))
  assert.equal((await command(here, 'edits', 'look-again')).code, 0)
  await isWell(here)
})

test('a command that has to put bytes away before it can begin keeps that in the history', async (t) => {
  const { here } = await community(t)
  await inviteTo(here)
  const open = join(here.archive, archiveFiles(realDisk, here.archive).segments.at(-1)?.name ?? '')
  writeFileSync(open, 'A note at the end.\n', { flag: 'a' })
  assert.equal((await command(here, 'edits', 'look-again')).code, 0)
  const [kept = ''] = readdirSync(join(here.archive, 'quarantine'))
  assert.ok(textOf(here).includes(` tail.quarantined/1 by=schedule file=quarantine/${kept} `))
  await isWell(here)
})

test('a verification is in the history while the site runs; otherwise a sentence says that it is not, and nothing is opened for it', async (t) => {
  const { here, atEnd } = await community(t)
  const site = await serve(here)
  atEnd(() => site.kill())
  const whole = verifies(here, '--deep')
  assert.deepEqual([whole.status, whole.stderr], [0, ''])
  const told = / archive\.verified\/1 by=operator records=\d+ problems=0 deep=yes milliseconds=\d+$/m
  assert.match(textOf(here), told)

  const copy = { ...here, archive: join(here.folder, 'a copy') }
  copyTo(here, copy.archive)
  const before = textOf(here)
  assert.match(verifies(copy).stderr, /not in the history: the site that is running here is not that of /)
  assert.match(verifies(here, '--json', 'ARCHIVE_READ_ONLY=true').stderr, /ARCHIVE_READ_ONLY is on/)
  await site.stop()
  assert.match(verifies(here).stderr, /not in the history: no site is running here/)
  assert.equal(textOf(here), before)

  const bare = { ...copy, env: { ...copy.env, CACHE_DIR: join(here.folder, 'elsewhere') } }
  const secrets = join(here.folder, 'no secrets')
  assert.equal(verifies({ ...bare, env: { ...bare.env, SECRETS_DIR: secrets } }).status, 0)
  assert.deepEqual([existsSync(secrets), existsSync(join(copy.archive, '.lock'))], [false, false])
})

/** Verifies, and answers what it says besides the verdict; what looks like a setting is one. */
function verifies({ env, archive }: Home, ...given: string[]) {
  const settings = given.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split('='))
  const words = given.filter((word) => word.startsWith('-'))
  return spawnSync(join(import.meta.dirname, '../../thywill'), ['verify', ...words], {
    env: { ...process.env, ...env, ARCHIVE_DIR: archive, ...Object.fromEntries(settings) },
    encoding: 'utf8',
  })
}

test('what is asked wrongly is said in a sentence, with exit code 2, and nothing is changed', async (t) => {
  const { here } = await community(t)
  const one = firstRequest(here)
  const whole = textOf(here)
  const wrong: [string[], RegExp][] = [
    [['edits', 'accept', one.file, '--yes'], /No record of .* was edited/],
    [['edits', 'accept', '2026/../FORMAT', '--yes'], /has no 2026/],
    [['edits', 'restore', '../x'], /is no month/],
    [['edits', 'restore', one.file], /is as .* has it/],
    [['edits', 'restore', one.file, '--from', '/there/is/none'], /There is no folder/],
    [['edits', 'restore'], /missing required argument/],
    [['edits', 'frobnicate', 'x'], /./],
  ]
  for (const [args, said] of wrong) {
    const { code, output, complaint } = commandWithComplaint(here, ...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(output + complaint, said)
    assert.equal(textOf(here), whole)
  }
  sed(one.path, `${one.line}s/^| /|/`)
  const bent = commandWithComplaint(here, 'edits', 'accept', one.file, '--yes')
  assert.equal(bent.code, 2)
  assert.match(bent.complaint, /cannot be accepted: .*margin.* Restore it/)
  const [file] = (await report(here)).files
  assert.equal(file?.isAcceptable, false)
  assert.ok(file?.copy, 'it can be restored')
})

const textOf = (here: Home) =>
  archiveFiles(realDisk, here.archive)
    .segments.map(({ name }) => readFileSync(join(here.archive, name), 'utf8'))
    .join('')

const program = join(import.meta.dirname, '../../thywill')

/** With what it says to whoever typed it. */
function commandWithComplaint({ env }: Home, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { code: status, output: stdout, complaint: stderr }
}

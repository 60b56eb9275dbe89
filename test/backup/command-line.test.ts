import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { unlockKeys } from '../../src/archive/keys.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { backsUp, copied, empty, hashesOf, seeded, tree, writes } from '../tools/backup.ts'
import { commandLines } from '../tools/command-lines.ts'
import { command, type Home } from '../tools/site.ts'

const program = join(import.meta.dirname, '../../thywill')

/** What a command says to whoever typed it wrongly. */
function said(
  { env }: Home,
  args: readonly string[],
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<{ code: number | null; complaint: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...as,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.once('error', reject).once('close', (code) => resolve({ code, complaint }))
  })
}

test('whatever is typed wrongly is said in a sentence, and nothing is changed', async (t) => {
  const here = await seeded(t, 20)
  const nobody = await empty(t)
  const other = await empty(t)
  await writes(other)
  const at = (name: string) => join(here.folder, name)
  const [good, strange] = [at('good'), at('strange')]
  await backsUp(here, good, 'correct horse battery')
  await backsUp(here, at('without keys'))
  await backsUp(other, strange)
  writeFileSync(at('file'), 'no folder')
  writeFileSync(at('short'), 'too short\n')
  writeFileSync(at('blank'), '            \n')
  writeFileSync(at('wrong'), 'incorrect horse battery\n')
  writeFileSync(at('passphrase'), 'correct horse battery\n')
  mkdirSync(at('empty'))
  symlinkSync(here.archive, at('link'))
  symlinkSync(at('nothing'), at('nowhere'))
  for (const name of ['README.md', '2024/holiday.jpg', 'notes.next', 'MANIFEST.txt']) {
    mkdirSync(dirname(at(join(`with ${name}`, name))), { recursive: true })
    writeFileSync(at(join(`with ${name}`, name)), 'mine')
  }
  copied(good, at('copy'))
  rmSync(at('copy/MANIFEST'))
  writeFileSync(at('copy/README.md'), 'mine')

  const before = { ...tree(here.folder), ...tree(nobody.folder) }
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/missing required argument/, 'backup'],
    [/unknown option/, 'backup', good, '--fast'],
    [/is the archive itself/, 'backup', here.archive],
    [/is the archive itself/, 'backup', at('link')],
    [/lies in the archive/, 'backup', join(here.archive, 'backup')],
    [/The archive, .*, lies in/, 'backup', here.folder],
    [/which may be deleted/, 'backup', join(here.cache, 'backup')],
    [/is a file, not a folder/, 'backup', at('file')],
    [/is a file, not a folder/, 'backup', join(at('file'), 'deeper')],
    [/backup of another archive/, 'backup', strange],
    [/^DIR is empty/, 'backup', ''],
    [/^DIR is empty/, 'restore', ' '],
    [/holds README\.md, which no backup has put there/, 'backup', at('with README.md')],
    [/holds 2024\/holiday\.jpg, which/, 'backup', at('with 2024/holiday.jpg')],
    [/holds notes\.next, which/, 'backup', at('with notes.next')],
    [/holds MANIFEST\.txt, which/, 'backup', at('with MANIFEST.txt')],
    [/holds README\.md, which/, 'backup', at('copy')],
    [/is the folder of the keys/, 'backup', join(here.folder, 'secrets')],
    [/lies in the folder of the keys/, 'backup', join(here.folder, 'secrets', 'backup')],
    [/is a link that leads nowhere/, 'backup', at('nowhere')],
    [/is a link that leads nowhere/, 'backup', join(at('nowhere'), 'deeper')],
    ...(existsSync('/proc') ? [[/\/proc cannot be written to/, 'backup', '/proc/thywill'] as const] : []),
    [/passphrase cannot be read/, 'backup', good, '--with-secrets', at('nothing')],
    [/at least 12 characters/, 'backup', good, '--with-secrets', at('short')],
    [/at least 12 characters/, 'backup', good, '--with-secrets', at('blank')],
    [/missing required argument/, 'restore'],
    [/There is no folder/, 'restore', at('nothing')],
    [/is a file, not a folder/, 'restore', at('file')],
    [/is no backup: it holds no archive/, 'restore', at('empty')],
    [/is the archive itself/, 'restore', here.archive],
    [/lies in the archive/, 'restore', join(here.archive, '2026')],
    [/is of archive a_/, 'restore', strange],
    [/holds no keys/, 'restore', at('without keys'), '--with-secrets', at('passphrase')],
    [/not the passphrase/, 'restore', good, '--with-secrets', at('wrong')],
    [/not the passphrase/, 'restore', good, '--dry-run', '--with-secrets', at('wrong')],
  ]
  const lines = commandLines()
  t.after(() => lines.end())
  for (const [sentence, ...args] of cases) {
    const { status, stderr } = await lines.run({ args, env: here.env })
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, sentence)
    assert.doesNotMatch(stderr, /^\s+at /m, 'a sentence, not a stack')
  }
  const { status, stderr } = await lines.run({ args: ['backup', at('new')], env: nobody.env })
  assert.equal(status, 2)
  assert.match(stderr, /There is no archive/)
  assert.equal(existsSync(at('new')), false)
  assert.deepEqual({ ...tree(here.folder), ...tree(nobody.folder) }, before)
})

test('a folder is fit for a backup when it is empty, new as a disk, or holds what a backup before has left', async (t) => {
  const here = await seeded(t, 20)
  const [fresh, stopped] = [join(here.folder, 'fresh'), join(here.folder, 'stopped')]
  mkdirSync(join(fresh, 'lost+found'), { recursive: true })
  mkdirSync(join(stopped, '2026'), { recursive: true })
  for (const name of ['FORMAT.next', 'README.md.next.tmp', '2026/2026-01.txt.next'])
    writeFileSync(join(stopped, name), 'half')
  for (const dir of [fresh, stopped]) {
    await backsUp(here, dir)
    await backsUp(here, dir)
    assert.deepEqual(
      verifyArchive(realDisk, dir).problems.filter(({ file }) => file !== 'lost+found'),
      [],
    )
  }
})

test('a backup never lies above the keys either', async (t) => {
  const here = await seeded(t, 20)
  const above = join(here.folder, 'above')
  const env = { ...here.env, SECRETS_DIR: join(above, 'secrets') }
  const { code, complaint } = await said({ ...here, env }, ['backup', above])
  assert.equal(code, 2)
  assert.match(complaint, /The folder of the keys, .*, lies in/)
})

test('a folder that may not be written to is said', async (t) => {
  const here = await seeded(t, 20)
  const dir = join(here.folder, 'locked')
  mkdirSync(dir)
  chmodSync(dir, 0o500)
  // Nothing is forbidden to root, so then somebody else tries, to whom all of it belongs.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (nobody.uid) {
    chownSync(here.folder, nobody.uid, nobody.gid)
    for (const name of readdirSync(here.folder, { recursive: true, encoding: 'utf8' }))
      chownSync(join(here.folder, name), nobody.uid, nobody.gid)
  }
  const { code, complaint } = await said(here, ['backup', dir], nobody)
  assert.equal(code, 2, complaint)
  assert.match(complaint, /cannot be written to/)
})

test('a passphrase is what stands between blanks, and an editor may mark the file', async (t) => {
  const here = await seeded(t, 20)
  const at = (name: string) => join(here.folder, name)
  const files = {
    plain: 'correct horse battery\n',
    marked: '\ufeffcorrect horse battery\r\n',
    blank: ' correct horse battery \n',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text)
  const dir = at('x')
  assert.equal((await command(here, 'backup', dir, '--with-secrets', at('marked'))).code, 0)
  for (const name of ['plain', 'blank']) {
    const restored = await command(here, 'restore', dir, '--dry-run', '--with-secrets', at(name))
    assert.equal(restored.code, 0, `${name}: ${restored.output}`)
  }
})

test('keys that were locked when blanks counted still open', () => {
  // Made by the version before this one, of a file `seal.key` with the bytes "k".
  const text = [
    'thywill keys 1 of archive a_0123456789abcdef',
    'scrypt 131072 8 1 000102030405060708090a0b0c0d0e0f',
    'aes-256-gcm 101112131415161718191a1b',
    'Hg668Zo/ZVTr4WD87VGEbaRjXQoqR6loSwDG6qpvL6b+08s=',
    '',
  ].join('\n')
  assert.equal(unlockKeys(text, ' correct horse battery ')?.[0]?.bytes.toString(), 'k')
  assert.equal(unlockKeys(text, 'correct horse battery'), undefined)
})

test('a backup that fails leaves no folder that it has made', async (t) => {
  const here = await seeded(t, 20)
  const [first] = archiveFiles(realDisk, here.archive).segments
  assert.ok(first)
  const path = join(here.archive, first.name)
  chmodSync(path, 0o600)
  writeFileSync(path, readFileSync(path, 'latin1').replace('\n| ', '\n| X'))
  const [fresh, known] = [join(here.folder, 'fresh'), join(here.folder, 'known')]
  mkdirSync(known)
  for (const dir of [fresh, known]) await assert.rejects(backsUp(here, dir), { name: 'BackupFailed' })
  assert.equal(existsSync(fresh), false)
  assert.equal(existsSync(known), true, 'what was there stays')
})

test('both commands answer programs in JSON', async (t) => {
  const here = await seeded(t, 20)
  const dir = join(here.folder, 'x')
  const records = hashesOf(here.archive).length
  const backup = await command(here, 'backup', dir, '--json')
  assert.equal(backup.code, 0, backup.output)
  const made = JSON.parse(backup.output)
  assert.deepEqual(Object.keys(made), [
    ...[
      'dir',
      'archive',
      'records',
      'head',
      'bytes',
      'files',
      'copied',
      'skipped',
      'seconds',
      'secrets',
      'hasOlderSecrets',
      'proof',
    ],
  ])
  assert.ok(made.records >= records)
  for (const options of [['--dry-run'], []]) {
    const restore = await command(here, 'restore', dir, '--json', ...options)
    assert.equal(restore.code, 0, restore.output)
    const restored = JSON.parse(restore.output)
    assert.deepEqual(
      [restored.archive, restored.records, restored.head, restored.gained, restored.dryRun],
      [made.archive, made.records, made.head, 0, options.length === 1],
    )
    for (const name of ['lost', 'keptAside', 'seconds']) assert.ok(name in restored, name)
  }
})

test('a backup without the keys says what a restore elsewhere would lose', async (t) => {
  const here = await seeded(t, 20)
  writeFileSync(join(here.folder, 'passphrase'), 'correct horse battery\nand a second line\n')
  const dir = join(here.folder, 'x')
  assert.match((await command(here, 'backup', dir)).output, /does not hold the keys[\s\S]*cannot be opened/)
  const file = join(here.folder, 'passphrase')
  const { output } = await command(here, 'backup', dir, '--with-secrets', file)
  assert.match(output, /It holds the keys/)
  assert.doesNotMatch(output, /correct horse/)
  assert.doesNotMatch(readFileSync(join(dir, 'keys.sealed'), 'utf8'), /PRIVATE|correct/)
  const elsewhere = await empty(t)
  const restored = await command(elsewhere, 'restore', dir, '--with-secrets', file)
  assert.equal(restored.code, 0)
  assert.match(restored.output, /row by row what the site showed/)
  const verified = await command(elsewhere, 'verify', '--deep')
  assert.equal(verified.code, 0, verified.output)
})

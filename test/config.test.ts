import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { ConfigMistakes, type Environment, readConfig } from '../src/config.ts'

const project = resolve(import.meta.dirname, '..')

function mistakesIn(env: Environment): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigMistakes)
    return error.mistakes
  }
  return []
}

test('without any setting the site runs on this machine, in its own folders', () => {
  assert.deepEqual(readConfig({}), {
    host: '127.0.0.1',
    port: 8000,
    baseUrl: 'http://localhost:8000',
    archiveDir: join(project, 'archives'),
    cacheDir: join(project, 'cache'),
    backupDir: join(project, 'backups'),
    secretsDir: join(project, 'secrets'),
    trustProxy: false,
    logLevel: 'info',
    archiveReadOnly: false,
    rateLimits: 'on',
    metrics: 'off',
    mailUrl: undefined,
    mailFrom: undefined,
  })
})

test('.env.example lists every setting with its default', () => {
  const text = readFileSync(join(project, '.env.example'), 'utf8')
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line))
  const example = Object.fromEntries(lines.map((line) => line.split('=') as [string, string]))
  assert.deepEqual(readConfig(example), readConfig({}))
  assert.equal(lines.length, Object.keys(readConfig({})).length)
})

test('mail needs a server and a sender, both or none, and a mistake never shows the password', () => {
  const url = 'smtps://pray:secret@mail.example:465'
  for (const from of ['pray@mail.example', 'ThyWill <pray@mail.example>']) {
    const { mailUrl, mailFrom } = readConfig({ MAIL_URL: url, MAIL_FROM: from })
    assert.deepEqual([mailUrl, mailFrom], [url, from])
  }
  assert.match(mistakesIn({ MAIL_URL: url })[0] ?? '', /^MAIL_FROM must be given/)
  assert.match(mistakesIn({ MAIL_FROM: 'pray@mail.example' })[0] ?? '', /^MAIL_URL must be given/)
  for (const wrong of ['http://pray:secret@mail.example', 'mail.example', 'smtp://', 'smtp:secret']) {
    const [mistake = ''] = mistakesIn({ MAIL_URL: wrong, MAIL_FROM: 'pray@mail.example' })
    assert.match(mistake, /^MAIL_URL must be an address/)
    assert.doesNotMatch(mistake, /secret/)
  }
  for (const wrong of ['pray', 'ThyWill', 'ThyWill <pray>', 'a@b\r\nBcc: c@d'])
    assert.match(mistakesIn({ MAIL_URL: url, MAIL_FROM: wrong })[0] ?? '', /^MAIL_FROM must be an address/)
})

test('every mistake is said, not only the first', () => {
  const env = {
    PORT: '80800',
    BASE_URL: 'http://pray.example',
    TRUST_PROXY: 'true',
    LOG_LEVEL: 'loud',
    ARCHIVE_READ_ONLY: 'yes',
    RATE_LIMITS: 'none',
    HOST_FILE: '/there/is/no/such/file',
  }
  const mistakes = mistakesIn(env)
  assert.equal(mistakes.length, Object.keys(env).length)
  for (const name of Object.keys(env))
    assert.ok(
      mistakes.some((mistake) => mistake.startsWith(name)),
      name,
    )
  assert.throws(() => readConfig(env), /not right:\n {2}- HOST_FILE[\s\S]*\n {2}- RATE_LIMITS/)
})

test('people reach the site by https, or it is on their own machine', () => {
  const good = [
    'https://pray.example',
    'https://pray.example:8443',
    'http://localhost:8000',
    'http://[::1]:1/',
  ]
  for (const url of good) assert.deepEqual(mistakesIn({ BASE_URL: url }), [], url)
  const bad = [
    'http://pray.example',
    'http://192.168.0.7',
    'http://localhost.evil.example',
    'ftp://localhost',
  ]
  for (const url of [...bad, 'pray.example', 'https://pray.example/sub', 'https://a@pray.example'])
    assert.equal(mistakesIn({ BASE_URL: url }).length, 1, url)
  assert.equal(readConfig({ BASE_URL: 'https://pray.example/' }).baseUrl, 'https://pray.example')
})

test('without an address the links lead to the port', () => {
  assert.equal(readConfig({ PORT: '8123' }).baseUrl, 'http://localhost:8123')
})

test('proxies are a number of hops or addresses, never all of them', () => {
  assert.equal(readConfig({ TRUST_PROXY: '0' }).trustProxy, false)
  assert.equal(readConfig({ TRUST_PROXY: '2' }).trustProxy, 2)
  assert.equal(readConfig({ TRUST_PROXY: '10.0.0.0/8, ::1' }).trustProxy, '10.0.0.0/8, ::1')
  for (const given of ['true', 'yes', '-1', '10.0.0.0/33', '1.2.3', '10.0.0.1,', '::1/129'])
    assert.equal(mistakesIn({ TRUST_PROXY: given }).length, 1, given)
})

test('a value can come from a file, and only from one of both', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'port')
  writeFileSync(file, '8124\n')
  assert.equal(readConfig({ PORT_FILE: file }).port, 8124)
  assert.match(mistakesIn({ PORT: '8123', PORT_FILE: file })[0] ?? '', /^PORT and PORT_FILE/)
})

test('an empty value is none', () => {
  assert.equal(readConfig({ PORT: '', BASE_URL: '' }).port, 8000)
})

test('relative folders start at the project, wherever the process was started', () => {
  assert.equal(readConfig({ ARCHIVE_DIR: './elsewhere' }).archiveDir, join(project, 'elsewhere'))
  assert.equal(readConfig({ ARCHIVE_DIR: '/srv/archive' }).archiveDir, '/srv/archive')
})

test('no folder is another one, or lies in it, wherever links lead', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const names = ['ARCHIVE_DIR', 'CACHE_DIR', 'BACKUP_DIR', 'SECRETS_DIR']
  const apart = Object.fromEntries(names.map((name) => [name, join(folder, name)]))
  assert.deepEqual(mistakesIn(apart), [])
  for (const one of names)
    for (const other of names.filter((name) => name !== one)) {
      const inside = mistakesIn({ ...apart, [one]: join(folder, other, 'deeper') })
      assert.deepEqual(inside, [`${one} must not lie in ${other}: ${join(folder, other, 'deeper')}`])
      assert.match(
        mistakesIn({ ...apart, [one]: join(folder, other) }).join(),
        /^\w+ must not be the same folder as/,
      )
    }
  const all = Object.fromEntries(names.map((name) => [name, folder]))
  assert.equal(mistakesIn(all).length, 6, 'each of them is said')
  mkdirSync(join(folder, 'ARCHIVE_DIR'))
  symlinkSync(join(folder, 'ARCHIVE_DIR'), join(folder, 'link'))
  assert.match(
    mistakesIn({ ...apart, SECRETS_DIR: join(folder, 'link', 'keys') })[0] ?? '',
    /^SECRETS_DIR must not lie/,
  )
})

test('a folder is a folder, or is not there yet', () => {
  const [mistake = ''] = mistakesIn({ ARCHIVE_DIR: import.meta.filename })
  assert.match(mistake, /^ARCHIVE_DIR must be a folder, and this is none: .*config\.test\.ts$/)
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const program = resolve(import.meta.dirname, '../../thywill')

test('whoever asks for JSON reads JSON, whatever goes wrong', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const folders = {
    ARCHIVE_DIR: join(folder, 'archives'),
    CACHE_DIR: join(folder, 'cache'),
    BACKUP_DIR: join(folder, 'backups'),
    SECRETS_DIR: join(folder, 'secrets'),
  }
  const cases: readonly (readonly [RegExp, readonly string[], Record<string, string>?])[] = [
    [/holds no archive/, ['verify', '--json']],
    [/Nobody is here yet/, ['login-link', 'nobody', '--json']],
    [/There is no folder/, ['restore', '--json', join(folder, 'nothing')]],
    [/unknown option '--nonsense'/, ['coverage', '--json', '--nonsense']],
    [/The configuration is not right/, ['invite', '--json'], { PORT: 'eight' }],
  ]
  for (const [sentence, args, env] of cases) {
    const run = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...folders, ...env } })
    assert.equal(run.status, 2, run.stderr)
    const said = JSON.parse(run.stdout) as { error: string; exitCode: number }
    assert.match(said.error, sentence)
    assert.equal(said.exitCode, 2)
    assert.match(run.stderr, sentence, 'a person reads it, too')
  }
  const help = spawnSync(program, ['verify', '--json', '--help'], { encoding: 'utf8' })
  assert.equal(help.status, 0)
  assert.match(help.stdout, /^Usage/)
})

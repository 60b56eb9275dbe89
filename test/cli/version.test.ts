import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const project = join(import.meta.dirname, '../..')

test('--version says which version this is, from any folder and whatever the settings are', () => {
  const said = spawnSync(join(project, 'thywill'), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    env: { ...process.env, PORT: 'eight' },
  })
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  assert.match(version, /^\d+\.\d+\.\d+/)
  assert.deepEqual([said.status, said.stdout, said.stderr], [0, `${version}\n`, ''])
})

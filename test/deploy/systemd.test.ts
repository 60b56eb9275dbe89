import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { type Environment, readConfig } from '../../src/config.ts'
import { areHere, project, run, temporaryFolder } from './programs.ts'

const text = readFileSync(join(project, 'deploy/thywill.service'), 'utf8')

/** Every value of a setting of the unit, in the order of the lines. */
const values = (name: string) =>
  text.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))

const settings: Environment = parseEnv(readFileSync(join(project, 'deploy/thywill.env'), 'utf8'))

test('the unit runs the site as nobody special, who can write to nothing but its own folders', () => {
  assert.deepEqual(values('User'), ['thywill'])
  assert.deepEqual(values('NoNewPrivileges'), ['yes'])
  assert.deepEqual(values('CapabilityBoundingSet'), [''])
  assert.deepEqual(values('ProtectSystem'), ['strict'])
  assert.deepEqual(values('ProtectHome'), ['yes'])
  assert.deepEqual(values('PrivateTmp'), ['yes'])
  assert.deepEqual(values('ReadWritePaths'), [])
})

test('the unit lets V8 compile', () => {
  assert.deepEqual(values('MemoryDenyWriteExecute'), [])
})

test('the unit is ready when the site says so, and takes a stop as long as the site takes', () => {
  assert.deepEqual(values('Type'), ['notify'])
  assert.deepEqual(values('NotifyAccess'), ['all'])
  assert.deepEqual(values('ExecStart'), ['/opt/thywill/thywill serve'])
  assert.deepEqual(values('TimeoutStopSec'), ['30s'])
  assert.ok(existsSync(join(project, 'thywill')))
})

test('the settings for the unit are right, and name only folders that the unit makes', () => {
  const config = readConfig(settings)
  assert.equal(config.baseUrl, 'https://pray.example')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.trustProxy, 1)

  const states = values('StateDirectory').flatMap((line) => line.split(' '))
  const caches = values('CacheDirectory').flatMap((line) => line.split(' '))
  const made = [...states.map((name) => `/var/lib/${name}`), ...caches.map((name) => `/var/cache/${name}`)]
  const compiled = values('Environment').find((line) => line.startsWith('NODE_COMPILE_CACHE='))
  const named = Object.entries(settings).flatMap(([name, value]) => (name.endsWith('_DIR') ? [value] : []))
  assert.deepEqual([...named, compiled?.split('=')[1]].sort(), made.sort())
})

test('systemd itself finds nothing wrong with the unit, and little that it exposes', (t) => {
  const sections = text.split('\n').filter((line) => line.startsWith('['))
  assert.deepEqual(sections, ['[Unit]', '[Service]', '[Install]'])
  if (!areHere(t, 'systemd-analyze')) return
  const unit = join(temporaryFolder(t), 'thywill.service')
  // It looks for the program that the unit starts.
  writeFileSync(unit, text.replaceAll('/opt/thywill', project))
  assert.deepEqual(run('systemd-analyze', ['verify', '--man=no', unit]), { status: 0, said: '' })

  // Judging a unit that is not installed came with 250.
  const version = Number(/\d+/.exec(run('systemd-analyze', ['--version']).said)?.[0])
  if (version < 250) return
  const { status, said } = run('systemd-analyze', [
    'security',
    '--offline=yes',
    '--threshold=20',
    '--no-pager',
    unit,
  ])
  assert.equal(status, 0, said)
})

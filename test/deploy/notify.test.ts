import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { notifyReady } from '../../src/notify.ts'
import { areHere, freePort, project, run, start, temporaryFolder, until } from './programs.ts'

/** A `systemd-notify` that writes down how it was called. */
function notebook(folder: string): { PATH: string; calls(): string } {
  const notes = join(folder, 'calls')
  const program = join(folder, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$NOTIFY_SOCKET" "$@" >> '${notes}'\n`)
  chmodSync(program, 0o755)
  return { PATH: folder, calls: () => (existsSync(notes) ? readFileSync(notes, 'utf8') : '') }
}

test('systemd hears that the site is ready, and how it stands, in one line', async (t) => {
  const { PATH, calls } = notebook(temporaryFolder(t))
  await notifyReady({ PATH, NOTIFY_SOCKET: '/run/notify' }, 'READ-ONLY: a\nMAINPID=1')
  assert.equal(calls(), '/run/notify|--ready|--status=READ-ONLY: a MAINPID=1|')
})

test('where nobody waits to hear it, nothing is run', async (t) => {
  const { PATH, calls } = notebook(temporaryFolder(t))
  await notifyReady({ PATH }, 'Serving')
  assert.equal(calls(), '')
})

test('the real systemd-notify takes what we say to the socket', async (t) => {
  const folder = temporaryFolder(t)
  if (!areHere(t, 'systemd-notify', 'systemd-socket-activate')) {
    await assert.rejects(notifyReady({ PATH: folder, NOTIFY_SOCKET: join(folder, 'notify') }, 'Serving'))
    return
  }
  const socket = join(folder, 'notify')
  // Node can read from a datagram socket that somebody else opened for it; taking what comes next frees the sender.
  const hear =
    'const { readSync } = require("node:fs"), b = Buffer.alloc(4096);' +
    'for (;;) console.log(JSON.stringify(b.toString("utf8", 0, readSync(3, b))))'
  const listener = ['--datagram', `--listen=${socket}`, process.execPath, '-e', hear]
  const { said } = start(t, 'systemd-socket-activate', listener)
  await until('the socket', () => existsSync(socket))

  await notifyReady({ PATH: process.env.PATH, NOTIFY_SOCKET: socket }, 'Serving https://pray.example')
  await until('the message', () => said().includes('READY'))
  assert.match(said(), /^"READY=1\\nSTATUS=Serving https:\/\/pray\.example"$/m)
})

test('a served site says that it is ready only when it answers', async (t) => {
  const folder = temporaryFolder(t)
  const { PATH, calls } = notebook(folder)
  const port = await freePort()
  writeFileSync(
    join(folder, 'systemd-notify'),
    `#!/bin/sh\n'${process.execPath}' -e 'fetch("http://127.0.0.1:${port}/readyz").then((r) => r.text()).then((t) => require("fs").writeFileSync("${join(folder, 'calls')}", t))'\n`,
  )
  const env = { ...settings(folder, port), PATH: `${PATH}:${process.env.PATH}`, NOTIFY_SOCKET: '/run/notify' }
  const site = start(t, process.execPath, serve, { env })
  await until('the site', () => site.said().includes('ThyWill is at'))
  assert.match(calls(), /"ready":true/)
  assert.equal(await site.end(), 0)
})

test('a start that cannot tell systemd ends at once and says why', (t) => {
  const folder = temporaryFolder(t)
  const env = { ...settings(folder, 0), PATH: folder, NOTIFY_SOCKET: join(folder, 'nobody') }
  const { status, said } = run(process.execPath, serve, env)
  assert.match(said, /systemd could not be told that the site is ready: spawn systemd-notify ENOENT/)
  assert.equal(status, 1)
})

const serve = ['--import', join(project, 'src/preload.ts'), join(project, 'src/cli.ts'), 'serve']

const settings = (folder: string, port: number) => ({
  HOST: '127.0.0.1',
  PORT: String(port),
  LOG_LEVEL: 'silent',
  ARCHIVE_DIR: join(folder, 'archives'),
  CACHE_DIR: join(folder, 'cache'),
  SECRETS_DIR: join(folder, 'secrets'),
})

import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { notifyReady } from '../../src/notify.ts'
import { areHere, freePort, project, start, temporaryFolder, until } from './programs.ts'

/** Puts a `systemd-notify` there that writes down how it was called. */
function notebook(folder: string): { PATH: string; calls(): string } {
  const notes = join(folder, 'calls')
  writeProgram(folder, `printf '%s|' "$NOTIFY_SOCKET" "$@" >> '${notes}'`)
  return { PATH: folder, calls: () => (existsSync(notes) ? readFileSync(notes, 'utf8') : '') }
}

test('systemd hears that the site is ready, and how it stands, in one line', async (t) => {
  const { PATH, calls } = notebook(temporaryFolder(t))
  const env = { PATH, NOTIFY_SOCKET: '/run/notify' }
  assert.equal(await notifyReady(env, 'READ-ONLY: a\nMAINPID=1'), undefined)
  assert.equal(calls(), '/run/notify|--ready|--status=READ-ONLY: a MAINPID=1|')
})

test('where nobody waits to hear it, nothing is run', async (t) => {
  const { PATH, calls } = notebook(temporaryFolder(t))
  await notifyReady({ PATH }, 'Serving')
  assert.equal(calls(), '')
})

test('the real systemd-notify takes what we say to the socket', async (t) => {
  const socket = join(temporaryFolder(t), 'notify')
  if (!areHere(t, 'systemd-notify', 'systemd-socket-activate')) return
  // Node can read from a datagram socket that somebody else opened for it; reading on frees the waiting sender.
  const hear =
    'const { readSync } = require("node:fs"), b = Buffer.alloc(4096);' +
    'for (;;) console.log(JSON.stringify(b.toString("utf8", 0, readSync(3, b))))'
  const { said } = start(t, 'systemd-socket-activate', [
    '--datagram',
    `--listen=${socket}`,
    process.execPath,
    '-e',
    hear,
  ])
  await until('the socket', () => existsSync(socket))

  const env = { PATH: process.env.PATH, NOTIFY_SOCKET: socket }
  assert.equal(await notifyReady(env, 'Serving https://pray.example'), undefined)
  await until('the message', () => said().includes('READY'))
  assert.match(said(), /^"READY=1\\nSTATUS=Serving https:\/\/pray\.example"$/m)
})

test('a site says that it is ready only when it is', async (t) => {
  const folder = temporaryFolder(t)
  const port = await freePort()
  const answer = join(folder, 'answer')
  const ask = `fetch('http://127.0.0.1:${port}/readyz').then((r) => r.text()).then(console.log)`
  writeProgram(folder, `'${process.execPath}' -e "${ask}" > '${answer}'`)
  const site = start(t, process.execPath, serve, {
    env: { ...settings(folder, port), PATH: folder, NOTIFY_SOCKET: '/run/notify' },
  })
  await until('the notice', () => existsSync(answer) && readFileSync(answer, 'utf8') !== '')
  assert.match(readFileSync(answer, 'utf8'), /"ready":true/)
  assert.equal(await site.end(), 0)
})

test('where nobody can be told, the site says so and serves all the same', async (t) => {
  const folder = temporaryFolder(t)
  const port = await freePort()
  const site = start(t, process.execPath, serve, {
    env: { ...settings(folder, port), PATH: folder, NOTIFY_SOCKET: join(folder, 'nobody') },
  })
  await until('the complaint', () =>
    site.said().includes('nobody could be told that the site is ready: spawn'),
  )
  assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200)
  assert.equal(await site.end(), 0)
})

const serve = ['--import', join(project, 'src/preload.ts'), join(project, 'src/cli.ts'), 'serve']

const settings = (folder: string, port: number) => ({
  HOST: '127.0.0.1',
  PORT: String(port),
  LOG_LEVEL: 'silent',
  ARCHIVE_DIR: join(folder, 'archives'),
  CACHE_DIR: join(folder, 'cache'),
  BACKUP_DIR: join(folder, 'backups'),
  SECRETS_DIR: join(folder, 'secrets'),
})

function writeProgram(folder: string, script: string) {
  const program = join(folder, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
}

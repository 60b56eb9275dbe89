import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { areHere, freePort, project, type Running, run, start, temporaryFolder, until } from './programs.ts'

const caddyfile = readFileSync(join(project, 'deploy/Caddyfile'), 'utf8')
const nginxConf = readFileSync(join(project, 'deploy/nginx.conf'), 'utf8')

test('the examples name one site behind one proxy, and leave its headers to it', () => {
  assert.match(caddyfile, /^pray\.example \{$/m)
  assert.match(caddyfile, /^\treverse_proxy 127\.0\.0\.1:8000 \{$/m)
  assert.match(nginxConf, /proxy_pass http:\/\/127\.0\.0\.1:8000;/)
  assert.match(nginxConf, /ssl_protocols TLSv1\.2 TLSv1\.3;/)
  assert.match(nginxConf, /proxy_buffering off;/)
  for (const name of ['Host $host', 'X-Forwarded-For $remote_addr', 'X-Forwarded-Host $host'])
    assert.ok(nginxConf.includes(`proxy_set_header ${name};`), name)
  for (const text of [caddyfile, nginxConf]) {
    assert.match(text, /512k/i)
    assert.doesNotMatch(text, /strict-transport-security/i)
  }
})

test('Caddy finds nothing wrong with its example', (t) => {
  if (!areHere(t, 'caddy')) return
  const config = join(project, 'deploy/Caddyfile')
  const env = caddyHome(temporaryFolder(t))
  const { status, said } = run('caddy', ['validate', '--adapter', 'caddyfile', '--config', config], env)
  assert.equal(status, 0, said)
  assert.doesNotMatch(said, /"warn"|not formatted/i)
})

test('Caddy in front: people are who they are, live pages live, a restart is waited for', async (t) => {
  if (!areHere(t, 'caddy')) return
  await judge(t, await behindCaddy(t))
})

test('nginx in front: people are who they are, live pages live, a restart is explained', async (t) => {
  if (!areHere(t, 'nginx', 'openssl')) return
  await judge(t, await behindNginx(t))
})

/** A proxy that runs with our example, but for ports, certificate and folders. */
interface Front {
  readonly port: number
  readonly sitePort: number
  readonly proxy: Running
  /** What somebody finds in its logs. */
  logs(): string
  readonly waitsForSite: boolean
}

async function judge(t: TestContext, front: Front) {
  const site = await listen(t, front.sitePort)
  await until('the proxy', () => ask(front, '/').then(isOk, () => false))

  const { body, headers } = await ask(front, '/echo', { headers: forged })
  const seen = JSON.parse(body)
  assert.equal(seen['x-forwarded-for'], '127.0.0.1')
  assert.equal(seen['x-forwarded-proto'], 'https')
  assert.equal(seen['x-forwarded-host'], seen.host)
  assert.notEqual(seen.host, 'forged.example')
  assert.equal(headers['strict-transport-security'], 'max-age=1')

  for (const path of ['/metrics', '/metrics/', '/metrics?of=today', '/%6Detrics'])
    assert.equal((await ask(front, path)).status, 404, `${path} is not for the internet`)
  assert.equal((await ask(front, '/metricsystem')).status, 200)

  const long = 'x'.repeat(300 * 1024)
  assert.equal((await ask(front, '/length', { method: 'POST' }, long)).body, String(long.length))
  const tooLong = 'x'.repeat(600 * 1024)
  // Caddy 2.6 says 502 when a body that it already passes on turns out too long.
  const refused = await ask(front, '/length?secret-token', { method: 'POST' }, tooLong)
  assert.ok([413, 502].includes(refused.status ?? 0), String(refused.status))

  assert.equal(await firstEvent(front), 'data: first\n\n')

  await close(site)
  if (front.waitsForSite) {
    const answer = ask(front, '/claim/secret-token')
    await sleep(500)
    const again = await listen(t, front.sitePort)
    assert.equal((await answer).status, 200)
    await close(again)
  } else {
    const { status, headers } = await ask(front, '/claim/secret-token')
    assert.equal(status, 503)
    assert.equal(headers['retry-after'], '5')
  }
  assert.doesNotMatch(front.logs(), /secret-token/)
  await front.proxy.end()
}

const forged = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'forged.example',
  'x-forwarded-proto': 'http',
}

async function behindCaddy(t: TestContext): Promise<Front> {
  const folder = temporaryFolder(t)
  const [port, sitePort] = [await freePort(), await freePort()]
  const here = ['admin off', 'skip_install_trust', 'auto_https disable_redirects', 'default_sni 127.0.0.1']
  const config = join(folder, 'Caddyfile')
  writeFileSync(
    config,
    changed(caddyfile, [
      [/^\{$/m, `{\n${here.join('\n')}`],
      [/^pray\.example \{$/m, `https://127.0.0.1:${port} {\ntls internal`],
      ['127.0.0.1:8000', `127.0.0.1:${sitePort}`],
    ]),
  )
  const args = ['run', '--adapter', 'caddyfile', '--config', config]
  const proxy = start(t, 'caddy', args, { env: caddyHome(folder) })
  return { port, sitePort, proxy, logs: proxy.said, waitsForSite: true }
}

const caddyHome = (folder: string) => ({ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder })

async function behindNginx(t: TestContext): Promise<Front> {
  const folder = temporaryFolder(t)
  const [port, sitePort] = [await freePort(), await freePort()]
  const [certificate, key, log] = ['cert.pem', 'key.pem', 'error.log'].map((name) => join(folder, name))
  const made = run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=pray.example'],
    ...['-out', `${certificate}`, '-keyout', `${key}`],
  ])
  assert.equal(made.status, 0, made.said)
  const site = changed(nginxConf, [
    [/^.*\[::\].*\n/gm, ''],
    ['listen 80;', `listen 127.0.0.1:${await freePort()};`],
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['/etc/letsencrypt/live/pray.example/fullchain.pem', `${certificate}`],
    ['/etc/letsencrypt/live/pray.example/privkey.pem', `${key}`],
    ['/var/log/nginx/thywill.log', `${log}`],
    ['127.0.0.1:8000', `127.0.0.1:${sitePort}`],
  ])
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${name};`,
  )
  const config = join(folder, 'nginx.conf')
  mkdirSync(join(folder, 'logs'))
  writeFileSync(
    config,
    `daemon off; master_process off; pid nginx.pid; error_log stderr;\nevents {}\nhttp {\n${paths.join('\n')}\n${site}}\n`,
  )
  const args = ['-p', folder, '-e', 'stderr', '-c', config]
  const checked = run('nginx', ['-t', ...args])
  assert.equal(checked.status, 0, checked.said)
  assert.doesNotMatch(checked.said, /\[(warn|error|emerg)\]/)
  const proxy = start(t, 'nginx', args)
  return {
    port,
    sitePort,
    proxy,
    logs: () => proxy.said() + readFileSync(`${log}`, 'utf8'),
    waitsForSite: false,
  }
}

/** With each change really made: an example that reads differently now is not tested by mistake as something else. */
function changed(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((before, [what, by]) => {
    const after = before.replace(what, () => by)
    assert.notEqual(after, before, `${what} is not in the example`)
    return after
  }, text)
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const isOk = ({ status }: Answer) => status === 200

const whereTo = ({ port }: Front, path: string): RequestOptions => ({
  host: '127.0.0.1',
  port,
  path,
  // A proxy may only be asked by the name it serves; its certificate is one that nobody else knows.
  rejectUnauthorized: false,
  agent: false,
})

function ask(front: Front, path: string, options: RequestOptions = {}, body = ''): Promise<Answer> {
  return new Promise((answer, reject) => {
    const asked = request({ ...whereTo(front, path), ...options }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      response.once('end', () =>
        answer({ status: response.statusCode, headers: response.headers, body: text }),
      )
    })
    asked.once('error', reject).end(body)
  })
}

/** What comes of a live page before it ends, which it never does by itself. */
function firstEvent(front: Front): Promise<string> {
  return new Promise((answer, reject) => {
    const asked = request(whereTo(front, '/events'), (response) => {
      response.setEncoding('utf8').once('data', (piece) => {
        answer(piece)
        asked.destroy()
      })
      response.on('error', () => {})
    })
    asked.setTimeout(10_000, () => reject(new Error('The first event was held back.')))
    asked.once('error', reject).end()
  })
}

/** A site that says what it was asked. */
async function listen(t: TestContext, port: number): Promise<Server> {
  const server = createServer(echo)
  t.after(() => close(server))
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  return server
}

function echo(request: IncomingMessage, response: ServerResponse) {
  if (request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
    return
  }
  let length = 0
  request.on('data', (piece: Buffer) => {
    length += piece.length
  })
  request.once('end', () => {
    response.setHeader('strict-transport-security', 'max-age=1')
    response.end(request.url === '/length' ? String(length) : JSON.stringify(request.headers))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed())
    server.closeAllConnections()
  })
}

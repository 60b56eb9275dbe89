import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { areHere, freePort, project, run, start, temporaryFolder, until } from './programs.ts'

/** The instructions of the Dockerfile: the words before and after the first space, long lines made whole. */
const instructions = readFileSync(join(project, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)

const all = (name: string) => instructions.flatMap(([is, rest]) => (is === name ? [rest] : []))

/** What the last stage takes from the project, and where to. */
const copies = all('COPY')
  .filter((rest) => !rest.startsWith('--from='))
  .map((rest) => ({ sources: rest.split(' ').slice(0, -1), target: rest.split(' ').at(-1) ?? '' }))

const environment: Record<string, string> = Object.fromEntries(
  all('ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('=') as [string, string])),
)

/** The program of the health check, as Docker is told to run it. */
const healthCheck: string[] = JSON.parse((all('HEALTHCHECK')[0] ?? '').replace(/^.* CMD /, ''))

const folders: string[] = JSON.parse(all('VOLUME')[0] ?? '')

const compose = readFileSync(join(project, 'compose.yaml'), 'utf8')

test('the image has a Node that is new enough, and nobody special runs it', () => {
  const { engines } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  const oldest = Number(/\d+/.exec(engines.node)?.[0])
  for (const base of all('FROM')) assert.ok(Number(/^node:(\d+)-slim/.exec(base)?.[1]) >= oldest, base)
  assert.deepEqual(all('USER'), ['1000:1000'])
  assert.deepEqual(all('ENTRYPOINT'), ['["/app/thywill"]'])
})

test('the image takes from the project only what exists, and .dockerignore lets through just that', () => {
  const sources = copies.flatMap((copy) => copy.sources)
  for (const source of sources) assert.ok(existsSync(join(project, source)), source)
  const lines = readFileSync(join(project, '.dockerignore'), 'utf8').split('\n')
  const through = lines.filter((line) => line.startsWith('!')).map((line) => `!${line.slice(1)}`)
  assert.ok(lines.indexOf('*') < lines.indexOf(`${through[0]}`))
  assert.deepEqual(
    through.sort(),
    [...new Set(sources)].map((source) => `!${source.replace('./', '')}`).sort(),
  )
})

test('every folder the site writes to is a volume of its own, in the image and in compose.yaml', () => {
  const named = Object.entries(environment).flatMap(([name, value]) => (name.endsWith('_DIR') ? [value] : []))
  assert.deepEqual(named.sort(), [...folders].sort())
  for (const folder of folders) assert.match(compose, new RegExp(`^      - \\w+:${folder}$`, 'm'))
})

test('compose.yaml gives the site nothing else', (t) => {
  const lines = compose.split('\n').map((line) => line.trim())
  for (const line of ['read_only: true', '- ALL', '- no-new-privileges:true', 'stop_grace_period: 30s'])
    assert.ok(lines.includes(line), line)
  assert.ok(lines.includes('- "127.0.0.1:8000:8000"'))
  if (!areHere(t, 'docker-compose')) return

  const args = ['--file', join(project, 'compose.yaml'), 'config']
  const accepted = run('docker-compose', args, { BASE_URL: 'https://pray.example' })
  assert.equal(accepted.status, 0, accepted.said)
  assert.match(accepted.said, /BASE_URL: https:\/\/pray\.example/)
  const refused = run('docker-compose', args, { BASE_URL: '' })
  assert.match(refused.said, /must be the address that people type/)
})

test('as laid out in the image, the site starts, is healthy and ends, and writes only to its volumes', async (t) => {
  const { root, app } = layOut(t)
  const bundles = all('RUN').filter((rest) => rest.includes('./thywill'))
  for (const rest of bundles) assert.equal(run('sh', ['-c', `cd ${app} && ${rest}`]).status, 0)
  const before = listing(app)
  const port = String(await freePort())
  const env = {
    ...environmentIn(root),
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOST: '127.0.0.1',
    PORT: port,
  }

  const site = start(t, join(app, 'thywill'), JSON.parse(all('CMD')[0] ?? ''), { env, cwd: app })
  const [program = '', ...args] = healthCheck
  const isHealthy = () => run(program, args, env).status === 0
  await until('the site', () => site.said().includes('ThyWill is at') || !site.isRunning())
  assert.ok(isHealthy(), site.said())
  assert.equal(await site.end(), 0)

  assert.ok(!isHealthy())
  assert.deepEqual(listing(app), before)
  assert.ok(existsSync(join(root, 'data/archives/FORMAT')))
})

/** The last stage in a folder, without any package of the lockfile that is only for developers. */
function layOut(t: TestContext) {
  const root = temporaryFolder(t)
  const app = join(root, 'app')
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))
  for (const [path, { dev }] of Object.entries<{ dev?: boolean }>(packages))
    if (path.startsWith('node_modules/') && !dev && existsSync(join(project, path)))
      cpSync(join(project, path), join(app, path), { recursive: true })
  const installed = 'node_modules/.package-lock.json'
  cpSync(join(project, installed), join(app, installed))
  for (const { sources, target } of copies.slice(1))
    for (const source of sources)
      cpSync(join(project, source), join(app, target, target === './' ? source : ''), { recursive: true })

  for (const folder of [...folders, '/tmp']) mkdirSync(join(root, folder), { recursive: true })
  return { root, app }
}

const environmentIn = (root: string) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/^\/(?=data|tmp)/, `${root}/`)]),
  )

const listing = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`)
    .sort()

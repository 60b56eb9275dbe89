import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { atMost, type Benchmark, fine, whole } from './benchmark.ts'
import { copyOf, type Place, seeded } from './communities.ts'
import { projectFolder } from './processes.ts'
import { inTurn } from './rounds.ts'
import { tail, upgraded } from './upgraded.ts'

/** From the command to the first page that could be read, with a cache that fits. */
export const start: Benchmark = {
  name: 'start',
  title: 'Warm start',
  async measure({ share, rounds }) {
    using large = copyOf(await seeded({ members: 1000, prayers: 5000, marks: 1_000_000 * share }))
    using small = copyOf(await seeded({ members: 1, prayers: 1, marks: 2 }))
    using next = copyOf(large)
    const { withPrepare, withoutPrepare } = await upgraded(next)
    // As `npm ci` and `./thywill prepare` leave it.
    execFileSync('./thywill', ['bundle'], { cwd: projectFolder })
    const runs = await inTurn(rounds, {
      large: () => untilReady(large),
      small: () => untilReady(small),
      node: nothingAtAll,
      sources: () => untilReady(large, process.execPath, fromSources),
      prepared() {
        withPrepare()
        return untilReady(next)
      },
      unprepared() {
        withoutPrepare()
        return untilReady(next)
      },
    })
    const milliseconds = runs.median('large')
    const prepared = runs.median('prepared')
    return [
      {
        what: `\`./thywill serve\` until /readyz says 200, ${whole(large.records)} records`,
        measured: `${whole(milliseconds)} ms`,
        against: `the same with ${small.records} records: ${whole(runs.median('small'))} ms`,
        ratio: runs.ratio('large', 'small'),
        must: atMost(milliseconds, 700, 'ms'),
      },
      {
        what: 'the same',
        measured: `${whole(milliseconds)} ms`,
        against: `\`node -e 0\`: ${whole(runs.median('node'))} ms`,
        ratio: runs.ratio('large', 'node'),
      },
      {
        what: 'the same',
        measured: `${whole(milliseconds)} ms`,
        against: `without a bundle: ${whole(runs.median('sources'))} ms`,
        ratio: runs.ratio('large', 'sources'),
      },
      {
        what: `the same for a version that needs another cache, after its \`./thywill prepare\`, with ${tail} records written since`,
        measured: `${whole(prepared)} ms`,
        against: `when nobody prepared: ${fine(runs.median('unprepared') / 1000)} s`,
        ratio: runs.ratio('prepared', 'unprepared'),
        must: atMost(prepared, 1000, 'ms'),
      },
    ]
  },
}

/** As `./thywill` starts where no bundle fits. */
const fromSources = ['--max-semi-space-size=8', '--import', './src/preload.ts', './src/cli.ts']

/** How many milliseconds pass from starting the command until the site says that it is ready. */
async function untilReady(
  { env }: Place,
  program = './thywill',
  args: readonly string[] = [],
): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const server = spawn(program, [...args, 'serve'], {
    cwd: projectFolder,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(server, 'exit')
  const isEnded = ended.then(() => true)
  while ((await statusAt(`http://127.0.0.1:${port}/readyz`)) !== 200) {
    if (await Promise.race([isEnded, wait(10, false)]))
      throw new Error('the server ended before it was ready')
  }
  const milliseconds = performance.now() - started
  server.kill()
  await ended
  return milliseconds
}

async function nothingAtAll(): Promise<number> {
  const started = performance.now()
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
  return performance.now() - started
}

/** Undefined while nobody answers. */
const statusAt = (url: string) =>
  new Promise<number | undefined>((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', () => resolve(undefined))
  })

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

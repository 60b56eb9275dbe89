import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atLeast, type Benchmark, type Figure, fine, whole } from './benchmark.ts'
import { copyOf, seeded } from './communities.ts'
import type { Pages } from './feed-server.ts'
import { projectFolder, startScript } from './processes.ts'
import { inTurn } from './rounds.ts'

/** The page that everybody opens, for somebody who is signed in. */
export const feed: Benchmark = {
  name: 'feed',
  title: 'GET /feed for a signed-in member',
  async measure({ share, rounds, seconds }) {
    const sizes = { members: 1000, prayers: 5000 }
    using small = copyOf(await seeded({ ...sizes, marks: 50_000 * share }))
    using large = copyOf(await seeded({ ...sizes, marks: 1_000_000 * share }))
    await using smallServer = await startScript<Pages>('feed-server.ts', { env: small.env })
    await using largeServer = await startScript<Pages>('feed-server.ts', { env: large.env })
    const [few, many] = [smallServer.word, largeServer.word]

    const runs = await inTurn(rounds, {
      feed: () => requestsPerSecond(few.feed, few.cookie, seconds),
      older: () => requestsPerSecond(few.older, few.cookie, seconds),
      fixed: () => requestsPerSecond(few.fixed, few.cookie, seconds),
      bare: () => requestsPerSecond(few.bare, few.cookie, seconds),
      buffer: () => requestsPerSecond(few.buffer, few.cookie, seconds),
      'large feed': () => requestsPerSecond(many.feed, many.cookie, seconds),
      'large fixed': () => requestsPerSecond(many.fixed, many.cookie, seconds),
    })
    return figuresOf(runs, few, many)
  },
}

type Runs = Awaited<
  ReturnType<typeof inTurn<'feed' | 'older' | 'fixed' | 'bare' | 'buffer' | 'large feed' | 'large fixed'>>
>

function figuresOf(runs: Runs, few: Pages, many: Pages): Figure[] {
  const speed = (name: Parameters<Runs['median']>[0]) => `${whole(runs.median(name))}/s`
  const toBare = runs.ratio('feed', 'bare')
  const toFixed = runs.ratio('feed', 'fixed')
  const relative = runs.ratio('large feed', 'large fixed') / toFixed
  return [
    {
      what: `5,000 prayers, ${whole(few.marks)} marks, a page of ${whole(few.bytes)} bytes`,
      measured: speed('feed'),
      against: `bare Fastify route that sends the same text: ${speed('bare')}`,
      ratio: toBare,
      must: atLeast(toBare, 0.2, '×'),
    },
    {
      what: 'the same',
      measured: speed('feed'),
      against: `that route when the text is encoded already: ${speed('buffer')}`,
      ratio: runs.ratio('feed', 'buffer'),
    },
    {
      what: 'the same',
      measured: speed('feed'),
      against: `the same app and template with a fixed model: ${speed('fixed')}`,
      ratio: toFixed,
      must: atLeast(toFixed, 0.4, '×'),
    },
    {
      what: 'the second page, which is read anew for each request',
      measured: speed('older'),
      against: `the newest: ${speed('feed')}`,
      ratio: runs.ratio('older', 'feed'),
    },
    {
      what: `5,000 prayers, ${whole(many.marks)} marks, a page of ${whole(many.bytes)} bytes`,
      measured: speed('large feed'),
      against: `with ${whole(few.marks)} marks: ${speed('feed')}`,
      ratio: runs.ratio('large feed', 'feed'),
    },
    {
      what: 'the same, each relative to its own fixed model',
      measured: `${fine(runs.ratio('large feed', 'large fixed'))} ×`,
      against: `${fine(toFixed)} ×`,
      ratio: relative,
      must: atLeast(relative, 0.8, '×'),
    },
  ]
}

/** Ten connections that are kept open, each asking again as soon as it was answered, from another process. */
async function requestsPerSecond(url: string, cookie: string, seconds: number): Promise<number> {
  const autocannon = join(projectFolder, 'node_modules/autocannon/autocannon.js')
  const options = ['--connections', 10, '--duration', seconds, '--headers', `cookie=${cookie}`, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...options.map(String), url])
  const found = JSON.parse(stdout) as Record<'2xx' | 'non2xx' | 'errors' | 'duration', number>
  if (found.non2xx + found.errors > 0 || found['2xx'] === 0) throw new Error(`${url} did not always answer`)
  return found['2xx'] / found.duration
}

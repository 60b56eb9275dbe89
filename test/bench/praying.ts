import { Agent, get } from 'node:http'
import { atMost, type Benchmark, type Figure, fine, whole } from './benchmark.ts'
import { copyOf, seeded } from './communities.ts'
import type { PrayingPages } from './praying-server.ts'
import { startScript } from './processes.ts'
import { inTurn, type Rounds } from './rounds.ts'

const mostForTwentyTimes = 1.5
const mostForSearch = 20

/** The pages on which people pray together, in a community and in one that is twenty times as large. */
export const praying: Benchmark = {
  name: 'praying',
  title: 'Feeds, search, a request, prayer time and what was answered',
  async measure({ share, rounds, seconds }) {
    using small = copyOf(await seeded({ members: 1000, prayers: 5000 * share, marks: 50_000 * share }))
    using large = copyOf(await seeded({ members: 1000, prayers: 100_000 * share, marks: 1_000_000 * share }))
    await using smallServer = await startScript<PrayingPages>('praying-server.ts', { env: small.env })
    await using largeServer = await startScript<PrayingPages>('praying-server.ts', { env: large.env })
    const sites = { few: smallServer.word, many: largeServer.word }

    const figures: Figure[] = []
    for (const name of Object.keys(sites.few.pages)) {
      const took = { few: [] as number[], many: [] as number[] }
      const asks = (of: 'few' | 'many') => async () => {
        const round = await timed(sites[of].pages[name] ?? [], sites[of].cookie, seconds / 3)
        took[of].push(...round)
        return percentile(round, 50)
      }
      const bare = (of: 'few' | 'many') => async () =>
        percentile(await timed([sites[of].bare[name] ?? ''], sites[of].cookie, seconds / 6), 50)
      const runs = await inTurn(rounds, {
        few: asks('few'),
        'few bare': bare('few'),
        many: asks('many'),
        'many bare': bare('many'),
      })
      figures.push(...figuresOf(name, sites, runs, took))
    }
    return figures
  },
}

type Took = Readonly<Record<'few' | 'many', readonly number[]>>

function figuresOf(
  name: string,
  { few, many }: Readonly<Record<'few' | 'many', PrayingPages>>,
  runs: Rounds<'few' | 'few bare' | 'many' | 'many bare'>,
  took: Took,
): Figure[] {
  const p95 = percentile(took.many, 95)
  const grown = runs.ratio('many', 'few')
  const slowest = { what: 'the same, 95 of 100', measured: `${fine(p95)} ms` }
  return [
    {
      what: `${name}, ${whole(few.prayers)} prayers, ${whole(few.marks)} marks`,
      measured: speed(took.few),
      against: `the same bytes from a bare route: ${fine(runs.median('few bare'))} ms`,
      ratio: runs.ratio('few', 'few bare'),
    },
    {
      what: `${name}, ${whole(many.prayers)} prayers, ${whole(many.marks)} marks`,
      measured: speed(took.many),
      against: `the same bytes from a bare route: ${fine(runs.median('many bare'))} ms`,
      ratio: runs.ratio('many', 'many bare'),
    },
    {
      what: 'the same',
      measured: `${fine(runs.median('many'))} ms`,
      against: `the smaller community: ${fine(runs.median('few'))} ms`,
      ratio: grown,
      must: atMost(grown, mostForTwentyTimes, '×'),
    },
    ...(name === 'a search' ? [{ ...slowest, must: atMost(p95, mostForSearch, 'ms') }] : []),
  ]
}

const speed = (took: readonly number[]) =>
  `p50 ${fine(percentile(took, 50))} ms, p99 ${fine(percentile(took, 99))} ms, ${whole(1000 / mean(took))}/s`

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

const percentile = (numbers: readonly number[], share: number) =>
  numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length * share) / 100)] ?? Number.NaN

/** How long each answer took in milliseconds, one asked for after the other over one connection that is kept open. */
async function timed(urls: readonly string[], cookie: string, seconds: number): Promise<number[]> {
  using agent = keptOpen()
  const took: number[] = []
  const until = performance.now() + seconds * 1000
  for (let turn = 0; performance.now() < until || turn < urls.length; turn++) {
    const began = performance.now()
    await read(urls[turn % urls.length] ?? '', cookie, agent.agent)
    took.push(performance.now() - began)
  }
  return took
}

function keptOpen() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return { agent, [Symbol.dispose]: () => agent.destroy() }
}

const read = (url: string, cookie: string, agent: Agent) =>
  new Promise<void>((resolve, reject) => {
    get(url, { agent, headers: { cookie } }, (reply) => {
      if (reply.statusCode !== 200 && reply.statusCode !== 303)
        reject(new Error(`${url} answers ${reply.statusCode}`))
      reply.resume().once('end', resolve).once('error', reject)
    }).once('error', reject)
  })

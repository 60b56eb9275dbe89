import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atMost, type Benchmark, fine, whole } from './benchmark.ts'
import type { Besides, Granted, Wish } from './beside-server.ts'
import { copyOf, seeded } from './communities.ts'
import { projectFolder } from './processes.ts'
import { medianOf } from './rounds.ts'

/** What people notice of a rebuild while they read and write. */
export const beside: Benchmark = {
  name: 'beside',
  title: 'A rebuild beside readers and writers',
  async measure({ share, rounds, seconds }) {
    const marks = 300_000 * share
    using community = copyOf(await seeded({ members: 1000, prayers: 5000, marks }))
    const server = await serve(community.env)
    try {
      const writing = writers(server)
      const capacity = (await load(server, { seconds })).rate
      const rate = Math.max(10, Math.round(capacity * 0.3))
      const during = { rebuild: [] as number[], hash: [] as number[] }
      const pauses: number[] = []
      const took: number[] = []
      let records = 0
      for (let round = 0; round < rounds; round++) {
        let isOver = false
        const loaded = load(server, { seconds: seconds + 2, rate })
        const rebuilt = (async () => {
          for (; !isOver; ) {
            const granted = await server.grant('rebuild')
            pauses.push(granted.pausedMilliseconds)
            took.push(granted.seconds)
          }
        })()
        during.rebuild.push((await loaded).p99)
        isOver = true
        await rebuilt
        await server.grant('hash')
        during.hash.push((await load(server, { seconds: seconds + 2, rate })).p99)
        await server.grant('rest')
      }
      const { written, failed, last } = await writing.end()
      records = community.records + written
      const isThere = await fetch(`${server.url}${last}`, { headers: { cookie: server.cookie } })
      const stale = isThere.ok ? 0 : 1
      const ratio = medianOf(during.rebuild) / medianOf(during.hash)
      const pause = Math.max(...pauses)
      return [
        {
          what: `longest pause of the writer in ${pauses.length} rebuilds of ${whole(records)} records, ${fine(medianOf(took))} s each`,
          measured: `${fine(pause)} ms`,
          must: atMost(pause, 50, 'ms'),
        },
        {
          what: `page p99 at ${whole(rate)} pages/s, 30 % of what it can`,
          measured: `${fine(medianOf(during.rebuild))} ms`,
          against: `beside a thread that only hashes: ${fine(medianOf(during.hash))} ms`,
          ratio,
          must: atMost(ratio, 1.5, '×'),
        },
        {
          what: `requests that failed, of ${whole(written)} written meanwhile and all that were read`,
          measured: whole(failed),
          must: atMost(failed, 0, ''),
        },
        {
          what: 'the last request written is read from the last cache',
          measured: stale === 0 ? 'yes' : 'no',
          must: atMost(stale, 0, 'missing'),
        },
      ]
    } finally {
      await server.close()
    }
  },
}

interface Server extends Besides {
  grant(wish: Wish): Promise<Granted>
  close(): Promise<void>
}

async function serve(env: Readonly<Record<string, string>>): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'beside-server.ts'), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [word] = await once(child, 'message')
  return {
    ...(word as Besides), // The script and this benchmark know what it says.
    async grant(wish) {
      const answer = once(child, 'message')
      child.send(wish)
      const [granted] = await answer
      return granted as Granted
    },
    async close() {
      const isEnded = once(child, 'exit')
      child.disconnect()
      await isEnded
    },
  }
}

/** Four people who ask for prayer, one request after the other, with a breath between. */
function writers({ url, cookie }: Besides) {
  let [written, failed, isOver, last] = [0, 0, false, '']
  const write = async () => {
    while (!isOver) {
      const reply = await fetch(`${url}/prayers`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie },
        body: new URLSearchParams({ request: `Please pray for us, ${written}.` }),
      })
      await reply.arrayBuffer()
      if (reply.status === 303) last = reply.headers.get('location') ?? last
      else failed++
      written++
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const all = Promise.all(Array.from({ length: 4 }, write))
  return {
    async end() {
      isOver = true
      await all
      return { written, failed, last }
    },
  }
}

/** Ten readers of the feed, as fast as they can or at a fixed rate; their p99 counts from when they wanted to ask. */
async function load({ url, cookie }: Besides, { seconds, rate }: { seconds: number; rate?: number }) {
  const autocannon = join(projectFolder, 'node_modules/autocannon/autocannon.js')
  const options = ['--connections', 10, '--duration', seconds, '--headers', `cookie=${cookie}`, '--json']
  const fixed = rate === undefined ? [] : ['--overallRate', rate]
  const args = [autocannon, ...[...options, ...fixed].map(String), `${url}/feed`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const found = JSON.parse(stdout) as {
    '2xx': number
    non2xx: number
    errors: number
    duration: number
    latency: { p99: number }
  }
  if (found.non2xx + found.errors > 0)
    throw new Error(`${found.non2xx + found.errors} pages were not answered`)
  return { rate: found['2xx'] / found.duration, p99: found.latency.p99 }
}

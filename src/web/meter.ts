import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import { gauge, labelled, type Metric, type Sample } from './exposition.ts'

/** Upper ends in seconds: a page takes a few milliseconds, and two seconds are a complaint. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Counts answers to people by the first digit of their status, and how long each took. */
export function httpMeter(app: FastifyInstance): () => Metric[] {
  const statuses: Record<string, number> = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 }
  const within = buckets.map(() => 0)
  let seconds = 0
  let requests = 0
  app.addHook('onResponse', (request, reply, done) => {
    if (!request.routeOptions.config.isPlain) {
      const took = reply.elapsedTime / 1000
      const status = `${Math.floor(reply.statusCode / 100)}xx`
      statuses[status] = (statuses[status] ?? 0) + 1
      requests++
      seconds += took
      for (const [index, end] of buckets.entries()) if (took <= end) within[index] = (within[index] ?? 0) + 1
    }
    done()
  })
  const samples = (): Sample[] => [
    ...buckets.map(
      (end, index): Sample => ({ ending: '_bucket', labels: { le: String(end) }, value: within[index] ?? 0 }),
    ),
    { ending: '_bucket', labels: { le: '+Inf' }, value: requests },
    { ending: '_sum', value: seconds },
    { ending: '_count', value: requests },
  ]
  return () => [
    labelled(
      { name: 'thywill_http_requests_total', help: 'Answers to people, by status.', type: 'counter' },
      'status',
      statuses,
    ),
    {
      name: 'thywill_http_request_duration_seconds',
      help: 'How long an answer took.',
      type: 'histogram',
      samples: samples(),
    },
  ]
}

/** How often the event loop is looked at, in milliseconds. */
const resolution = 10

/** Memory and time of this process, under the names that other Node programs use; `now` in milliseconds. */
export function processMeter(app: FastifyInstance): (now: number) => Metric[] {
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  app.addHook('onClose', async () => void delay.disable())
  return (now) => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    // What Node measures is how far apart two looks were, which is never less than they should be.
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution) / 1000 || 0
    const lags = [late(delay.percentile(50)), late(delay.percentile(99)), late(delay.max)] as const
    // Each scrape hears of the time since the one before.
    delay.reset()
    return [
      gauge('process_resident_memory_bytes', 'Memory of this process.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Memory of its JavaScript objects.', heapUsed),
      gauge('process_start_time_seconds', 'When it began.', now / 1000 - process.uptime()),
      {
        name: 'process_cpu_seconds_total',
        help: 'Time it has spent on a processor.',
        type: 'counter',
        samples: [{ value: (user + system) / 1e6 }],
      },
      gauge('nodejs_eventloop_lag_p50_seconds', 'How late half of all turns were, at most.', lags[0]),
      gauge('nodejs_eventloop_lag_p99_seconds', 'How late 99 of 100 turns were, at most.', lags[1]),
      gauge('nodejs_eventloop_lag_max_seconds', 'How late the latest turn was.', lags[2]),
    ]
  }
}

import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { minutes } from '../kernel/moment.ts'

/** One page that is shown live: server-sent events, until it ends, its reader goes, or the server closes. */
export interface Live {
  /** Markup for the page under this name; left out while the reader is slow. */
  send(event: string, html: string): void
  end(): void
  onEnd(listener: () => void): void
}

interface Pace {
  /** Milliseconds between two signs of life: whoever stands between would end a silent connection. */
  readonly heartbeat: number
  /** So many milliseconds it lasts; the browser comes again by itself, and is asked anew who it is. */
  readonly longest: number
}

const usual: Pace = { heartbeat: 15_000, longest: 5 * minutes }

/** Live pages of this server; they never keep it from closing. */
export function livePages(
  app: FastifyInstance,
  { heartbeat, longest }: Pace = usual,
): (reply: FastifyReply) => Live {
  const open = new Set<PassThrough>()
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end()
  })

  return (reply) => {
    const stream = new PassThrough()
    const beating = setInterval(() => stream.writable && stream.write(':\n\n'), heartbeat)
    const ending = setTimeout(() => stream.end(), longest)
    open.add(stream)
    stream.once('close', () => {
      clearInterval(beating)
      clearTimeout(ending)
      open.delete(stream)
    })
    // Nginx would hold events back, and a connection that is kept alive would hold the server up.
    reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
    reply.type('text/event-stream').send(stream)
    stream.write('retry: 2000\n\n')
    return {
      send(event, html) {
        if (stream.writable && !stream.writableNeedDrain)
          stream.write(`event: ${event}\n${html.replace(/^/gm, 'data: ')}\n\n`)
      },
      end: () => void stream.end(),
      onEnd: (listener) => void stream.once('close', listener),
    }
  }
}

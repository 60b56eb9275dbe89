import type { FastifyInstance } from 'fastify'
import type { Site } from '../site.ts'

/** For whoever watches over the process: alive, and ready. */
export function healthRoutes(app: FastifyInstance, site: Site) {
  const config = { isPlain: true }

  app.get('/healthz', { config }, (_request, reply) => reply.type('text/plain').send('ok\n'))

  app.get('/readyz', { config }, (_request, reply) => {
    const readiness = site.readiness()
    return reply
      .code(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness)
  })
}

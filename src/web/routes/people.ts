import type { FastifyInstance } from 'fastify'
import { directory } from '../../queries/directory.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Who is here. */
export function peopleRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: { q?: unknown; after?: unknown } }>('/people', (request, reply) => {
    const { q, after } = request.query
    return reply.show('people/directory', directory(readerOf(site, request), { q, after }))
  })
}

import type { FastifyInstance } from 'fastify'
import { searchPage } from '../../queries/search.ts'
import { placeIn } from '../addresses.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Looking for words. They stand in the address, and the log has none of it (logs.ts). */
export function searchRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: { q?: unknown; before?: unknown } }>('/search', (request, reply) => {
    const { q, before } = request.query
    return reply.show('search/found', searchPage(readerOf(site, request), { q, before: placeIn(before) }))
  })
}

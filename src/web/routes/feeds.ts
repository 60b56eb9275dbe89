import type { FastifyInstance } from 'fastify'
import { feedAddressed } from '../../queries/feeds/addresses.ts'
import { found } from '../addresses.ts'
import { feedFor } from '../looked.ts'
import type { Site } from '../site.ts'

/** The feeds: `/feed?tab=…&topic=…&before=…&asOf=…`; with `q=…` it leads to the search. */
export function feedRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/feed', (request, reply) => {
    const { q } = request.query
    if (typeof q === 'string') return reply.redirect(`/search?q=${encodeURIComponent(q)}`, 303)
    const address = found(feedAddressed(request.query))
    return reply.show('prayers/feed', { ...feedFor(site, request, reply, address), isWelcome: false })
  })
}

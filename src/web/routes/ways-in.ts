import type { FastifyInstance } from 'fastify'
import { momentOf } from '../../kernel/moment.ts'
import { waysInPage } from '../../queries/ways-in.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** How a member can come back: what they have, and what they could make. */
export function waysInRoutes(app: FastifyInstance, site: Site) {
  const pageFor = (member: string) => waysInPage(site.cache(), member, momentOf(site.source.now()))

  app.get('/me/ways-in', (request, reply) => reply.show('ways-in/list', pageFor(memberOf(request).member)))

  app.get('/me/way-back', (request, reply) => reply.show('ways-in/first', pageFor(memberOf(request).member)))
}

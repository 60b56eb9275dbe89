import type { FastifyInstance } from 'fastify'
import { isMember } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { recentPrayers } from '../../queries/prayers.ts'
import type { Site } from '../site.ts'

/** The front door: the feed for a member, the public page for everyone else. */
export function homeRoutes(app: FastifyInstance, site: Site) {
  app.get('/', ({ actor }, reply) => {
    if (!isMember(actor)) return reply.show('home', {})
    return reply.show(
      'prayers/feed',
      recentPrayers(site.cache(), actor, { now: momentOf(site.source.now()) }),
    )
  })
}

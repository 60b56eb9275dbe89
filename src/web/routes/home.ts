import type { FastifyInstance } from 'fastify'
import { isMember } from '../../kernel/actor.ts'
import { isNew } from '../../queries/members.ts'
import { recentPrayers } from '../../queries/prayers.ts'
import { settingsOf } from '../../queries/settings.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** The front door: the feed for a member, the public page for everyone else. */
export function homeRoutes(app: FastifyInstance, site: Site) {
  app.get('/', (request, reply) => {
    if (!isMember(request.actor))
      return reply.show('home', { welcome: settingsOf(site.cache()).welcomeWords })
    const reading = readerOf(site, request)
    const isWelcome = isNew(reading.cache, reading.reader.member)
    return reply.show('prayers/feed', { ...recentPrayers(reading), isWelcome })
  })
}

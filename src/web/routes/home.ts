import type { FastifyInstance } from 'fastify'
import { isMember } from '../../kernel/actor.ts'
import { front } from '../../queries/feeds/addresses.ts'
import { isNew } from '../../queries/members.ts'
import { declinedPage } from '../../queries/newcomers.ts'
import { settingsOf } from '../../queries/settings.ts'
import { feedFor } from '../looked.ts'
import { readerOf, tokenIn } from '../session.ts'
import type { Site } from '../site.ts'

/** The front door: the feed for a member, how it stands for a newcomer, the public page for everyone else. */
export function homeRoutes(app: FastifyInstance, site: Site) {
  app.get('/', (request, reply) => {
    const { actor } = request
    if (isMember(actor)) {
      const reading = readerOf(site, request)
      const isWelcome = isNew(reading.cache, reading.reader.member)
      return reply.show('prayers/feed', { ...feedFor(site, request, reply, front), isWelcome })
    }
    if (actor.is === 'waiting') return reply.show('newcomers/waiting', { name: actor.name })
    const cache = site.cache()
    const token = tokenIn(site, request)
    const declined = token && declinedPage(cache, site.keyring, token)
    if (declined) return reply.show('newcomers/declined', declined)
    const { welcomeWords, applications } = settingsOf(cache)
    return reply.show('home', { welcome: welcomeWords, mayApply: applications })
  })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { sendEncouragement } from '../../commands/encouragements.ts'
import { encouragingPage } from '../../queries/encouragements.ts'
import { found } from '../addresses.ts'
import { mistakesIn, sentBy } from '../forms.ts'
import { problemOf } from '../problems.ts'
import type { OfPrayer } from '../request-forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** One of a few set phrases to whoever asked. */
export function encouragementRoutes(app: FastifyInstance, site: Site) {
  app.get<OfPrayer>('/prayers/:prayer/encouragements', (request, reply) => show(undefined, request, reply))

  app.post<OfPrayer>(
    '/prayers/:prayer/encouragements',
    { config: { limit: 'mark' }, errorHandler: again },
    async (request, reply) => {
      const raw = { ...sentBy(request), ...request.params }
      const { prayer } = await perform(site.record, sendEncouragement, request.actor, raw)
      return reply.redirect(`/prayers/${prayer}/encouragements`, 303)
    },
  )

  function show(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    const page = found(encouragingPage(readerOf(site, request), request.params.prayer))
    return reply.show('prayers/encourage', { ...page, mistakes: mistakesIn(error, ['phrase']) })
  }

  function again(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    return show(error, request, reply.code(status))
  }
}

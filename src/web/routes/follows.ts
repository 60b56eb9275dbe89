import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { followPrayer, unfollowPrayer } from '../../commands/follows.ts'
import { wayBack } from '../addresses.ts'
import { sentBy, text } from '../forms.ts'
import type { OfPrayer } from '../request-forms.ts'
import type { Site } from '../site.ts'

/** Keeping a request in sight, and letting it go. */
export function followRoutes(app: FastifyInstance, site: Site) {
  const config = { limit: 'mark' } as const

  app.post<OfPrayer>('/prayers/:prayer/follows', { config }, async (request, reply) => {
    await perform(site.record, followPrayer, request.actor, request.params)
    return goBack(request, reply)
  })

  app.post<OfPrayer>('/prayers/:prayer/unfollows', { config }, async (request, reply) => {
    await perform(site.record, unfollowPrayer, request.actor, request.params)
    return goBack(request, reply)
  })
}

const goBack = (request: FastifyRequest<OfPrayer>, reply: FastifyReply) =>
  reply.redirect(wayBack(text(sentBy(request), 'from'), request.params.prayer), 303)

import type { FastifyInstance } from 'fastify'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Oneself: what others see of one, and what only oneself decides. */
export function meRoutes(app: FastifyInstance, _site: Site) {
  app.get('/me', (request, reply) => {
    const { member: id, name } = memberOf(request)
    return reply.show('me/hub', { id, name })
  })
}

import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { closeOtherSessions, closeSession } from '../../commands/devices.ts'
import { momentOf } from '../../kernel/moment.ts'
import { devicesOf } from '../../queries/devices.ts'
import { dropSession, memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Where a member is signed in. */
export function deviceRoutes(app: FastifyInstance, site: Site) {
  app.get('/me/devices', (request, reply) =>
    reply.show('me/devices', devicesOf(site.cache(), memberOf(request), momentOf(site.source.now()))),
  )

  app.post<{ Params: { session: string } }>('/me/devices/:session/sign-out', async (request, reply) => {
    const { isThis } = await perform(site.record, closeSession, request.actor, request.params)
    if (isThis) dropSession(site, reply)
    return reply.redirect(isThis ? '/' : '/me/devices', 303)
  })

  app.post('/me/devices/sign-out', async ({ actor }, reply) => {
    await perform(site.record, closeOtherSessions, actor, {})
    return reply.redirect('/me/devices', 303)
  })
}

import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { readAllNotices, readNotice, switchNotices } from '../../commands/notices.ts'
import { myNotices, noticesPage } from '../../queries/notices.ts'
import { placeIn } from '../addresses.ts'
import { sentBy } from '../forms.ts'
import { memberOf, readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** What happened to somebody's requests and to those they prayed for; and what of it they want to hear. */
export function noticeRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: { before?: unknown } }>('/notices', (request, reply) =>
    reply.show('notices/list', noticesPage(readerOf(site, request), placeIn(request.query.before))),
  )

  app.post('/notices/read', async (request, reply) => {
    await perform(site.record, readAllNotices, request.actor, sentBy(request))
    return reply.redirect('/notices', 303)
  })

  app.post<{ Params: { notice: string } }>('/notices/:notice/read', async (request, reply) => {
    await perform(site.record, readNotice, request.actor, request.params)
    return reply.redirect('/notices', 303)
  })

  app.get('/me/notices', (request, reply) =>
    reply.show('notices/kinds', myNotices(site.cache(), memberOf(request).member)),
  )

  app.post('/me/notices', { config: { limit: 'change' } }, async (request, reply) => {
    await perform(site.record, switchNotices, request.actor, sentBy(request))
    return reply.redirect('/me', 303)
  })
}

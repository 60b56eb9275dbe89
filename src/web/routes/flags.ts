import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { flagPrayer, settleFlag } from '../../commands/flags.ts'
import { flagsPage } from '../../queries/flags.ts'
import { allowed } from '../allowed.ts'
import { text } from '../forms.ts'
import { requestForm } from '../request-forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Asking moderators to look at a request, and their looking. */
export function flagRoutes(app: FastifyInstance, site: Site) {
  requestForm(app, site, {
    at: 'flags',
    fields: ['reason'],
    limit: 'post',
    isFor: 'others',
    does: () => flagPrayer,
    show: (reply, { sent = {}, form }) =>
      reply.show('prayers/flag', { ...form, reason: text(sent, 'reason') }),
  })

  app.get('/admin/flags', (request, reply) => {
    allowed(site, request, 'settleFlag')
    return reply.show('admin/flags', flagsPage(readerOf(site, request)))
  })

  app.post<{ Params: { flag: string } }>('/admin/flags/:flag/settlements', async (request, reply) => {
    await perform(site.record, settleFlag, allowed(site, request, 'settleFlag'), request.params)
    return reply.redirect('/admin/flags', 303)
  })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { acceptRules } from '../../commands/agreements.ts'
import { perform } from '../../commands/command.ts'
import { isMember } from '../../kernel/actor.ts'
import { acceptedBy, agreementNow } from '../../queries/agreements.ts'
import { settingsOf } from '../../queries/settings.ts'
import { sentBy } from '../forms.ts'
import type { Site } from '../site.ts'

/** Where help is, the rules, and what is kept of whom: for everybody to read, also before they come in. */
export function agreementRoutes(app: FastifyInstance, site: Site) {
  app.get('/help', (_request, reply) => {
    const text = settingsOf(site.cache()).helpLines
    return reply.show('agreements/words', { heading: 'Help', text, asks: null })
  })
  app.get('/rules', (request, reply) => show(request, reply, 'rules'))
  app.get('/privacy', (request, reply) => show(request, reply, 'privacy'))

  app.post('/rules', async (request, reply) => {
    await perform(site.record, acceptRules, request.actor, sentBy(request))
    return reply.redirect('/rules', 303)
  })

  function show({ actor }: FastifyRequest, reply: FastifyReply, which: 'rules' | 'privacy') {
    const cache = site.cache()
    const now = agreementNow(cache)
    const before = isMember(actor) ? acceptedBy(cache, actor.member) : now
    const isAgreed = before?.rules === now.rules && before.privacy === now.privacy
    return reply.show('agreements/words', {
      heading: which === 'rules' ? 'Rules' : 'Privacy',
      text: settingsOf(cache)[which],
      asks: isAgreed ? null : now,
    })
  }
}

import type { FastifyInstance } from 'fastify'
import { askCall, takeCall } from '../../commands/calls.ts'
import { perform } from '../../commands/command.ts'
import { callsPage } from '../../queries/calls.ts'
import { allowed } from '../allowed.ts'
import { asks, besideFor, keepWords, wordsIn } from '../ask.ts'
import { keepDraft } from '../drafts.ts'
import { sentBy } from '../forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

interface OfMember {
  Params: { member: string }
}

/** "Ask someone to call me", from beside what they write, and the moderators who do. */
export function callRoutes(app: FastifyInstance, site: Site) {
  app.post('/calls', { errorHandler: keepWords(site) }, async (request, reply) => {
    const sent = sentBy(request)
    const isKept = keepDraft(site, request, sent)
    // None of the words: the moderators learn who asks.
    await perform(site.record, askCall, request.actor, {})
    const words = wordsIn(sent, site)
    const beside = besideFor(site, request, words, true)
    if (request.headers.accept?.includes('fragment'))
      return reply.showFragment('prayers/beside', { words, beside }, '/prayers/new')
    if (isKept) return reply.redirect('/prayers/new?draft=yes', 303)
    return reply.show('prayers/ask', { ...asks(site, request, words), beside })
  })

  app.get('/admin/calls', (request, reply) => {
    const { member } = allowed(site, request, 'takeCall')
    const { cache, now } = readerOf(site, request)
    return reply.show('admin/calls', callsPage(cache, member, now))
  })

  app.post<OfMember>('/admin/calls/:member', async (request, reply) => {
    await perform(site.record, takeCall, allowed(site, request, 'takeCall'), request.params)
    return reply.redirect('/admin/calls', 303)
  })
}

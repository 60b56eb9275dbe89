import type { FastifyInstance } from 'fastify'
import { parsed } from '../../commands/command.ts'
import { draftWords } from '../../commands/prayers.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { besideFor, keepWords, wordsIn } from '../ask.ts'
import { keepDraft } from '../drafts.ts'
import { sentBy } from '../forms.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** What is written and not yet shared: kept every few seconds by the script of the form, and thrown away. */
export function draftRoutes(app: FastifyInstance, site: Site) {
  const errorHandler = keepWords(site)

  app.post('/drafts', { config: { limit: 'draft' }, errorHandler }, (request, reply) => {
    const sent = sentBy(request)
    parsed(draftWords, sent)
    if (!keepDraft(site, request, sent)) throw new Refusal('read-only', 'No draft can be kept.')
    // What stands beside the form, should the words ask for it now.
    const words = wordsIn(sent, site)
    return reply.showFragment(
      'prayers/beside',
      { words, beside: besideFor(site, request, words) },
      '/prayers/new',
    )
  })

  app.post('/drafts/removal', (request, reply) => {
    site.drafts.drop(memberOf(request).member)
    return reply.redirect('/prayers/new', 303)
  })
}

import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { checkPrayer, postPrayer } from '../../commands/prayers.ts'
import { asks, besideFor, keepWords, readersFor, wordsIn } from '../ask.ts'
import { dropShared, keepDraft } from '../drafts.ts'
import { sentBy } from '../forms.ts'
import { memberOf, readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Asking: write, check, share. */
export function askingRoutes(app: FastifyInstance, site: Site) {
  const errorHandler = keepWords(site)

  app.get<{ Querystring: { draft?: unknown } }>('/prayers/new', (request, reply) => {
    const draft = site.drafts.of(memberOf(request).member)
    const isWanted = request.query.draft === 'yes'
    const words = wordsIn((isWanted && draft?.words) || {}, site)
    const begunAt = (!isWanted && draft?.begunAt) || null
    return reply.show('prayers/ask', { ...asks(site, request, words), begunAt })
  })

  app.post('/prayers/new', (request, reply) =>
    reply.show('prayers/ask', asks(site, request, wordsIn(sentBy(request), site))),
  )

  app.post('/prayers/preview', { errorHandler }, (request, reply) => {
    const { cache, reader, now } = readerOf(site, request)
    const checked = checkPrayer({ cache, now }, sentBy(request))
    const words = {
      ...wordsIn(sentBy(request), site),
      request: checked.request,
      forWhom: checked.forWhom ?? '',
    }
    return reply.show('prayers/preview', {
      ...readersFor(site, request),
      words,
      author: reader.name,
      lapsesAt: checked.lapsesAt ?? null,
      isKept: keepDraft(site, request, sentBy(request)),
      beside: besideFor(site, request, words),
    })
  })

  app.post('/prayers', { config: { limit: 'post' }, errorHandler }, async (request, reply) => {
    const { prayer } = await perform(site.record, postPrayer, request.actor, sentBy(request))
    dropShared(site, request, sentBy(request))
    return reply.redirect(`/prayers/${prayer}`, 303)
  })

  // Whoever presses "enter" in the address bar after a form was sent lands where they can go on.
  app.get('/prayers', (_request, reply) => reply.redirect('/', 302))
  app.get('/prayers/preview', (_request, reply) => reply.redirect('/prayers/new', 302))
}

import type { FastifyInstance } from 'fastify'
import { parsed, perform } from '../../commands/command.ts'
import { postPrayer, prayerWords } from '../../commands/prayers.ts'
import { countKnown } from '../../queries/directory.ts'
import { prayerPage } from '../../queries/prayers.ts'
import { holderNames } from '../../queries/roles.ts'
import { found } from '../addresses.ts'
import { fields, keepWords, wordsIn } from '../ask.ts'
import { mistakesIn, sentBy } from '../forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Reading what was asked, and asking: write, check, share. */
export function prayerRoutes(app: FastifyInstance, site: Site) {
  const nothingWrong = { mistakes: mistakesIn(undefined, fields), problem: null }
  const errorHandler = keepWords(site)

  app.get<{ Params: { prayer: string } }>('/prayers/:prayer', (request, reply) => {
    const page = prayerPage(readerOf(site, request), request.params.prayer)
    return reply.show('prayers/prayer', found(page))
  })

  app.get('/prayers/new', (_request, reply) =>
    reply.show('prayers/ask', { words: wordsIn({}, site), ...nothingWrong }),
  )

  app.post('/prayers/new', (request, reply) =>
    reply.show('prayers/ask', { words: wordsIn(sentBy(request), site), ...nothingWrong }),
  )

  app.post('/prayers/preview', { errorHandler }, (request, reply) => {
    const { request: words, forWhom = '' } = parsed(prayerWords, sentBy(request))
    const { cache, reader, now } = readerOf(site, request)
    return reply.show('prayers/preview', {
      words: { ...wordsIn(sentBy(request), site), request: words, forWhom },
      author: reader.name,
      people: countKnown(cache, reader.member),
      team: holderNames(cache, 'team', now, reader.member),
    })
  })

  app.post('/prayers', { config: { limit: 'post' }, errorHandler }, async (request, reply) => {
    const { prayer } = await perform(site.record, postPrayer, request.actor, sentBy(request))
    return reply.redirect(`/prayers/${prayer}`, 303)
  })

  // Whoever presses "enter" in the address bar after a form was sent lands where they can go on.
  app.get('/prayers', (_request, reply) => reply.redirect('/', 302))
  app.get('/prayers/preview', (_request, reply) => reply.redirect('/prayers/new', 302))
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { seeAuthor } from '../../commands/author-lookups.ts'
import { perform } from '../../commands/command.ts'
import { keepOthersApart, rejoinOthers } from '../../commands/separations.ts'
import { othersApart, shownAuthor } from '../../queries/profiles.ts'
import { found } from '../addresses.ts'
import { allowed } from '../allowed.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

interface OfPrayer {
  Params: { prayer: string }
}

/** What moderators do for others: keep two apart, and find out who asked without a name when they have to. */
export function moderationRoutes(app: FastifyInstance, site: Site) {
  app.get('/admin/apart', (request, reply) => showApart(undefined, request, reply))

  app.post('/admin/apart', { errorHandler: keepNames }, async (request, reply) => {
    const moderator = allowed(site, request, 'keepOthersApart')
    await perform(site.record, keepOthersApart, moderator, sentBy(request))
    return reply.redirect('/admin/apart', 303)
  })

  app.post('/admin/apart/rejoin', async (request, reply) => {
    await perform(site.record, rejoinOthers, allowed(site, request, 'rejoinOthers'), sentBy(request))
    return reply.redirect('/admin/apart', 303)
  })

  app.get<OfPrayer>('/prayers/:prayer/author', (request, reply) => showAuthor(undefined, request, reply))

  app.post<OfPrayer>('/prayers/:prayer/author', { errorHandler: keepReason }, async (request, reply) => {
    const raw = { ...sentBy(request), ...request.params }
    const { prayer } = await perform(site.record, seeAuthor, allowed(site, request, 'seeAuthor'), raw)
    return reply.redirect(`/prayers/${prayer}/author`, 303)
  })

  function showApart(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const moderator = allowed(site, request, 'keepOthersApart')
    const sent = sentBy(request)
    return reply.show('people/others-apart', {
      pairs: othersApart(site.cache(), moderator.member),
      names: { one: text(sent, 'one'), other: text(sent, 'other') },
      mistakes: mistakesIn(error, ['one', 'other']),
    })
  }

  function showAuthor(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    allowed(site, request, 'seeAuthor')
    const { prayer } = request.params
    const { author } = found(shownAuthor(readerOf(site, request), prayer))
    const reason = text(sentBy(request), 'reason')
    return reply.show('prayers/author', { prayer, author, reason, mistakes: mistakesIn(error, ['reason']) })
  }

  function keepNames(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    return showApart(error, request, reply.code(status))
  }

  function keepReason(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    return showAuthor(error, request, reply.code(status))
  }
}

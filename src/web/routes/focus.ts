import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { moveInFocus, placeInFocus, takeFromFocus } from '../../commands/focus.ts'
import { focusForm, focusPage } from '../../queries/focus-pages.ts'
import { found } from '../addresses.ts'
import { allowed } from '../allowed.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import type { OfPrayer } from '../request-forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** What moderators ask the whole community to pray for now. */
export function focusRoutes(app: FastifyInstance, site: Site) {
  app.get('/admin/focus', (request, reply) => {
    allowed(site, request, 'placeInFocus')
    return reply.show('focus/list', focusPage(readerOf(site, request)))
  })

  app.post('/admin/focus/moves', async (request, reply) => {
    await perform(site.record, moveInFocus, allowed(site, request, 'moveInFocus'), sentBy(request))
    return reply.redirect('/admin/focus', 303)
  })

  app.post('/admin/focus/ends', async (request, reply) => {
    await perform(site.record, takeFromFocus, allowed(site, request, 'takeFromFocus'), sentBy(request))
    return reply.redirect('/admin/focus', 303)
  })

  app.get<OfPrayer>('/prayers/:prayer/focus', (request, reply) => showForm(undefined, request, reply))

  app.post<OfPrayer>('/prayers/:prayer/focus', { errorHandler: keepDay }, async (request, reply) => {
    const raw = { ...sentBy(request), ...request.params }
    await perform(site.record, placeInFocus, allowed(site, request, 'placeInFocus'), raw)
    return reply.redirect('/admin/focus', 303)
  })

  function showForm(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    allowed(site, request, 'placeInFocus')
    const form = found(focusForm(readerOf(site, request), request.params.prayer))
    const mistakes = mistakesIn(error, ['until'])
    const sent = text(sentBy(request), 'until')
    return reply.show('focus/place', {
      ...form,
      until: error === undefined ? form.until : sent,
      mistakes,
      problem: error === undefined || mistakes.until !== null ? null : problemOf(error).sentence,
    })
  }

  function keepDay(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    return showForm(error, request, reply.code(status))
  }
}

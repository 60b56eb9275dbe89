import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { byInviteOnly, decideApplication, sendApplication, tooMany } from '../../commands/applications.ts'
import { perform } from '../../commands/command.ts'
import { momentOf } from '../../kernel/moment.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { digest } from '../../kernel/stamp.ts'
import { applicationState, applicationsPage, countWaiting, mostWaiting } from '../../queries/applications.ts'
import { settingsOf } from '../../queries/settings.ts'
import { answeredIn, keepAnswer } from '../answers.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import type { Site } from '../site.ts'

interface OfToken {
  Params: { token: string }
}

/** Asking to join, for whoever knows nobody here. */
export function applyRoutes(app: FastifyInstance, site: Site) {
  app.get('/apply', (request, reply) => {
    if ('member' in request.actor) return reply.redirect('/', 302)
    if (!settingsOf(site.cache()).applications) throw new Refusal('not-found', byInviteOnly)
    const isFull = countWaiting(site.cache()) >= mostWaiting
    return showForm(request, reply, isFull ? new Refusal('too-soon', tooMany) : undefined)
  })

  app.post(
    '/apply',
    { config: { limit: 'application' }, errorHandler: keepWords },
    async (request, reply) => {
      const sent = sentBy(request)
      requirePerson(sent)
      const { token } = await perform(site.record, sendApplication, request.actor, sent)
      return reply.redirect(`/apply/${token}`, 303)
    },
  )

  app.get<OfToken>('/apply/:token', ({ params: { token } }, reply) => {
    const { baseUrl } = site.config
    const link = { token: digest(token), url: `${baseUrl}/apply/${token}`, claim: `/claim/${token}` }
    const state = applicationState(site.cache(), site.keyring, link, momentOf(site.source.now()))
    if (!state) throw new Refusal('gone', 'This link does not work. Check that all of it was copied.')
    return reply.show('applications/state', state)
  })

  function showForm(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    const sent = sentBy(request)
    const mistakes = mistakesIn(error, ['name', 'why', 'contact', 'person'])
    const isByField = Object.values(mistakes).some((mistake) => mistake !== null)
    return reply.show('applications/apply', {
      ...{ name: text(sent, 'name'), why: text(sent, 'why'), contact: text(sent, 'contact') },
      isDoubted: isDoubted(sent),
      mistakes,
      problem: error instanceof Refusal && !isByField ? error.message : null,
    })
  }

  /** Nobody writes an application twice: whatever goes wrong, the words stay in the form. */
  function keepWords(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    if (!(error instanceof Refusal) || !kept.has(error.reason)) throw error
    reply.code(problemOf(error).status)
    return showForm(request, reply, error)
  }
}

/** Admins read who asks to join, and answer. */
export function applicationRoutes(app: FastifyInstance, site: Site) {
  app.get('/admin/applications', (request, reply) => show(request, reply))

  app.post<{ Params: { application: string } }>(
    '/admin/applications/:application',
    { errorHandler: keepAnswer(show) },
    async (request, reply) => {
      const raw = { ...sentBy(request), ...request.params }
      await perform(site.record, decideApplication, request.actor, raw)
      return reply.redirect('/admin/applications', 303)
    },
  )

  function show(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    const page = applicationsPage(site.cache(), site.keyring, momentOf(site.source.now()))
    return reply.show('applications/list', { ...page, answered: answeredIn(request, 'application', error) })
  }
}

const kept = new Set<Refusal['reason']>(['invalid', 'conflict', 'too-soon', 'read-only', 'unknown-outcome'])

/**
 * A field that nobody sees, for programs that fill in every field. Some browsers and helpers of people do that, too, so
 * whoever wrote something there is asked a question instead, and nothing is dropped in silence.
 */
const isDoubted = (sent: ReturnType<typeof sentBy>) => text(sent, 'website') !== '' || 'person' in sent

function requirePerson(sent: ReturnType<typeof sentBy>) {
  if (!isDoubted(sent)) return
  if (!/^\s*(5|five)\s*\.?\s*$/i.test(text(sent, 'person')))
    throw invalid('person', 'Answer this one question more, so that we know that a person wrote this.')
}

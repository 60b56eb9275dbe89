import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { signOut } from '../../commands/sessions.ts'
import { invalid } from '../../kernel/refusal.ts'
import { sentBy, text } from '../forms.ts'
import { pathOfPasted } from '../links.ts'
import { onwardAt, onwardIn } from '../onward.ts'
import { dropSession, memberOf } from '../session.ts'
import type { Site } from '../site.ts'
import { keepWays, showWays } from '../ways.ts'
import { showLoginLink } from './login-links.ts'
import { waysInFor } from './ways-in.ts'

/** Coming in and going out. */
export function sessionRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: { next?: unknown } }>('/sign-in', (request, reply) => {
    if ('member' in request.actor) return reply.redirect('/', 302)
    return showWays(request, reply, undefined, onwardAt(request.query.next))
  })

  app.get<{ Querystring: { next?: unknown } }>('/sign-in/again', (request, reply) => {
    memberOf(request)
    return showWays(request, reply, undefined, onwardAt(request.query.next))
  })

  app.post('/sign-in', { config: { limit: 'signIn' }, errorHandler: keepWays }, (request, reply) => {
    const sent = sentBy(request)
    const path = pathOfPasted(text(sent, 'link'))
    if (path === undefined) throw invalid('link', notALink)
    const onward = onwardIn(sent)
    const [, token] = /^\/sign-in\/(.+)$/.exec(path) ?? []
    if (token === undefined || onward.next === '') return reply.redirect(path, 303)
    return showLoginLink(site, reply, token, onward)
  })

  app.get('/sign-out', (request, reply) => {
    // Whoever waits has the button on their page.
    if (request.actor.is === 'waiting') return reply.redirect('/', 302)
    return reply.show('sessions/sign-out', waysInFor(site, memberOf(request).member))
  })

  app.post('/sign-out', async ({ actor }, reply) => {
    // First of all this browser forgets, whether or not that can be written down.
    // Not "cookies": that would sign people out of every other site under the same domain.
    dropSession(site, reply).header('clear-site-data', '"cache", "storage"')
    await perform(site.record, signOut, actor, {})
    return reply.redirect('/', 303)
  })
}

const notALink = 'This does not look like a sign-in link. Paste all of it, from https to the end.'

import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { signOut } from '../../commands/sessions.ts'
import { isMember } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { signOutPage } from '../../queries/sessions.ts'
import { sentBy, text } from '../forms.ts'
import { pathOfPasted } from '../links.ts'
import { dropSession, memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Coming in and going out. */
export function sessionRoutes(app: FastifyInstance, site: Site) {
  app.get('/sign-in', ({ actor }, reply) => {
    if (isMember(actor)) return reply.redirect('/', 302)
    return reply.show('sessions/sign-in', { link: '', mistakes: { link: null } })
  })

  app.post('/sign-in', { config: { limit: 'signIn' } }, (request, reply) => {
    const link = text(sentBy(request), 'link')
    const path = pathOfPasted(link)
    if (path !== undefined) return reply.redirect(path, 303)
    return reply.code(422).show('sessions/sign-in', { link, mistakes: { link: notALink } })
  })

  app.get('/sign-out', (request, reply) => {
    const page = signOutPage(site.cache(), memberOf(request), momentOf(site.source.now()))
    return reply.show('sessions/sign-out', page)
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

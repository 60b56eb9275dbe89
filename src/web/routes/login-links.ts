import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { openLoginLink } from '../../commands/links.ts'
import { signInByLink } from '../../commands/sessions.ts'
import { momentOf } from '../../kernel/moment.ts'
import { digest } from '../../kernel/stamp.ts'
import { loginLinkByToken } from '../../queries/login-links.ts'
import { keepSession } from '../session.ts'
import type { Site } from '../site.ts'

interface OfToken {
  Params: { token: string }
}

/** Coming back with a login link. Looking at it never uses it up. */
export function loginLinkRoutes(app: FastifyInstance, site: Site) {
  const config = { limit: 'signIn' } as const

  app.get<OfToken>('/sign-in/:token', { config }, ({ params: { token } }, reply) => {
    const link = loginLinkByToken(site.cache(), digest(token), momentOf(site.source.now()))
    const { name } = openLoginLink(link)
    return reply.show('login-links/use', { token, name })
  })

  app.post<OfToken>('/sign-in/:token', { config }, async ({ actor, params }, reply) => {
    keepSession(site, reply, await perform(site.record, signInByLink, actor, params))
    return reply.redirect('/', 303)
  })
}

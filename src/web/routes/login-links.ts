import type { FastifyInstance, FastifyReply } from 'fastify'
import { openLoginLink } from '../../commands/links.ts'
import { signInByLink } from '../../commands/sessions.ts'
import { isMember } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { digest } from '../../kernel/stamp.ts'
import { loginLinkByToken } from '../../queries/login-links.ts'
import type { Onward } from '../../queries/pages/ways-in.ts'
import { nowhere } from '../onward.ts'
import type { Site } from '../site.ts'
import { comesBack } from '../ways.ts'

interface OfToken {
  Params: { token: string }
}

/** Coming back with a login link. Looking at it never uses it up. */
export function loginLinkRoutes(app: FastifyInstance, site: Site) {
  const config = { limit: 'signIn' } as const

  app.get<OfToken>('/sign-in/:token', { config }, ({ params }, reply) =>
    showLoginLink(site, reply, params.token),
  )

  app.post<OfToken>('/sign-in/:token', { config }, (request, reply) =>
    comesBack(site, [request, reply], signInByLink, request.params),
  )
}

/** Whom this link lets in, and one button; the refusal that says why not. `onward` is of whoever pasted it on their way. */
export function showLoginLink(site: Site, reply: FastifyReply, token: string, onward?: Onward) {
  const link = loginLinkByToken(site.cache(), digest(token), momentOf(site.source.now()))
  const { name } = openLoginLink(link)
  const isAgain = onward !== undefined && isMember(reply.request.actor)
  return reply.show('login-links/use', { token, name, onward: onward ?? nowhere, isAgain })
}

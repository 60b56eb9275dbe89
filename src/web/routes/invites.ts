import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { openInvite } from '../../commands/links.ts'
import { claimInvite } from '../../commands/members.ts'
import { isMember } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { digest } from '../../kernel/stamp.ts'
import { claimPage, inviteByToken } from '../../queries/invites.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { passingOf } from '../passing.ts'
import { problemOf } from '../problems.ts'
import { browserOf, nameBrowser, signIn } from '../session.ts'
import type { Site } from '../site.ts'
import { browserOfDevice, isInsideApp, isPreviewer } from '../visitors.ts'
import { deviceIn } from '../ways.ts'

interface OfToken {
  Params: { token: string }
  Querystring: { anyway?: unknown }
}

/** Joining with an invite. Looking at it never uses it up. */
export function inviteRoutes(app: FastifyInstance, site: Site) {
  const linkOf = (token: string) => `${site.config.baseUrl}/claim/${token}`
  const inviteOf = (token: string) => inviteByToken(site.cache(), digest(token), momentOf(site.source.now()))

  const config = { limit: 'claim' } as const

  app.get<OfToken>('/claim/:token', { config }, (request, reply) => {
    const { token } = request.params
    const agent = request.headers['user-agent'] ?? ''
    // Neither of these tells whether the link opens anything: it may be shown to a whole chat.
    if (isPreviewer(agent)) return reply.show('invites/preview', {})
    if (isInsideApp(agent) && request.query.anyway !== 'yes')
      return reply.show('invites/elsewhere', { url: linkOf(token), browser: browserOfDevice(agent) })
    if ('member' in request.actor) {
      const isOpen = inviteOf(token)?.state === 'open'
      return reply.show('invites/for-others', { passing: isOpen ? passingOf(linkOf(token)) : null })
    }
    if (!browserOf(site, request)) nameBrowser(site, reply)
    return showClaim(request, reply)
  })

  app.post<OfToken>('/claim/:token', { config, errorHandler: keepName }, async (request, reply) => {
    const sent = sentBy(request)
    // A browser without cookies is known by the key that its form holds, when it sends the same claim again.
    const browser = browserOf(site, request) ?? (text(sent, 'key') ? undefined : nameBrowser(site, reply))
    const raw = { ...sent, ...request.params, browser, device: deviceIn(request) }
    const claimed = await perform(site.record, claimInvite, request.actor, raw)
    if (claimed.alreadyHere) return reply.redirect('/', 303)
    signIn(site, reply, claimed)
    return reply.redirect(isMember(request.actor) ? '/me/way-back' : '/', 303)
  })

  function showClaim(request: FastifyRequest<OfToken>, reply: FastifyReply, error?: unknown) {
    const { token } = request.params
    const invite = openInvite(inviteOf(token))
    return reply.show('invites/claim', {
      ...claimPage(site.cache(), site.keyring, invite, momentOf(site.source.now())),
      token,
      name: text(sentBy(request), 'name'),
      mistakes: mistakesIn(error, ['name', 'rules']),
    })
  }

  /** A name that will not do is asked for again. */
  function keepName(error: unknown, request: FastifyRequest<OfToken>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    reply.code(status)
    return showClaim(request, reply, error)
  }
}

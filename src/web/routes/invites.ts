import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { openInvite } from '../../commands/links.ts'
import { claimInvite } from '../../commands/members.ts'
import { isMember } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { digest } from '../../kernel/stamp.ts'
import { inviteByToken } from '../../queries/invites.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import { browserOf, keepSession, nameBrowser } from '../session.ts'
import type { Site } from '../site.ts'
import { deviceIn } from '../ways.ts'

interface OfToken {
  Params: { token: string }
}

/** Joining with an invite. Looking at it never uses it up. */
export function inviteRoutes(app: FastifyInstance, site: Site) {
  app.get<OfToken>('/claim/:token', (request, reply) => {
    if (isMember(request.actor)) return reply.show('message', alreadyHere)
    if (!browserOf(site, request)) nameBrowser(site, reply)
    return showClaim(request, reply)
  })

  app.post<OfToken>('/claim/:token', { errorHandler: keepName }, async (request, reply) => {
    const sent = sentBy(request)
    // A browser without cookies is known by the key that its form holds, when it sends the same claim again.
    const browser = browserOf(site, request) ?? (text(sent, 'key') ? undefined : nameBrowser(site, reply))
    const raw = { ...sent, ...request.params, browser, device: deviceIn(request) }
    const claimed = await perform(site.record, claimInvite, request.actor, raw)
    if (!claimed.alreadyHere) keepSession(site, reply, claimed)
    return reply.redirect('/', 303)
  })

  function showClaim(request: FastifyRequest<OfToken>, reply: FastifyReply, error?: unknown) {
    const { token } = request.params
    const found = inviteByToken(site.cache(), digest(token), momentOf(site.source.now()))
    const { invitedBy, makesAdmin } = openInvite(found)
    const mistakes = mistakesIn(error, ['name'])
    return reply.show('invites/claim', {
      invitedBy,
      makesAdmin,
      token,
      name: text(sentBy(request), 'name'),
      mistakes,
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

const alreadyHere = {
  heading: 'You already belong here',
  sentence: 'You are signed in, so this invitation is still free for somebody else.',
  way: { words: 'Go to the prayers', href: '/' },
}

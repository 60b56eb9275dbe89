import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { inviteSomebody, issueInvite, revokeInvite } from '../../commands/invites.ts'
import { isAdmin } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { digest } from '../../kernel/stamp.ts'
import { inviteByToken } from '../../queries/invites.ts'
import { myInvites } from '../../queries/my-invites.ts'
import { found } from '../addresses.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { passingOf } from '../passing.ts'
import { problemOf } from '../problems.ts'
import { adminOf, memberOf, readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Inviting people: one at a time, and for admins several. */
export function myInviteRoutes(app: FastifyInstance, site: Site) {
  const config = { limit: 'invite' } as const

  app.get('/invites', (request, reply) => showMine(request, reply))

  app.post('/invites', { config, errorHandler: keepNote(showMine) }, async (request, reply) => {
    const { token } = await perform(site.record, inviteSomebody, request.actor, sentBy(request))
    return reply.redirect(`/invites/made/${token}`, 303)
  })

  // Whoever made the link has it in this address, and in no other place: the site keeps only its digest.
  app.get<{ Params: { token: string } }>('/invites/made/:token', (request, reply) => {
    const { token } = request.params
    const invite = inviteByToken(site.cache(), digest(token), momentOf(site.source.now()))
    const isTheirs = invite?.issuedBy === memberOf(request).member && invite.application === null
    const { until, seats } = found(isTheirs && invite.state === 'open' ? invite : undefined)
    const passing = passingOf(`${site.config.baseUrl}/claim/${token}`)
    return reply.show('invites/made', { passing, until, seats })
  })

  app.post<{ Params: { invite: string } }>('/invites/:invite/revocation', async (request, reply) => {
    await perform(site.record, revokeInvite, request.actor, request.params)
    return reply.redirect('/invites', 303)
  })

  app.get('/invites/several', (request, reply) => {
    adminOf(request)
    return showSeveral(request, reply)
  })

  app.post('/invites/several', { config, errorHandler: keepNote(showSeveral) }, async (request, reply) => {
    adminOf(request)
    const { seats, days, asksAdmin, note, key } = sentBy(request)
    const raw = { seats, days, asksAdmin, note, key }
    const { token } = await perform(site.record, issueInvite, request.actor, raw)
    return reply.redirect(`/invites/made/${token}`, 303)
  })

  function showMine(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    return reply.show('invites/mine', {
      ...myInvites(readerOf(site, request)),
      mayInviteSeveral: isAdmin(request.actor),
      note: text(sentBy(request), 'note'),
      mistakes: mistakesIn(error, ['note']),
    })
  }

  function showSeveral(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    const sent = sentBy(request)
    return reply.show('invites/several', {
      seats: text(sent, 'seats'),
      days: text(sent, 'days') || '30',
      asksAdmin: text(sent, 'asksAdmin') !== 'no',
      note: text(sent, 'note'),
      mistakes: mistakesIn(error, ['seats', 'days', 'asksAdmin', 'note']),
    })
  }

  /** What is not right is asked for again, and the words stay. */
  function keepNote(show: (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<string>) {
    return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { status } = problemOf(error)
      if (status !== 422) throw error
      reply.code(status)
      return show(request, reply, error)
    }
  }
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { pauseInviting, resumeInviting } from '../../commands/inviting.ts'
import { admitMember, declineMember } from '../../commands/newcomers.ts'
import { newcomersPage } from '../../queries/newcomers.ts'
import { answeredIn, isYes, keepAnswer } from '../answers.ts'
import { sentBy, text } from '../forms.ts'
import type { Site } from '../site.ts'

interface OfMember {
  Params: { member: string }
}

/** Admins say yes or no to whoever has come, and may pause somebody's inviting. */
export function newcomerRoutes(app: FastifyInstance, site: Site) {
  app.get('/admin/newcomers', (request, reply) => show(request, reply))

  app.post<OfMember>(
    '/admin/newcomers/:member',
    { errorHandler: keepAnswer(show) },
    async (request, reply) => {
      const raw = { ...sentBy(request), ...request.params }
      await perform(site.record, isYes(request) ? admitMember : declineMember, request.actor, raw)
      return reply.redirect('/admin/newcomers', 303)
    },
  )

  app.post<OfMember>('/admin/people/:member/inviting', async (request, reply) => {
    const { member } = request.params
    const isPause = text(sentBy(request), 'inviting') === 'pause'
    await perform(site.record, isPause ? pauseInviting : resumeInviting, request.actor, { member })
    return reply.redirect(`/people/tree?at=${member}`, 303)
  })

  function show(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    const answered = answeredIn(request, 'member', error)
    return reply.show('newcomers/list', { ...newcomersPage(site.cache()), answered })
  }
}

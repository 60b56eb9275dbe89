import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { revokeLoginLink } from '../../commands/administration.ts'
import { type Command, perform } from '../../commands/command.ts'
import { revokeInvite } from '../../commands/invites.ts'
import { grantRole, revokeRole } from '../../commands/roles.ts'
import { closeAllSessions, closeSessionsOf } from '../../commands/signing-out.ts'
import { deactivateMember, reactivateMember } from '../../commands/standing.ts'
import type { Member } from '../../kernel/actor.ts'
import { momentOf } from '../../kernel/moment.ts'
import { adminLinks } from '../../queries/admin/links.ts'
import { adminHub, adminPeople, adminPerson } from '../../queries/admin/people.ts'
import { found, placeIn } from '../addresses.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import { adminOf } from '../session.ts'
import type { Site } from '../site.ts'

interface OfMember {
  Params: { member: string }
}

interface Listed {
  Querystring: { q?: unknown; role?: unknown; standing?: unknown; before?: unknown }
}

/** Who is here, what they may do, and what anybody could come in by. */
export function administrationRoutes(app: FastifyInstance, site: Site) {
  const now = () => momentOf(site.source.now())

  app.get('/admin', (_request, reply) => reply.show('admin/hub', adminHub(site.cache(), now())))

  app.get<Listed>('/admin/people', ({ query }, reply) =>
    reply.show(
      'admin/people',
      adminPeople(site.cache(), query, { before: placeIn(query.before), now: now() }),
    ),
  )

  app.get<OfMember>('/admin/people/:member', (request, reply) => showPerson(request, reply))

  /** What is done to somebody leads back to them; what is refused says so there. */
  const does = <Input, Result>(path: string, command: Command<Member, Input, Result>) =>
    app.post<OfMember>(
      `/admin/people/:member/${path}`,
      { errorHandler: keepPerson },
      async (request, reply) => {
        const { member } = request.params
        const { role, until } = sentBy(request)
        await perform(site.record, command, request.actor, { member, role, until })
        return reply.redirect(`/admin/people/${member}`, 303)
      },
    )

  does('roles', grantRole)
  does('roles/end', revokeRole)
  does('deactivate', deactivateMember)
  does('reactivate', reactivateMember)
  does('sign-out', closeSessionsOf)

  linkRoutes(app, site)

  function showPerson(request: FastifyRequest<OfMember>, reply: FastifyReply, error?: unknown) {
    const { member: me } = adminOf(request)
    const person = found(adminPerson(site.cache(), request.params.member, { me, now: now() }))
    const sent = sentBy(request)
    const mistakes = mistakesIn(error, ['role', 'until'])
    const isByField = Object.values(mistakes).some((mistake) => mistake !== null)
    const problem = error === undefined || isByField ? null : problemOf(error).sentence
    const form = { role: text(sent, 'role'), until: text(sent, 'until') }
    return reply.show('admin/person', { ...person, mistakes, problem, sent: form })
  }

  function keepPerson(error: unknown, request: FastifyRequest<OfMember>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    reply.code(status)
    return showPerson(request, reply, error)
  }
}

/** Everything that is open, and an end to it. */
function linkRoutes(app: FastifyInstance, site: Site) {
  app.get<Listed>('/admin/links', ({ query }, reply) =>
    reply.show('admin/links', adminLinks(site.cache(), query.before, momentOf(site.source.now()))),
  )

  app.post<{ Params: { invite: string } }>('/admin/links/invites/:invite/revoke', async (request, reply) => {
    await perform(site.record, revokeInvite, request.actor, request.params)
    return reply.redirect('/admin/links', 303)
  })

  app.post<{ Params: { link: string } }>('/admin/links/logins/:link/revoke', async (request, reply) => {
    await perform(site.record, revokeLoginLink, request.actor, request.params)
    return reply.redirect('/admin/links', 303)
  })

  app.get('/admin/sign-everyone-out', (_request, reply) => reply.show('admin/sign-out', {}))

  app.post('/admin/sign-everyone-out', async (request, reply) => {
    await perform(site.record, closeAllSessions, request.actor, {})
    return reply.redirect('/admin', 303)
  })
}

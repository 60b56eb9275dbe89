import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { issueLoginLink } from '../../commands/login-links.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import type { Site } from '../site.ts'

/** An admin makes a way back in for somebody who has lost theirs. */
export function linkForSomebodyRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: { name?: unknown } }>('/admin/login-links', ({ query: { name } }, reply) =>
    reply.show('sign-ins/link-for-somebody', {
      name: typeof name === 'string' ? name.slice(0, 100) : '',
      mistakes: { name: null },
      made: null,
    }),
  )

  app.post('/admin/login-links', { errorHandler: keepName }, async (request, reply) => {
    const link = await perform(site.record, issueLoginLink, request.actor, sentBy(request))
    const url = `${site.config.baseUrl}/sign-in/${link.token}`
    const made = { url, name: link.name, until: link.expiresAt }
    return reply.show('sign-ins/link-for-somebody', { name: '', mistakes: { name: null }, made })
  })
}

function keepName(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const { status } = problemOf(error)
  if (status !== 422) throw error
  reply.code(status)
  const name = text(sentBy(request), 'name')
  return reply.show('sign-ins/link-for-somebody', { name, mistakes: mistakesIn(error, ['name']), made: null })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { giveLabel, takeLabel } from '../../commands/labels.ts'
import { keepApart, rejoin } from '../../commands/separations.ts'
import { directory } from '../../queries/directory.ts'
import { memberKnownTo } from '../../queries/members.ts'
import { profile } from '../../queries/profiles.ts'
import { found, placeIn } from '../addresses.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import { memberOf, readerOf } from '../session.ts'
import type { Site } from '../site.ts'

interface OfMember {
  Params: { member: string }
}

/** Who is here, and each of them as others may know them. */
export function peopleRoutes(app: FastifyInstance, site: Site) {
  const config = { limit: 'change' } as const

  app.get<{ Querystring: { q?: unknown; after?: unknown } }>('/people', (request, reply) => {
    const { q, after } = request.query
    return reply.show('people/directory', directory(readerOf(site, request), { q, after }))
  })

  app.get<OfMember & { Querystring: { before?: unknown } }>('/people/:member', (request, reply) => {
    const page = profile(readerOf(site, request), request.params.member, placeIn(request.query.before))
    return reply.show('people/profile', found(page))
  })

  app.get<OfMember>('/people/:member/apart', (request, reply) => {
    const { cache, reader } = readerOf(site, request)
    const { id, name } = found(memberKnownTo(cache, reader.member, request.params.member))
    return reply.show('people/keep-apart', { id: found(id === reader.member ? undefined : id), name })
  })

  app.post<OfMember>('/people/:member/apart', { config }, async (request, reply) => {
    await perform(site.record, keepApart, memberOf(request), request.params)
    return reply.redirect('/me/apart', 303)
  })

  app.post<OfMember>('/people/:member/rejoin', { config }, async (request, reply) => {
    await perform(site.record, rejoin, memberOf(request), request.params)
    return reply.redirect('/me/apart', 303)
  })

  app.post<OfMember>('/people/:member/labels', { errorHandler: keepLabel }, async (request, reply) => {
    const raw = { ...sentBy(request), ...request.params }
    const { member } = await perform(site.record, giveLabel, memberOf(request), raw)
    return reply.redirect(`/people/${member}`, 303)
  })

  app.post<{ Params: { member: string; label: string } }>(
    '/people/:member/labels/:label/take',
    async (request, reply) => {
      const { member } = await perform(site.record, takeLabel, memberOf(request), request.params)
      return reply.redirect(`/people/${member}`, 303)
    },
  )

  /** A label that will not do is asked for again. */
  function keepLabel(error: unknown, request: FastifyRequest<OfMember>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    const sent = sentBy(request)
    const typed = {
      label: { words: text(sent, 'words'), symbol: text(sent, 'symbol') },
      mistakes: mistakesIn(error, ['words', 'symbol']),
    }
    const page = profile(readerOf(site, request), request.params.member, undefined, typed)
    return reply.code(status).show('people/profile', found(page))
  }
}

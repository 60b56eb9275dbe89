import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { momentOf } from '../../kernel/moment.ts'
import type { WaysInForm } from '../../queries/pages/ways-in.ts'
import { waysInOf } from '../../queries/ways-in.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'
import { deviceIn } from '../ways.ts'

/** How a member can come back: what they have, and what they could make. */
export function waysInRoutes(app: FastifyInstance, site: Site) {
  app.get('/me/ways-in', (request, reply) => showWaysIn(site, request, reply))
  app.get('/me/way-back', (request, reply) => reply.show('ways-in/first', formFor(site, request)))
}

/** The page of all that lets this member in; `error` is what was wrong with a passkey that they wanted to add. */
export const showWaysIn = (site: Site, request: FastifyRequest, reply: FastifyReply, error?: unknown) =>
  reply.show('ways-in/list', formFor(site, request, error))

/** How this member can come back to this site. */
export const waysInFor = (site: Site, member: string) =>
  waysInOf(site.cache(), member, momentOf(site.source.now()))

function formFor(site: Site, request: FastifyRequest, error?: unknown): WaysInForm {
  const { member } = memberOf(request)
  return {
    ...waysInFor(site, member),
    newName: text(sentBy(request), 'name') || (deviceIn(request) ?? '').slice(0, 60),
    mistakes: mistakesIn(error, ['name', 'passkey']),
  }
}

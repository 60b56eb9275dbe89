import type { FastifyInstance } from 'fastify'
import { isAdmin } from '../../kernel/actor.ts'
import { idPattern } from '../../kernel/ids.ts'
import { treePage } from '../../queries/tree.ts'
import { found, placeIn } from '../addresses.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Who came through whom, a branch at a time. */
export function treeRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: { at?: unknown; after?: unknown } }>('/people/tree', (request, reply) => {
    const reader = memberOf(request)
    const place = { at: memberIn(request.query.at), after: placeIn(request.query.after) }
    const page = found(treePage(site.cache(), reader, place))
    return reply.show('tree/branch', { ...page, mayPause: isAdmin(reader) })
  })
}

const isId = idPattern('member')

function memberIn(given: unknown): string | undefined {
  if (given === undefined) return undefined
  return found(typeof given === 'string' && isId.test(given) ? given : undefined)
}

import type { FastifyRequest } from 'fastify'
import type { Member } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import { type Act, mayTry, permitted } from '../kernel/permissions.ts'
import { found } from './addresses.ts'
import { memberOf } from './session.ts'
import type { Site } from './site.ts'

/**
 * The member who asks for a page about something that only some may do. For those who may not there is nothing here, as at any
 * address that leads nowhere; whose sign-in is too old shows first that it is they.
 */
export function allowed(site: Site, request: FastifyRequest, act: Act): Member {
  const member = found(mayTry(memberOf(request), act) ? memberOf(request) : undefined)
  permitted(member, act, momentOf(site.source.now()))
  return member
}

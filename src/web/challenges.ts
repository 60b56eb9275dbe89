import { createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { minutes } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { newKey } from './keys.ts'
import { attributes, cookieNames } from './session.ts'
import type { Site } from './site.ts'

/*
 * What a passkey has to sign: each challenge is for one browser, which holds its cookie, for one purpose, for five minutes,
 * and for one try. Only those that were used are remembered, so nobody can fill the memory by asking.
 */

const life = 5 * minutes

export interface Challenges {
  /** A new one for this browser. */
  give(reply: FastifyReply, purpose: string): string
  /** The one that this browser was given for this purpose; asked once more there is none. Throws a Refusal. */
  take(request: FastifyRequest, reply: FastifyReply, purpose: string): string
}

export function challengesOf(site: Site): Challenges {
  const secret = site.source.bytes(32)
  const { challenge: cookie } = cookieNames(site)
  const used = new Map<string, number>()
  const challengeOf = (held: string, purpose: string) =>
    createHmac('sha256', secret).update(`${purpose}\n${held}`).digest('base64url')
  return {
    give(reply, purpose) {
      const held = `${site.source.now() + life}.${newKey(site.source)}`
      reply.setCookie(cookie, held, { ...attributes(site), sameSite: 'strict', maxAge: life / 1000 })
      return challengeOf(held, purpose)
    },
    take(request, reply, purpose) {
      const held = request.cookies[cookie] ?? ''
      reply.clearCookie(cookie, attributes(site))
      const until = Number(/^(\d{1,15})\.[A-Za-z0-9_-]{22}$/.exec(held)?.[1] ?? 0)
      const now = site.source.now()
      // Whoever makes one up could have it remembered for ever.
      if (until <= now || until > now + life || used.has(held))
        throw new Refusal('invalid', tooLate, { passkey: tooLate })
      for (const [other, end] of used) if (end <= now) used.delete(other)
      used.set(held, until)
      return challengeOf(held, purpose)
    },
  }
}

const tooLate = 'That took too long, or was sent before. Try once more.'

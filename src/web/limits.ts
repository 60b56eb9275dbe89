import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isMember } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Site } from './site.ts'
import { wait } from './words.ts'

/** Generous enough for a whole congregation behind one address, and for nobody's script. */
const perMinute = 1200

type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Refuses who asks too often. Counts by member where there is one, else by address: a made-up cookie is nobody. */
export async function limiter(app: FastifyInstance, { config }: Site): Promise<Limit | undefined> {
  if (config.rateLimits === 'off') {
    app.log.warn('RATE_LIMITS=off: anybody can ask as often as they like')
    return undefined
  }
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: ({ actor, ip }: FastifyRequest) => (isMember(actor) ? actor.session : normalizeIP(ip)),
    addHeadersOnExceeding: none,
    addHeaders: none,
    errorResponseBuilder: (_request, { ttl }) =>
      new Refusal('too-soon', `That was a lot at once. Come back in ${wait(Math.ceil(ttl / 1000))}.`),
  })
  const limit = app.rateLimit()
  return async (request, reply) => void (await limit.call(app, request, reply))
}

const none = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { days, hours, minutes } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { networkOf } from './network.ts'
import type { Site } from './site.ts'
import { type Allowance, tally } from './tally.ts'
import { wait } from './words.ts'

interface Limit extends Allowance {
  /**
   * `done`: what was saved. `failed`: what was refused, so that a hall full of people behind one address comes in
   * unhindered while nobody there guesses.
   */
  readonly counts: 'done' | 'failed'
}

/** How often one member may do what costs others something; where nobody is signed in, how often one address may. */
export const limits = {
  signIn: { most: 10, within: 1 * hours, counts: 'failed' },
  /** Each drives an older one out of memory when there are ten thousand. */
  number: { most: 60, within: 1 * hours, counts: 'done' },
  /** Names that are taken are refused, too, and a hall has many Marys. */
  claim: { most: 60, within: 1 * hours, counts: 'failed' },
  application: { most: 3, within: 1 * days, counts: 'done' },
  invite: { most: 20, within: 1 * days, counts: 'done' },
  /** Twice as often as the script of the form keeps it. */
  draft: { most: 720, within: 1 * hours, counts: 'done' },
  post: { most: 20, within: 1 * hours, counts: 'done' },
  /** What somebody says and chooses about themselves and their requests: each is a record, kept for good. */
  change: { most: 60, within: 1 * hours, counts: 'done' },
  mark: { most: 600, within: 1 * hours, counts: 'done' },
} as const satisfies Readonly<Record<string, Limit>>

export type LimitName = keyof typeof limits

/** Generous enough for a whole congregation behind one address, and for nobody's script. */
const everything: Allowance = { most: 1200, within: 1 * minutes }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answers are counted: too many, and it is refused for a while. */
    limit?: LimitName
  }
  interface FastifyInstance {
    /** Counts a failure that its answer does not show, because nobody is to see it. */
    countFailure(request: FastifyRequest, name: LimitName): void
  }
}

/** Answers what every request passes: it throws a Refusal for whoever asks too often. */
export function addLimits(app: FastifyInstance, { config, source }: Site) {
  if (config.rateLimits === 'off') {
    app.log.warn('RATE_LIMITS=off: anybody can ask as often as they like')
    app.decorate('countFailure', () => {})
    return undefined
  }
  const all = tally(everything)
  const named = Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, tally(limit)]))
  const tallyOf = (name: LimitName) => named[name] as ReturnType<typeof tally>
  const counted = new WeakSet<FastifyRequest>()

  // When the form has been read: a request for prayer that has to wait comes back with its words.
  app.addHook('preHandler', (request, reply, done) => {
    const { limit } = request.routeOptions.config
    if (limit === undefined) return done()
    refuse(tallyOf(limit).wait(whoAsks(request), source.now()), reply)
    if (limits[limit].counts === 'done') tallyOf(limit).count(whoAsks(request), source.now())
    counted.add(request)
    done()
  })

  app.addHook('onSend', (request, reply, _page, done) => {
    const { limit } = request.routeOptions.config
    if (limit !== undefined && counted.has(request)) {
      const isDone = reply.statusCode < 400
      // What was to be done was counted when it began, so that many at once are not too many; and it was not done.
      if (limits[limit].counts === 'done' && !isDone) tallyOf(limit).count(whoAsks(request), source.now(), -1)
      if (limits[limit].counts === 'failed' && !isDone && reply.statusCode < 500)
        tallyOf(limit).count(whoAsks(request), source.now())
    }
    done()
  })

  app.decorate('countFailure', (request: FastifyRequest, name: LimitName) =>
    tallyOf(name).count(whoAsks(request), source.now()),
  )

  return (request: FastifyRequest, reply: FastifyReply) => {
    const who = whoAsks(request)
    refuse(all.wait(who, source.now()), reply)
    all.count(who, source.now())
  }
}

function refuse(milliseconds: number, reply: FastifyReply) {
  if (milliseconds <= 0) return
  const seconds = Math.ceil(milliseconds / 1000)
  reply.header('retry-after', String(seconds))
  throw new Refusal('too-soon', `That was a lot at once. Come back in ${wait(seconds)}.`)
}

const asking = new WeakMap<FastifyRequest, string>()

/** By member where there is one, else by network: a made-up cookie is nobody. The same for the whole of a request. */
function whoAsks(request: FastifyRequest): string {
  const known = asking.get(request)
  if (known !== undefined) return known
  const { actor, ip } = request
  const who = 'member' in actor ? actor.member : networkOf(ip)
  asking.set(request, who)
  return who
}

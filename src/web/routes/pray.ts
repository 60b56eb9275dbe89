import type { FastifyInstance, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { markPrayer } from '../../commands/marks.ts'
import { Refusal, type RefusalReason } from '../../kernel/refusal.ts'
import { peoplePrayedFor, prayerTimeLengths, roundFor, stepAt } from '../../queries/prayer-time.ts'
import { found } from '../addresses.ts'
import { sentBy } from '../forms.ts'
import { forgetStep, rememberedStep, rememberStep, stepAddress, stepIn } from '../rounds.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

interface OfStep {
  Params: { round: string; place: string }
}

/** Prayer time: one request at a time, in an order that is fixed when it begins. */
export function prayRoutes(app: FastifyInstance, site: Site) {
  app.get('/pray', (request, reply) => {
    const step = rememberedStep(site, request)
    const left = step && {
      href: stepAddress(step.round, step.place),
      place: step.place,
      of: step.round.order.length,
    }
    return reply.show('pray/choose', { lengths: prayerTimeLengths, left: left ?? null })
  })

  app.get<{ Querystring: { requests?: unknown } }>('/pray/begin', (request, reply) => {
    const requests = found(prayerTimeLengths.find((length) => String(length) === request.query.requests))
    const round = roundFor(readerOf(site, request), requests)
    if (round.order.length === 0) return reply.show('pray/rest', { people: 0, isEmpty: true })
    return reply.redirect(stepAddress(round, 1), 303)
  })

  app.get<OfStep>('/pray/:round/:place', (request, reply) => {
    const { round, place: from } = stepOf(request)
    const reading = readerOf(site, request)
    const step = stepAt(reading, round, from)
    if (!step) {
      forgetStep(site, reply)
      return reply.show('pray/rest', { people: peoplePrayedFor(reading, round), isEmpty: false })
    }
    const { card, place } = step
    const href = stepAddress(round, place)
    rememberStep(site, request, reply, href)
    return reply.show('pray/step', {
      ...{ card, place, href },
      of: round.order.length,
      next: stepAddress(round, place + 1),
    })
  })

  app.post<OfStep>('/pray/:round/:place', { config: { limit: 'mark' } }, async (request, reply) => {
    const { round, place } = stepOf(request)
    await prays(request)
    return reply.redirect(stepAddress(round, place + 1), 303)
  })

  /** What they have just prayed for, what is no longer there, and that somebody has died, keeps nobody from going on. */
  async function prays(request: FastifyRequest<OfStep>) {
    try {
      await perform(site.record, markPrayer, request.actor, sentBy(request))
    } catch (error) {
      if (!(error instanceof Refusal && passedOver.has(error.reason))) throw error
    }
  }
}

const passedOver: ReadonlySet<RefusalReason> = new Set(['too-soon', 'not-found', 'forbidden'])

const stepOf = ({ params: { round, place } }: FastifyRequest<OfStep>) =>
  found(stepIn(`/pray/${round}/${place}`))

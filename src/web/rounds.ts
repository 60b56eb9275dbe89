import type { FastifyReply, FastifyRequest } from 'fastify'
import { days, millisecondsOf, momentOf } from '../kernel/moment.ts'
import type { Round } from '../queries/prayer-time.ts'
import { attributes, cookieNames, memberOf } from './session.ts'
import type { Site } from './site.ts'

/*
 * Prayer time lives in its address, /pray/<when it began>-<request>-<request>…/<place>, each number in base 36: nothing about
 * it is written down. A cookie remembers the address, so that whoever leaves can go on.
 */

export interface RoundPlace {
  readonly round: Round
  readonly place: number
}

/** The address of one step. */
export const stepAddress = ({ begun, order }: Round, place: number) =>
  `/pray/${[millisecondsOf(begun), ...order].map((number) => number.toString(36)).join('-')}/${place}`

const address = /^\/pray\/([0-9a-z]{1,9}(?:-[0-9a-z]{1,10}){1,20})\/([1-9]\d?)$/

/** What an address of a step says; undefined when it is none. */
export function stepIn(path: string): RoundPlace | undefined {
  const [, numbers, place] = address.exec(path) ?? []
  if (numbers === undefined) return undefined
  const [begun = 0, ...order] = numbers.split('-').map((number) => Number.parseInt(number, 36))
  if (new Set(order).size < order.length) return undefined
  return { round: { begun: momentOf(begun), order }, place: Number(place) }
}

/** Remembers in this browser where somebody is, for as long as they are signed in and at most a day. */
export const rememberStep = (site: Site, request: FastifyRequest, reply: FastifyReply, path: string) =>
  reply.setCookie(cookieNames(site).pray, `${memberOf(request).session}${path}`, {
    ...attributes(site),
    maxAge: days / 1000,
  })

export const forgetStep = (site: Site, reply: FastifyReply) =>
  reply.clearCookie(cookieNames(site).pray, attributes(site))

/** Where this person left off at this browser. */
export function rememberedStep(site: Site, request: FastifyRequest): RoundPlace | undefined {
  const { session } = memberOf(request)
  const kept = request.cookies[cookieNames(site).pray]
  return kept?.startsWith(`${session}/`) ? stepIn(kept.slice(session.length)) : undefined
}

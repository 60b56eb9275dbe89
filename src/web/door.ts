import type { FastifyReply, FastifyRequest } from 'fastify'
import { days, type Moment, minutes, momentOf } from '../kernel/moment.ts'
import { type Briefly, briefly } from './briefly.ts'
import { type Codes, codes } from './codes.ts'
import { newKey } from './keys.ts'
import { attributes, cookieNames } from './session.ts'
import type { Site } from './site.ts'

/*
 * The door, where browsers wait to be let in. All that their page shows of who asked, and when, comes from their own cookie: so
 * it is the same whether or not anybody is called so.
 */

export interface Door {
  /** By the digest of what a waiting browser holds. */
  readonly codes: Codes<true>
  /** By member: the browsers whose asking was too much to be written down. */
  readonly unwritten: Briefly<readonly string[]>
}

export const openDoor = ({ source }: Site): Door => ({
  codes: codes(source),
  unwritten: briefly(source, 1 * days),
})

/** A browser that waits at the door. */
export interface Waiting {
  /** What it alone knows; the archive has its digest. */
  readonly token: string
  readonly name: string
  readonly askedAt: Moment
}

/** Has this browser wait as whoever it says. */
export function waitAtDoor(site: Site, reply: FastifyReply, name: string): Waiting {
  const now = site.source.now()
  const token = newKey(site.source)
  const words = `${token}.${now}.${encodeURIComponent(name)}`
  reply.setCookie(cookieNames(site).door, words, { ...attributes(site), maxAge: days / 1000 })
  return { token, name, askedAt: momentOf(now) }
}

/** The browser that asks, when it waits and its day is not over. */
export function atTheDoor(site: Site, request: FastifyRequest): Waiting | undefined {
  const given = request.cookies[cookieNames(site).door] ?? ''
  const [, token, asked, name] = /^([\w-]{22})\.(\d{13})\.(.+)$/.exec(given) ?? []
  if (token === undefined || name === undefined) return undefined
  const [askedAt, now] = [Number(asked), site.source.now()]
  if (askedAt > now || askedAt + days <= now) return undefined
  return { token, name: decoded(name), askedAt: momentOf(askedAt) }
}

export const leaveDoor = (site: Site, reply: FastifyReply) =>
  reply.clearCookie(cookieNames(site).door, attributes(site))

/** Gives this browser what it is known by while it waits for a letter. */
export function waitForMail(site: Site, reply: FastifyReply): string {
  const token = newKey(site.source)
  reply.setCookie(cookieNames(site).mail, token, { ...attributes(site), maxAge: (30 * minutes) / 1000 })
  return token
}

export function mailToken(site: Site, request: FastifyRequest): string | undefined {
  const given = request.cookies[cookieNames(site).mail] ?? ''
  return /^[\w-]{22}$/.test(given) ? given : undefined
}

/** Its person may have played with it: then it is as they left it. */
function decoded(name: string) {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../commands/command.ts'
import { type OpenedCookie, rekeySession, renewedUntil, renewSession } from '../commands/sessions.ts'
import { type Actor, isAdmin, isMember, type Member, visitor } from '../kernel/actor.ts'
import { days, momentOf } from '../kernel/moment.ts'
import { permitted } from '../kernel/permissions.ts'
import { Refusal } from '../kernel/refusal.ts'
import { digest } from '../kernel/stamp.ts'
import type { Reader } from '../queries/cards.ts'
import { type OpenSession, sessionByToken } from '../queries/sessions.ts'
import { found } from './addresses.ts'
import { newKey } from './keys.ts'
import type { Site } from './site.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Looked up once, when somebody wants to know. */
    readonly actor: Actor
    /** The open session of its cookie; null when there is none, undefined until it was looked up. */
    openSession: OpenSession | null | undefined
  }
}

/** Gives every request its actor, from the session cookie. */
export function addSessions(app: FastifyInstance, site: Site) {
  app.decorateRequest('openSession', undefined)
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      if (this.openSession === undefined) this.openSession = sessionOf(this, site)
      return this.openSession?.actor ?? visitor
    },
  })
}

/** The member who asks, or the refusal that becomes the sign-in page. */
export function memberOf(request: FastifyRequest): Member {
  const { actor } = request
  if (isMember(actor)) return actor
  if (actor.is === 'waiting')
    throw new Refusal('forbidden', 'An admin has to say yes before you can do that.')
  throw new Refusal('sign-in', 'Sign in to go on.')
}

/** The member who asks, as queries about requests want them. */
export const readerOf = (site: Site, request: FastifyRequest): Reader => ({
  cache: site.cache(),
  keyring: site.keyring,
  reader: memberOf(request),
  now: momentOf(site.source.now()),
})

/** The admin who asks; for everyone else there is nothing here, as at any address that leads nowhere. */
export function adminOf(request: FastifyRequest): Member {
  const member = memberOf(request)
  return found(isAdmin(member) ? member : undefined)
}

/**
 * The admin who asks and has shown lately that it is they. While nothing can be saved nobody can show it, and that is when
 * the recovery pages are needed.
 */
export function administratorOf(site: Site, request: FastifyRequest): Member {
  const admin = adminOf(request)
  if (!site.state().writable) return admin
  return permitted(admin, 'seeAdministration', momentOf(site.source.now()))
}

/** Signs this browser in, from this very answer on. */
export function signIn(site: Site, reply: FastifyReply, opened: OpenedCookie) {
  keepSession(site, reply, opened)
  reply.request.openSession =
    sessionByToken(site.cache(), digest(opened.cookie), momentOf(site.source.now())) ?? null
}

/** Has this browser keep its session; where others use it, too, only until it is closed. */
export const keepSession = (site: Site, reply: FastifyReply, { cookie, until, isShared }: OpenedCookie) =>
  reply.setCookie(cookieNames(site).session, cookie, {
    ...attributes(site),
    ...(!isShared && { expires: new Date(until) }),
  })

/** Signs this browser out, and forgets that it ever claimed an invite, and what it has seen: the next person at it is somebody else. */
export function dropSession(site: Site, reply: FastifyReply) {
  const { session, browser, looked, pray } = cookieNames(site)
  reply.request.openSession = null
  for (const name of [session, browser, looked, pray]) reply.clearCookie(name, attributes(site))
  return reply
}

/** The digest of the token in this browser's session cookie, whether or not that opens anything. */
export function tokenIn(site: Site, request: FastifyRequest): string | undefined {
  const token = request.cookies?.[cookieNames(site).session]
  return token !== undefined && tokenPattern.test(token) ? digest(token) : undefined
}

/** What this browser was given to be known by, if it was. */
export function browserOf(site: Site, request: FastifyRequest): string | undefined {
  const token = request.cookies[cookieNames(site).browser]
  return token !== undefined && tokenPattern.test(token) ? token : undefined
}

/** Gives this browser something to be known by while it claims an invite. */
export function nameBrowser(site: Site, reply: FastifyReply): string {
  const token = newKey(site.source)
  reply.setCookie(cookieNames(site).browser, token, { ...attributes(site), maxAge: days / 1000 })
  return token
}

/** A session in use lives on: at most once a week, and never in the way of the page that was asked for. */
export function renew(site: Site, request: FastifyRequest, reply: FastifyReply) {
  if (!isMember(request.actor) || !request.openSession) return
  const until = renewedUntil(request.openSession, momentOf(site.source.now()))
  if (until === undefined || !site.state().writable) return
  const cookie = request.cookies[cookieNames(site).session]
  if (cookie) keepSession(site, reply, { cookie, until, isShared: false })
  perform(site.record, renewSession, request.actor, {}).catch((error: unknown) =>
    request.log.warn({ err: error }, 'a session was not renewed'),
  )
}

/** Gives this browser another token when the rights of its member have changed since it got the one it has. */
export async function rekey(site: Site, request: FastifyRequest, reply: FastifyReply) {
  const fresh = await perform(site.record, rekeySession, request.actor, {})
  if (fresh) keepSession(site, reply, fresh)
}

/** Whether there is anything to do for `rekey`. */
export const needsToken = (site: Site, request: FastifyRequest) =>
  request.actor.is !== 'visitor' && request.openSession?.needsToken === true && site.state().writable

const tokenPattern = /^[A-Za-z0-9_-]{22}$/

/** Under https the names have the prefix that ties them to this host. */
export function cookieNames({ config }: Site) {
  const ours = isSecure(config) ? '__Host-thywill' : 'thywill'
  return {
    session: ours,
    browser: `${ours}-browser`,
    challenge: `${ours}-challenge`,
    door: `${ours}-door`,
    mail: `${ours}-mail`,
    looked: `${ours}-looked`,
    pray: `${ours}-pray`,
  }
}

/** What each of our cookies is. */
export const attributes = ({ config }: Site) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: isSecure(config),
})

const isSecure = (config: Site['config']) => config.baseUrl.startsWith('https:')

function sessionOf(request: FastifyRequest, site: Site): OpenSession | null {
  const token = tokenIn(site, request)
  return token ? (sessionByToken(site.cache(), token, momentOf(site.source.now())) ?? null) : null
}

import * as z from 'zod'
import { days, hours, later, type Moment } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { digest, type Stamp } from '../kernel/stamp.ts'
import { loginLinkByToken } from '../queries/login-links.ts'
import { standingOf } from '../queries/members.ts'
import { type OpenSession, sessionById } from '../queries/sessions.ts'
import { loginLinkUsed } from '../records/login-links.ts'
import {
  sessionClosed,
  sessionOpened,
  sessionRekeyed,
  sessionRenewed,
  type WayIn,
} from '../records/sessions.ts'
import { command, type Deciding, type Decision, optional } from './command.ts'
import { openLoginLink } from './links.ts'

const idle = 90 * days
const longest = 365 * days
const renewal = 7 * days
const shared = 12 * hours

/** What every form by which somebody comes in says besides; the device is what the web takes it to be. */
export const arriving = z.object({
  device: z.string().max(200).optional(),
  /** Others use this device, too. */
  shared: optional(z.literal('yes', 'Say whether others use this device, too.')),
  /** They are signed in, and show once more that it is they. */
  again: optional(z.literal('yes')),
})

/** How somebody comes in. */
export interface Arrival extends z.infer<typeof arriving> {
  readonly how: WayIn
  /** When they proved who they are, if not now. */
  readonly proved?: Moment | undefined
}

/** Comes in by a login link, which is used up by it. Whoever is signed in on this browser is signed out. */
export const signInByLink = command({
  name: 'signInByLink',
  input: arriving.extend({ token: z.string('This link does not work.') }),
  decide(asked, { token, ...arrival }) {
    const { id, member } = openLoginLink(loginLinkByToken(asked.cache, digest(token), asked.stamp.time))
    const { closed, session } = comeIn(asked, member, { ...arrival, how: 'link' })
    const used = loginLinkUsed.of({ by: member, link: id })
    return { drafts: [...closed, used, session.draft], result: session.opened }
  },
})

/** Closes the session one is in; whoever is in none is signed out already. */
export const signOut = command({
  name: 'signOut',
  input: z.object({}),
  decide: ({ actor }) => ({
    drafts: 'member' in actor ? [sessionClosed.of({ by: actor.member, session: actor.session })] : [],
    result: {},
  }),
})

/** A session in use lives on; at most once a week, so that reading hardly writes. */
export const renewSession = command({
  name: 'renewSession',
  input: z.object({}),
  decide({ cache, actor, stamp }) {
    const session = sessionById(cache, actor.session, stamp.time)
    const until = session && renewedUntil(session, stamp.time)
    if (until === undefined) return { drafts: [], result: {} }
    return { drafts: [sessionRenewed.of({ by: actor.member, session: actor.session, until })], result: {} }
  },
})

/** Another token for a session whose member has been given or has lost a right; nothing when it has one already. */
export const rekeySession = command({
  name: 'rekeySession',
  input: z.object({}),
  decide({ cache, actor, stamp }): Decision<OpenedCookie | null> {
    const session = sessionById(cache, actor.session, stamp.time)
    if (!session?.needsToken) return { drafts: [], result: null }
    const cookie = stamp.token()
    const { token: oldToken, until, isShared } = session
    const rekeyed = { by: actor.member, session: actor.session, token: digest(cookie), oldToken }
    return { drafts: [sessionRekeyed.of(rekeyed)], result: { cookie, until, isShared } }
  },
})

/** What a browser is to keep. */
export interface OpenedCookie {
  readonly cookie: string
  readonly until: Moment
  readonly isShared: boolean
}

/**
 * Until when a session lives that is in use now: 90 days more, a year after it was opened at most. Undefined when there is
 * nothing to write down: it was renewed within a week, or others use its device, too.
 */
export function renewedUntil(session: OpenSession, now: Moment): Moment | undefined {
  if (session.isShared || later(session.renewedAt, renewal) > now) return undefined
  const [until, end] = [later(now, idle), later(session.openedAt, longest)]
  return until < end ? until : end
}

/** What every way in comes to: a new session, and an end to the one that this browser had. */
export function comeIn({ cache, actor, stamp }: Deciding, member: string, arrival: Arrival) {
  const standing = standingOf(cache, member)
  if (standing === 'deactivated' || standing === 'declined') throw new Refusal('forbidden', notHere[standing])
  const before = 'session' in actor ? actor : undefined
  if (arrival.again && before && before.member !== member)
    throw new Refusal('forbidden', `That is somebody else's. You are signed in as ${before.name}.`)
  const wasShared = arrival.again && before && sessionById(cache, before.session, stamp.time)?.isShared
  return {
    closed: before ? [sessionClosed.of({ by: before.member, session: before.session })] : [],
    session: openSession(stamp, member, wasShared ? { ...arrival, shared: 'yes' } : arrival),
  }
}

/** Said only to whoever has proved who they are. */
const notHere = {
  deactivated: 'Your place here is paused. Speak with whoever looks after this site.',
  declined: 'You were not let in here. Speak with whoever invited you.',
} as const

/** A new session for this member: its record, and what the browser is to keep. */
export function openSession(stamp: Stamp, member: string, arrival: Arrival) {
  const session = stamp.id('session')
  const cookie = stamp.token()
  const isShared = arrival.shared === 'yes'
  const until = later(stamp.time, isShared ? shared : idle)
  const { how, device, proved } = arrival
  return {
    draft: sessionOpened.of({
      ...{ by: member, session, token: digest(cookie), until, how, proved, device },
      shared: isShared || undefined,
    }),
    opened: { cookie, until, isShared, member, session },
  }
}

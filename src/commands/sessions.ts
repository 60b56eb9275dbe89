import { z } from 'zod'
import { days, later, type Moment } from '../kernel/moment.ts'
import { digest, type Stamp } from '../kernel/stamp.ts'
import { loginLinkByToken } from '../queries/login-links.ts'
import { sessionById } from '../queries/sessions.ts'
import { loginLinkUsed } from '../records/login-links.ts'
import { sessionClosed, sessionOpened, sessionRekeyed, sessionRenewed } from '../records/sessions.ts'
import { command, type Decision } from './command.ts'
import { openLoginLink } from './links.ts'

const idle = 90 * days
const renewal = 7 * days

/** Comes in by a login link, which is used up by it. Whoever is signed in on this browser is signed out. */
export const signInByLink = command({
  name: 'signInByLink',
  input: z.object({ token: z.string('This link does not work.') }),
  decide({ cache, actor, stamp }, { token }) {
    const { id, member } = openLoginLink(loginLinkByToken(cache, digest(token), stamp.time))
    const session = openSession(stamp, member)
    return {
      drafts: [
        ...('member' in actor ? [sessionClosed.of({ by: actor.member, session: actor.session })] : []),
        loginLinkUsed.of({ by: member, link: id }),
        session.draft,
      ],
      result: session.opened,
    }
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
    if (session && later(session.renewedAt, renewal) > stamp.time) {
      return { drafts: [], result: { until: session.until } }
    }
    const until = later(stamp.time, idle)
    return {
      drafts: [sessionRenewed.of({ by: actor.member, session: actor.session, until })],
      result: { until },
    }
  },
})

/** Another token for a session whose member has been given or has lost a right; nothing when it has one already. */
export const rekeySession = command({
  name: 'rekeySession',
  input: z.object({}),
  decide({ cache, actor, stamp }): Decision<{ readonly cookie: string; readonly until: Moment } | null> {
    const session = sessionById(cache, actor.session, stamp.time)
    if (!session?.needsToken) return { drafts: [], result: null }
    const cookie = stamp.token()
    const { token: oldToken, until } = session
    const rekeyed = { by: actor.member, session: actor.session, token: digest(cookie), oldToken }
    return { drafts: [sessionRekeyed.of(rekeyed)], result: { cookie, until } }
  },
})

/** A new session for this member: its record, and what the browser is to keep. */
export function openSession(stamp: Stamp, member: string) {
  const session = stamp.id('session')
  const cookie = stamp.token()
  const until = later(stamp.time, idle)
  return {
    draft: sessionOpened.of({ by: member, session, token: digest(cookie), until }),
    opened: { cookie, until, member, session },
  }
}

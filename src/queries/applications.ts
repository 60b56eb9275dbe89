import { and, asc, count, desc, eq, isNotNull, lte, or, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { days, earlier, later, type Moment } from '../kernel/moment.ts'
import { type applicationStates, applications } from '../records/applications.ts'
import { members } from '../records/members.ts'
import { inviteByToken } from './invites.ts'
import type { ApplicationState, Applications } from './pages/applications.ts'

/** So many applications may wait at a time. */
export const mostWaiting = 50

/** So long it may wait; then it lapses, or fifty that nobody answers would shut the door for good. */
export const openFor = 60 * days

/** So long after the decision its words are kept. */
export const keptFor = 30 * days

export type ApplicationField = 'name' | 'why' | 'contact'

/** Where the words of an application belong. */
export const wordOf = (application: string, field: ApplicationField) => ({
  kind: 'application.sent',
  field,
  id: application,
})
export const reasonOf = (application: string) => ({
  kind: 'application.declined',
  field: 'reason',
  id: application,
})

const byToken = prepared((db) =>
  db
    .select()
    .from(applications)
    .where(eq(applications.token, given('token')))
    .prepare(),
)

const byId = prepared((db) =>
  db
    .select({ id: applications.id, state: applications.state, token: applications.token })
    .from(applications)
    .where(eq(applications.id, given('id')))
    .prepare(),
)

const isOpen = sql`${applications.state} = 'open'`
const isDecided = sql`${applications.state} in ('approved', 'declined')`

const openOnes = prepared((db) =>
  db
    .select()
    .from(applications)
    .where(isOpen)
    .orderBy(asc(applications.sequence))
    .limit(atMost(mostWaiting))
    .prepare(),
)

const countOpen = prepared((db) => db.select({ waiting: count() }).from(applications).where(isOpen).prepare())

const decidedSince = prepared((db) =>
  db
    .select({
      id: applications.id,
      name: applications.name,
      state: sql<'approved' | 'declined'>`${applications.state}`,
      decidedAt: sql<Moment>`${applications.decidedAt}`,
      by: applications.decidedBy,
      decidedBy: members.name,
    })
    .from(applications)
    .leftJoin(members, eq(members.id, applications.decidedBy))
    .where(and(isDecided, sql`${applications.decidedAt} > ${given('since')}`))
    .orderBy(desc(applications.decidedAt))
    .limit(atMost(100))
    .prepare(),
)

const withWords = prepared((db) =>
  db
    .select()
    .from(applications)
    .where(
      and(
        isDecided,
        lte(applications.decidedAt, given('until')),
        or(
          isNotNull(applications.name),
          isNotNull(applications.why),
          isNotNull(applications.contact),
          isNotNull(applications.reason),
        ),
      ),
    )
    .orderBy(asc(applications.decidedAt))
    .prepare(),
)

/** The application whose link holds the token of this digest, to decide about it. */
export const applicationByToken = (cache: Reading, token: string) => byToken(cache).get({ token })

export const applicationById = (cache: Reading, id: string) => byId(cache).get({ id })

/** How many wait for an answer. */
export const countWaiting = (cache: Reading) => countOpen(cache).get()?.waiting ?? 0

/** What admins read: who waits, and what was decided as long as its words are kept. */
export function applicationsPage(
  cache: Reading,
  keyring: Keyring,
  now: Moment,
): Omit<Applications, 'answered'> {
  const opened = (id: string, field: ApplicationField, line: string | null) =>
    line === null ? null : (keyring.open(wordOf(id, field), line) ?? null)
  return {
    open: openOnes(cache)
      .all()
      .map(({ id, name, why, contact, sentAt }) => ({
        id,
        name: opened(id, 'name', name),
        why: opened(id, 'why', why),
        contact: opened(id, 'contact', contact),
        sentAt,
      })),
    decided: decidedSince(cache)
      .all({ since: earlier(now, keptFor) })
      .map(({ id, name, state, by, decidedAt, decidedBy }) => ({
        ...{ id, decidedAt, decidedBy },
        name: opened(id, 'name', name),
        answer: answerOf(state, by),
      })),
  }
}

/** What whoever asked reads; `link` is theirs. */
export function applicationState(
  cache: Reading,
  keyring: Keyring,
  link: { readonly token: string; readonly url: string; readonly claim: string },
  now: Moment,
): ApplicationState | undefined {
  const found = applicationByToken(cache, link.token)
  if (!found) return undefined
  const { id, sentAt, decidedAt, reason } = found
  const state = answerOf(found.state, found.decidedBy)
  // Whoever holds the link of the application holds that of the invite: they are one.
  const invite = state === 'approved' ? inviteByToken(cache, link.token, now) : undefined
  return {
    ...{ url: link.url, state, sentAt, decidedAt },
    reason: reason === null ? null : (keyring.open(reasonOf(id), reason) ?? null),
    invite: invite ? { state: invite.state, until: invite.until, href: link.claim } : null,
  }
}

/** A "no" that no person said: nobody answered in time. */
const answerOf = <State extends (typeof applicationStates)[number]>(state: State, by: string | null) =>
  state === 'declined' && by === 'schedule' ? 'lapsed' : state

/** Those that have waited for so long that they lapse. */
export const dueToLapse = (cache: Reading, now: Moment) =>
  openOnes(cache)
    .all()
    .filter(({ sentAt }) => sentAt <= earlier(now, openFor))

/** Up to when none was to lapse: the moment since which one should have, or now. */
export function lapsedUpTo(cache: Reading, now: Moment): Moment {
  const [first] = dueToLapse(cache, now)
  return first ? later(first.sentAt, openFor) : now
}

/** Those whose words have been kept for long enough, and which of them are still there. */
export const dueForErasure = (cache: Reading, now: Moment) =>
  withWords(cache).all({ until: earlier(now, keptFor) })

/** Up to when nothing was to be erased: the moment since which words have waited for it, or now. */
export function erasedUpTo(cache: Reading, now: Moment): Moment {
  const [first] = dueForErasure(cache, now)
  return first?.decidedAt ? later(first.decidedAt, keptFor) : now
}

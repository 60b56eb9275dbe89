import { and, count, desc, eq, gt, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { days, earlier, hours, type Moment } from '../kernel/moment.ts'
import { members } from '../records/members.ts'
import { signIns, vouchings } from '../records/sign-ins.ts'
import { mayMeet } from './may-see.ts'
import { standingOf } from './members.ts'
import type { Attempt, Attempts, Knock } from './pages/sign-ins.ts'
import { holdsAnyRole } from './roles.ts'
import { settingsOf } from './settings.ts'

/** How long somebody waits at the door. */
export const waitingTime = 1 * days

const fields = {
  id: signIns.id,
  member: signIns.member,
  browser: signIns.browser,
  askedAt: signIns.askedAt,
  until: signIns.until,
  device: signIns.device,
  state: signIns.state,
  decidedAt: signIns.decidedAt,
  decidedBy: signIns.decidedBy,
  provedAt: signIns.provedAt,
}

const byId = prepared((db) =>
  db
    .select(fields)
    .from(signIns)
    .where(eq(signIns.id, given('id')))
    .prepare(),
)

const byBrowser = prepared((db) =>
  db
    .select(fields)
    .from(signIns)
    .where(eq(signIns.browser, given('browser')))
    .orderBy(desc(signIns.askedAt))
    .limit(atMost(1))
    .prepare(),
)

const since = and(eq(signIns.member, given('member')), gt(signIns.askedAt, given('since')))

const undecided = prepared((db) =>
  db
    .select({ id: signIns.id, until: signIns.until, state: signIns.state, decidedBy: signIns.decidedBy })
    .from(signIns)
    .where(and(since, sql`${signIns.state} in ('asked', 'approved')`))
    .orderBy(desc(signIns.askedAt))
    .prepare(),
)

const undecidedOfAll = prepared((db) =>
  db
    .select({ id: signIns.id, member: signIns.member })
    .from(signIns)
    .where(and(gt(signIns.until, given('now')), sql`${signIns.state} in ('asked', 'approved')`))
    .prepare(),
)

const askedSince = prepared((db) => db.select({ times: count() }).from(signIns).where(since).prepare())

const latest = prepared((db) =>
  db
    .select({ ...fields, decider: members.name })
    .from(signIns)
    .leftJoin(members, eq(members.id, signIns.decidedBy))
    .where(eq(signIns.member, given('member')))
    .orderBy(desc(signIns.askedAt))
    .limit(atMost(20))
    .prepare(),
)

const vouchersOf = prepared((db) =>
  db
    .select({ member: vouchings.member })
    .from(vouchings)
    .innerJoin(members, eq(members.id, vouchings.member))
    .where(and(eq(vouchings.signIn, given('id')), sql`${members.standing} = 'here'`))
    .prepare(),
)

export type SignIn = NonNullable<ReturnType<ReturnType<typeof byId>['get']>>

export const signInById = (cache: Reading, id: string): SignIn | undefined => byId(cache).get({ id })

/** What the browser asked for that holds the token of this digest. */
export const signInByBrowser = (cache: Reading, browser: string): SignIn | undefined =>
  byBrowser(cache).get({ browser })

/** Whether it can still come to anything: nobody has ended it, it was not used, and its day is not over. */
export const isOpen = ({ state, until }: SignIn, now: Moment) =>
  (state === 'asked' || state === 'approved') && until > now

/** Those who vouched for it so far, and are still here. */
export const vouchersFor = (cache: Reading, id: string) =>
  vouchersOf(cache)
    .all({ id })
    .map(({ member }) => member)

/** Everything by which somebody could still come in as this member. Newest first. */
export const openSignIns = (cache: Reading, member: string, now: Moment) =>
  openRows(cache, member, now).map(({ id }) => id)

/** Everything by which somebody could still come in, as whomever. */
export const allOpenSignIns = (cache: Reading, now: Moment) => undecidedOfAll(cache).all({ now })

type Undecided = ReturnType<ReturnType<typeof undecided>['all']>

/** Of each member: every page of theirs asks. */
const undecidedLately = untilChanged(() => new Map<string, Undecided>())

function openRows(cache: Reading, member: string, now: Moment): Undecided {
  const known = undecidedLately(cache)
  const rows = known.get(member) ?? undecided(cache).all({ member, since: earlier(now, waitingTime) })
  known.set(member, rows)
  return rows.filter(({ until }) => until > now)
}

/** How often somebody has asked within the hour to come in as this member, as far as it was written down. */
export const askedWithinTheHour = (cache: Reading, member: string, now: Moment) =>
  askedSince(cache).get({ member, since: earlier(now, hours) })?.times ?? 0

/** Whether two members may let somebody in whose voice they know. */
export const isVouchingOn = (cache: Reading) => settingsOf(cache).vouching

/** Whether this member may say of somebody else's attempt that they know the voice. */
export function mayVouch(cache: Reading, voucher: string, member: string, now: Moment): boolean {
  return (
    isVouchingOn(cache) &&
    voucher !== member &&
    standingOf(cache, member) === 'here' &&
    !holdsAnyRole(cache, member, now) &&
    mayMeet(cache, voucher, member)
  )
}

/** What stands above every page while somebody wants to come in as this member; several are one. */
export function knockFor(cache: Reading, member: string, now: Moment): Knock | null {
  // What they have let in themselves they know of.
  const [first, ...more] = openRows(cache, member, now).filter(({ decidedBy }) => decidedBy !== member)
  if (!first) return null
  return more.length === 0
    ? { words: 'Somebody wants to come in as you. Was this you?', href: `/me/sign-ins/${first.id}` }
    : { words: 'Somebody has tried several times to come in as you. Was this you?', href: '/me/sign-ins' }
}

/** Each attempt to come in as this member by another device, newest first. */
export const attemptsOf = (cache: Reading, member: string, now: Moment): Omit<Attempts, 'mistakes'> => ({
  isVouching: isVouchingOn(cache),
  attempts: latest(cache)
    .all({ member })
    .map((one) => attempt(one, one.decider, now)),
})

/** One of them. */
export const attemptOf = (cache: Reading, member: string, id: string, now: Moment): Attempt | undefined => {
  const found = signInById(cache, id)
  return found?.member === member ? attempt(found, null, now) : undefined
}

function attempt(found: SignIn, decider: string | null, now: Moment): Attempt {
  const { id, askedAt, device, member, decidedBy } = found
  const isOver = !isOpen(found, now) && (found.state === 'asked' || found.state === 'approved')
  const state = isOver ? 'expired' : found.state
  return { id, askedAt, device, state, vouchedBy: decidedBy === member ? null : decider }
}

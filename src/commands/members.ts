import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import type { Member, Waiting } from '../kernel/actor.ts'
import { earlier, hours, type Moment } from '../kernel/moment.ts'
import { composedName, freeVariants, nameKey, nameProblem } from '../kernel/names.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { digest, type Stamp } from '../kernel/stamp.ts'
import type { Agreement } from '../queries/agreements.ts'
import { sessionsOf } from '../queries/devices.ts'
import { asksAdmin, claimOf, type FoundInvite, inviteByToken } from '../queries/invites.ts'
import { isOut, memberByName } from '../queries/members.ts'
import { isNameTaken } from '../queries/names.ts'
import { inviteClaimed } from '../records/invites.ts'
import { memberJoined } from '../records/members.ts'
import { roleGranted } from '../records/roles.ts'
import { rulesAccepted } from '../records/settings.ts'
import { agreedNow, shownAgreement } from './agreements.ts'
import { command, type Deciding, type Decision } from './command.ts'
import { clientKey } from './keys.ts'
import { closedInvite, openInvite } from './links.ts'
import { type Arrival, arriving, type OpenedCookie, openSession } from './sessions.ts'

/** What claiming an invite comes to: a session of the new member, or nothing for somebody who is here by it already. */
export type Claimed =
  | { readonly alreadyHere: true; readonly member: string }
  | ({ readonly alreadyHere: false; readonly member: string; readonly session: string } & OpenedCookie)

/** Joins by an invite. The same claim sent again, as browsers do, opens a session for whoever it made a member. */
export const claimInvite = command({
  name: 'claimInvite',
  input: arriving.omit({ again: true }).extend({
    token: z.string(closedInvite.unknown),
    /** What is far too long is not even looked at: composing it may take seconds. */
    name: z.string('Write the name that people here will see.').max(1_000, 'This is too long for a name.'),
    /** What this browser holds in a cookie. */
    browser: z.string().optional(),
    /** What this page holds in its form. */
    key: clientKey,
    ...shownAgreement.shape,
  }),
  decide(
    { cache, actor, stamp },
    { token, name: written, browser, key, rules, privacy, ...comes },
  ): Decision<Claimed> {
    const name = composedName(written)
    const arrival: Arrival = { ...comes, how: 'claim' }
    const proofs = proofsOf(browser, key)
    const found = inviteByToken(cache, digest(token), stamp.time)
    if (found && 'member' in actor) return alreadyHere(cache, actor, found)

    const claimant = found && sameClaimant(cache, { invite: found.id, name, proofs, now: stamp.time })
    if (claimant) return cameAgain(stamp, claimant, arrival)

    const invite = openInvite(found)
    requireFree(cache, name, stamp.time)
    const agreement = agreedNow(cache, { rules, privacy })
    const known = proofs[0] ?? digest(stamp.token())
    return joined({ cache, stamp }, { invite, name, agreement, browser: known, arrival })
  },
})

/** Whoever is called so, for a command about them. */
export function memberCalled(cache: Reading, name: string) {
  const member = memberByName(cache, name)
  if (!member) throw invalid('name', `Nobody here is called "${composedName(name)}".`)
  return { id: member.id, name: member.name ?? name }
}

/** Digests of what only this browser knows; what could be guessed proves nothing. */
const proofsOf = (...held: (string | undefined)[]) =>
  held.flatMap((secret) => (secret !== undefined && secret.length >= 22 ? [digest(secret)] : []))

function alreadyHere(cache: Reading, actor: Member | Waiting, invite: FoundInvite): Decision<Claimed> {
  if (claimOf(cache, actor.member)?.invite === invite.id) {
    return { drafts: [], result: { alreadyHere: true, member: actor.member } }
  }
  throw new Refusal(
    'forbidden',
    `You belong here already, as ${actor.name}. This invite is for somebody else.`,
  )
}

interface Claim {
  readonly invite: string
  readonly name: string
  readonly proofs: readonly string[]
  readonly now: Moment
}

/**
 * The member that this very claim made within the last hour, if it came from this browser, and nobody has signed it out
 * since: then the answer has come, and whoever is at it now is perhaps somebody else.
 */
function sameClaimant(cache: Reading, { invite, name, proofs, now }: Claim) {
  const member = memberByName(cache, name)?.id
  const claim = member === undefined ? undefined : claimOf(cache, member)
  const isSame =
    claim?.invite === invite && claim.claimedAt > earlier(now, hours) && proofs.includes(claim.browser)
  if (member === undefined || !isSame || isOut(cache, member)) return undefined
  return sessionsOf(cache, member, now).some(({ how }) => how === 'claim') ? member : undefined
}

function cameAgain(stamp: Stamp, member: string, arrival: Arrival): Decision<Claimed> {
  const session = openSession(stamp, member, arrival)
  return { drafts: [session.draft], result: { alreadyHere: false, ...session.opened } }
}

/** Throws when nobody may be called so, or somebody else is, or was until lately. */
export function requireFree(cache: Reading, name: string, now: Moment, member?: string) {
  const problem = nameProblem(name)
  if (problem !== undefined) throw invalid('name', problem)
  const isTaken = (key: string) => isNameTaken(cache, key, now, member)
  if (!isTaken(nameKey(name))) return
  const free = freeVariants(name, isTaken).join(', ')
  throw invalid('name', `Somebody here has that name, or one very like it. These are free: ${free}.`)
}

interface Joining {
  readonly invite: FoundInvite
  readonly name: string
  readonly agreement: Agreement
  /** What their browser is known by. */
  readonly browser: string
  readonly arrival: Arrival
}

/** Whoever issued the invite lets them in and makes them what it says; they claim it and come in by themselves. */
function joined(
  { cache, stamp }: Pick<Deciding, 'cache' | 'stamp'>,
  { invite, name, agreement, browser, arrival }: Joining,
): Decision<Claimed> {
  const { id, issuedBy, role } = invite
  const member = stamp.id('member')
  const session = openSession(stamp, member, arrival)
  return {
    drafts: [
      memberJoined.of({
        by: issuedBy,
        member,
        invite: id,
        invitedBy: issuedBy === 'operator' ? undefined : issuedBy,
        waits: asksAdmin(cache, invite, stamp.time) || undefined,
        name,
      }),
      ...(role ? [roleGranted.of({ by: issuedBy, member, role })] : []),
      inviteClaimed.of({ by: member, invite: id, member, browser }),
      rulesAccepted.of({ by: member, ...agreement }),
      session.draft,
    ],
    result: { alreadyHere: false, ...session.opened },
  }
}

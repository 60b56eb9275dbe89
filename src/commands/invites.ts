import * as z from 'zod'
import { type Actor, isMember, type Role, writtenBy } from '../kernel/actor.ts'
import { days, hours, later, type Moment } from '../kernel/moment.ts'
import { mayTry } from '../kernel/permissions.ts'
import { Refusal } from '../kernel/refusal.ts'
import { digest, keyOf, type Stamp, tokenOf } from '../kernel/stamp.ts'
import { inviteById, mostOpen, noteOf, openFirstLinks, openInvitesOf } from '../queries/invites.ts'
import { isPaused } from '../queries/members.ts'
import { hasAdmin } from '../queries/roles.ts'
import { inviteIssued, inviteRevoked } from '../records/invites.ts'
import { command, type Deciding, type Decision, optional } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { typed } from './words.ts'

/** What an invite's link is made of; the token is in nobody's hands but theirs who asked for it. */
export interface InviteLink {
  readonly invite: string
  readonly token: string
  readonly expiresAt: Moment
}

const noSuchInvite = 'There is no such invite.'

const digits = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)

/** A whole number: a command line and a form give digits. */
const whole = (least: number, most: number, sentence: string) =>
  z.union([z.number(), digits], sentence).pipe(z.int(sentence).min(least, sentence).max(most, sentence))

/** A few words to whoever gets the invite. */
const note = optional(typed(500, 'Write a few words, or leave this empty.'))

/** A member invites one person; the link is open for a week. */
export const inviteSomebody = command({
  name: 'inviteSomebody',
  input: z.object({ note, key: clientKey }),
  decide(asked, { note, key }) {
    const { cache, actor, stamp } = asked
    return once(asked, key, () => {
      if (openInvitesOf(cache, actor.member, stamp.time) >= mostOpen)
        throw new Refusal('forbidden', `You have ${mostOpen} invitations open. Take one back first.`)
      return { seats: 1, until: later(stamp.time, 7 * days), note }
    })
  },
})

/** A link for so many people, open for so long. Only the operator's can make admins. */
export const issueInvite = command({
  name: 'issueInvite',
  input: z.object({
    admin: z.boolean('Say true or false.').default(false),
    seats: whole(1, 500, 'An invite is for 1 to 500 people.').default(1),
    hours: whole(1, 8_760, 'An invite is open for 1 to 8,760 hours, which is a year.').default(168),
    days: whole(1, 365, 'An invite is open for 1 to 365 days.').optional(),
    asksAdmin: optional(z.enum(['yes', 'no'], 'Choose whether an admin says yes to each newcomer.')),
    note,
    key: clientKey,
  }),
  decide(asked, { admin, seats, hours: given, days: open, asksAdmin, note, key }) {
    const { actor, stamp } = asked
    if (admin && actor.is !== 'operator') {
      throw new Refusal('forbidden', 'Only whoever runs this site can make an admin.')
    }
    // A link that goes from hand to hand may reach anybody.
    const asks = asksAdmin === undefined ? isMember(actor) && seats > 1 : asksAdmin === 'yes'
    return once(asked, key, () => ({
      seats,
      until: later(stamp.time, open === undefined ? given * hours : open * days),
      role: admin ? 'admin' : undefined,
      asksAdmin: asks || undefined,
      note,
    }))
  },
})

/** Takes an invite back. Whoever has come by it stays. */
export const revokeInvite = command({
  name: 'revokeInvite',
  input: z.object({ invite: z.string(noSuchInvite) }),
  decide({ cache, actor }, { invite }) {
    const found = inviteById(cache, invite)
    const isTheirs = isMember(actor) && found?.issuedBy === actor.member
    if (!found || !(isTheirs || mayTry(actor, 'issueInvite'))) throw new Refusal('not-found', noSuchInvite)
    const drafts = found.revokedAt === null ? [inviteRevoked.of({ by: writtenBy(actor), invite })] : []
    return { drafts, result: { invite } }
  },
})

/** While nobody is an admin: a fresh link that makes the first one, and an end to those printed before it. */
export const openFirstLink = command({
  name: 'openFirstLink',
  input: z.object({}),
  decide({ cache, actor, stamp }): Decision<InviteLink | { readonly token: null }> {
    const revoked = openFirstLinks(cache, stamp.time).map((invite) =>
      inviteRevoked.of({ by: writtenBy(actor), invite }),
    )
    if (hasAdmin(cache, stamp.time)) return { drafts: revoked, result: { token: null } }

    const until = later(stamp.time, 7 * days)
    const { draft, link } = issue(stamp, actor, { seats: 1, until, role: 'admin', first: true })
    return { drafts: [...revoked, draft], result: link }
  },
})

interface Terms {
  readonly seats: number
  readonly until: Moment
  readonly role?: Role | undefined
  readonly first?: true
  readonly asksAdmin?: true | undefined
  readonly note?: string | undefined
}

/** What a form makes, once, however often it is sent: a second time it gets the link that it made. */
function once(
  { cache, actor, stamp }: Deciding,
  sent: string | undefined,
  termsOf: () => Terms,
): Decision<InviteLink> {
  const by = writtenBy(actor)
  const key = sent && keyOf(by, sent)
  const token = tokenOf(by, sent) ?? stamp.token()
  const known = doneBefore(cache, key, inviteIssued, (id) => inviteById(cache, id)?.token === digest(token))
  if (known) {
    const { until = stamp.time } = inviteById(cache, known) ?? {}
    return { drafts: [], result: { invite: known, token, expiresAt: until } }
  }

  if (isMember(actor) && isPaused(cache, actor.member))
    throw new Refusal('forbidden', 'You cannot invite anybody just now: an admin has paused it.')
  const { draft, link } = issue(stamp, actor, termsOf(), { token, key })
  return { drafts: [draft], result: link }
}

function issue(
  stamp: Stamp,
  actor: Actor,
  { note, ...terms }: Terms,
  { token, key }: { token: string; key?: string | undefined } = { token: stamp.token() },
) {
  const invite = stamp.id('invite')
  const link: InviteLink = { invite, token, expiresAt: terms.until }
  const draft = inviteIssued.of({
    ...{ by: writtenBy(actor), key, invite, token: digest(token), ...terms },
    note: note && stamp.seal(noteOf(invite), note),
  })
  return { draft, link }
}

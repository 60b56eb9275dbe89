import { z } from 'zod'
import { type Actor, isMember, type Role, writtenBy } from '../kernel/actor.ts'
import { days, hours, later, type Moment } from '../kernel/moment.ts'
import { mayTry } from '../kernel/permissions.ts'
import { Refusal } from '../kernel/refusal.ts'
import { digest, type Stamp } from '../kernel/stamp.ts'
import { inviteById, openFirstLinks } from '../queries/invites.ts'
import { hasAdmin } from '../queries/roles.ts'
import { inviteIssued, inviteRevoked } from '../records/invites.ts'
import { command, type Decision } from './command.ts'

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

/** A link for so many people, open for so many hours. Only the operator's can make admins. */
export const issueInvite = command({
  name: 'issueInvite',
  input: z.object({
    admin: z.boolean('Say true or false.').default(false),
    seats: whole(1, 500, 'An invite is for 1 to 500 people.').default(1),
    hours: whole(1, 8_760, 'An invite is open for 1 to 8,760 hours, which is a year.').default(168),
  }),
  decide({ actor, stamp }, { admin, seats, hours: open }) {
    if (admin && actor.is !== 'operator') {
      throw new Refusal('forbidden', 'Only whoever runs this site can make an admin.')
    }
    const { draft, link } = issue(stamp, actor, {
      seats,
      until: later(stamp.time, open * hours),
      role: admin ? 'admin' : undefined,
    })
    return { drafts: [draft], result: link }
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
}

function issue(stamp: Stamp, actor: Actor, terms: Terms) {
  const invite = stamp.id('invite')
  const token = stamp.token()
  const link: InviteLink = { invite, token, expiresAt: terms.until }
  return { draft: inviteIssued.of({ by: writtenBy(actor), invite, token: digest(token), ...terms }), link }
}

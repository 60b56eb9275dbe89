import * as z from 'zod'
import { isMember, writtenBy } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { openInviteIds } from '../queries/invites.ts'
import { openLoginLinks, openLoginLinksBy } from '../queries/login-links.ts'
import { standingOf } from '../queries/members.ts'
import { openSessionsOf } from '../queries/sessions.ts'
import { inviteRevoked } from '../records/invites.ts'
import { loginLinkRevoked } from '../records/login-links.ts'
import { memberDeactivated, memberReactivated } from '../records/members.ts'
import { sessionClosed } from '../records/sessions.ts'
import { command } from './command.ts'
import { requireAnotherAdmin } from './roles.ts'
import { endSignIns } from './sign-ins.ts'
import { meant, whom } from './whom.ts'

/**
 * Somebody is out: signed out everywhere, and all that they could come in with or let others in with is shut. Their
 * requests stay, and their roles are there again when they are.
 */
export const deactivateMember = command({
  name: 'deactivateMember',
  input: z.object(whom),
  decide({ cache, actor, stamp }, input) {
    const { id: member, name } = meant(cache, input)
    const result = { member, name }
    const standing = standingOf(cache, member)
    if (standing === 'deactivated') return { drafts: [], result }
    if (standing !== 'here') throw new Refusal('invalid', `${name} is not here, so there is nothing to shut.`)
    if (isMember(actor) && actor.member === member)
      throw new Refusal('invalid', 'You cannot shut yourself out. Ask another admin to do it.')
    requireAnotherAdmin(cache, member, stamp.time)
    const by = writtenBy(actor)
    const invites = openInviteIds(cache, member, stamp.time)
    const links = new Set([
      ...openLoginLinks(cache, member, stamp.time),
      ...openLoginLinksBy(cache, member, stamp.time),
    ])
    return {
      drafts: [
        memberDeactivated.of({ by, member }),
        ...openSessionsOf(cache, member, stamp.time).map((session) => sessionClosed.of({ by, session })),
        ...invites.map((invite) => inviteRevoked.of({ by, invite })),
        ...[...links].map((link) => loginLinkRevoked.of({ by, link })),
        ...endSignIns(cache, by, member, stamp.time),
      ],
      result,
    }
  },
})

/** Somebody is here again, with the roles they had; they come in by whatever way back they have, or by a new link. */
export const reactivateMember = command({
  name: 'reactivateMember',
  input: z.object(whom),
  decide({ cache, actor }, input) {
    const { id: member, name } = meant(cache, input)
    const isOut = standingOf(cache, member) === 'deactivated'
    const drafts = isOut ? [memberReactivated.of({ by: writtenBy(actor), member })] : []
    return { drafts, result: { member, name } }
  },
})

import { Refusal } from '../kernel/refusal.ts'
import type { FoundInvite } from '../queries/invites.ts'
import type { FoundLoginLink } from '../queries/login-links.ts'
import type { LinkState } from '../queries/pages/links.ts'

/*
 * A link that opens nothing says why, and what to do now. One that was never issued says so plainly, too: its 128
 * random bits cannot be guessed, so there is nothing to hide.
 */

type Closed = Exclude<LinkState, 'open'> | 'unknown'

/** Why an invite cannot be claimed. */
export const closedInvite: Readonly<Record<Closed, string>> = {
  unknown: 'This invite link does not work. Check that all of it was copied, or ask whoever sent it to you.',
  used: 'This invite has been used. If that was you, sign in; if not, ask whoever invited you for a new one.',
  expired: 'This invite has expired. Ask whoever invited you for a new one.',
  revoked: 'This invite has been taken back. Ask whoever invited you whether you may have a new one.',
}

/** Why a login link cannot be used. */
export const closedLoginLink: Readonly<Record<Closed, string>> = {
  unknown: 'This link does not work. Check that all of it was copied, or ask for a new one.',
  used: 'This link has been used, and each works once. Ask for a new one.',
  expired: 'This link has expired: each works for half an hour. Ask for a new one.',
  revoked: 'This link was replaced by a newer one. Use that, or ask for another.',
}

export function openInvite(invite: FoundInvite | undefined): FoundInvite {
  if (invite?.state !== 'open') throw new Refusal('gone', closedInvite[invite?.state ?? 'unknown'])
  return invite
}

export function openLoginLink(link: FoundLoginLink | undefined): FoundLoginLink {
  if (link?.state !== 'open') throw new Refusal('gone', closedLoginLink[link?.state ?? 'unknown'])
  return link
}

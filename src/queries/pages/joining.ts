import type { Moment } from '../../kernel/moment.ts'
import type { LinkState } from './links.ts'
import type { Mistakes } from './mistakes.ts'

/* What the pages show that have to do with how people come. */

/** A link as people pass it on: to select, to copy, to share, to point a camera at. */
export interface Passing {
  readonly url: string
  readonly picture: { readonly size: number; readonly path: string }
}

/** What an invite says to whoever holds its link. */
export interface Invite {
  readonly state: LinkState
  /** Null when whoever runs the site issued it, or when the name was erased. */
  readonly invitedBy: string | null
  readonly makesAdmin: boolean
}

/** What a preview of a link shows: whose it is, nobody's name. */
export type InvitePreview = Readonly<Record<never, never>>

/** Opened inside another app, which forgets who was there. */
export interface InviteElsewhere {
  readonly url: string
  /** The browser of this device. */
  readonly browser: string
}

/** Joining with an open invite. */
export interface Claim {
  /** Null when whoever runs the site issued it, or when the name was erased. */
  readonly invitedBy: string | null
  readonly makesAdmin: boolean
  /** Whoever invited wrote it to whoever was given the link. */
  readonly note: string | null
  /** An admin has to say yes afterwards. */
  readonly asksAdmin: boolean
  readonly whoRuns: string
  readonly rules: number
  readonly privacy: number
  readonly token: string
  readonly name: string
  readonly mistakes: Mistakes<'name' | 'rules'>
}

/** A member has opened an invite: it is for somebody else. `passing` is null when it opens nothing any more. */
export interface InviteForOthers {
  readonly passing: Passing | null
}

/** One of my invitations. */
export interface MyInvite {
  readonly id: string
  readonly issuedAt: Moment
  readonly until: Moment
  readonly state: LinkState
  readonly seats: number
  readonly left: number
  readonly asksAdmin: boolean
  /** My words to whoever gets it; null when there are none, or when no key opens them. */
  readonly note: string | null
  /** Who came by it, as far as I see them, and whether they wait for an admin. */
  readonly came: readonly { readonly name: string; readonly isWaiting: boolean }[]
  /** How many came whom I do not see. */
  readonly others: number
}

export interface MyInvites {
  readonly invites: readonly MyInvite[]
  /** How many more may be open at a time. */
  readonly left: number
  readonly isPaused: boolean
  /** Admins make links for several people, too. */
  readonly mayInviteSeveral: boolean
  readonly note: string
  readonly mistakes: Mistakes<'note'>
}

/** The link that was made just now: nobody can show it again. */
export interface NewInvite {
  readonly passing: Passing
  readonly until: Moment
  readonly seats: number
}

/** A link for several people. */
export interface SeveralInvite {
  readonly seats: string
  readonly days: string
  readonly asksAdmin: boolean
  readonly note: string
  readonly mistakes: Mistakes<'seats' | 'days' | 'asksAdmin' | 'note'>
}

/** Words that everybody may read: where help is, the rules, or what is kept of whom. */
export interface AgreementWords {
  readonly heading: string
  readonly text: string
  /** The versions that are shown; null when the reader need not say yes. */
  readonly asks: { readonly rules: number; readonly privacy: number } | null
}

/** Whom an admin has not said yes to yet. */
export interface WaitingForYes {
  readonly name: string
}

/** Whom an admin said no to; null when they gave no reason, or when it cannot be read. */
export interface Declined {
  readonly reason: string | null
}

/** An admin's answer to somebody in a list that cannot be saved as it is. */
export interface Answered {
  readonly id: string
  readonly reason: string
  readonly mistake: string
}

export interface Newcomers {
  readonly answered: Answered | null
  readonly newcomers: readonly {
    readonly member: string
    readonly name: string | null
    readonly joinedAt: Moment
    readonly invitedBy: string | null
  }[]
}

/** Somebody in the tree of who came through whom. */
export interface TreePerson {
  readonly id: string
  readonly name: string
  readonly isMe: boolean
  /** I came through them, or they are me. */
  readonly leadsToMe: boolean
  /** How many came through them, at any distance. */
  readonly through: number
}

/** Somebody with the first of those right below them. */
export interface Branch extends TreePerson {
  readonly first: readonly TreePerson[]
  readonly isMore: boolean
}

export interface Tree {
  /** The reader. */
  readonly me: string
  /** Whose branch it is; null at the top. */
  readonly at: (TreePerson & { readonly isPaused: boolean }) | null
  /** From the top to them. A long way leaves out its middle. */
  readonly way: {
    readonly begins: readonly TreePerson[]
    readonly between: number
    readonly ends: readonly TreePerson[]
  }
  readonly branches: readonly Branch[]
  readonly isBeginning: boolean
  /** The address of the next page. */
  readonly next: string | null
}

export interface TreePage extends Tree {
  /** An admin may have somebody invite nobody for now. */
  readonly mayPause: boolean
}

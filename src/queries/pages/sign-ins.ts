import type { Moment } from '../../kernel/moment.ts'
import type { Mistakes } from './mistakes.ts'

/** Somebody wants to come in as the reader. */
export interface Knock {
  readonly words: string
  readonly href: string
}

/** A letter is on its way, or none is: its page does not tell. */
export interface Mailed {
  readonly mistakes: Mistakes<'code'>
  /** The number is over, or none was ever asked for here. */
  readonly isOver: boolean
  /** Where they were going, and the form that they had sent there. */
  readonly onward: { readonly next: string; readonly unsent: string }
  readonly isAgain: boolean
}

/** Coming back with the link of a letter: one button. */
export interface MailLink {
  readonly token: string
  readonly name: string | null
}

/** What a browser reads that has said who wants to come in. It is the same when nobody is called so. */
export interface AtTheDoor {
  /** As it was typed. */
  readonly name: string
  readonly state: 'asked' | 'approved' | 'refused' | 'over'
  /** Null when it is over, or died of wrong tries. */
  readonly code: string | null
  readonly until: Moment
  /** Two members may let them in whose voice they know. */
  readonly isVouching: boolean
}

/** One attempt to come in as the reader. */
export interface Attempt {
  readonly id: string
  readonly askedAt: Moment
  readonly device: string | null
  readonly state: 'asked' | 'approved' | 'refused' | 'used' | 'expired'
  /** Who of the two vouched last; null when it was the reader, or nobody. */
  readonly vouchedBy: string | null
}

export interface Attempts {
  readonly attempts: readonly Attempt[]
  /** The reader may let somebody else in whose voice they know. */
  readonly isVouching: boolean
  readonly mistakes: Mistakes<'code'>
}

export interface OneAttempt {
  readonly attempt: Attempt
  readonly mistakes: Mistakes<'code'>
}

/** "Are you speaking with Mary now, and do you know her voice?" */
export interface Vouch {
  /** As it was typed; empty until it was. */
  readonly name: string
  readonly mistakes: Mistakes<'name' | 'code' | 'sure'>
  readonly done: 'first' | 'enough' | null
}

/** The reader's mail address. */
export interface MyAddress {
  readonly address: string | null
  /** There is one, and no key of this site opens it. */
  readonly isShut: boolean
  readonly addedAt: Moment | null
  /** Where a number has been sent that is not typed yet. */
  readonly awaited: string | null
  readonly written: string
  readonly mistakes: Mistakes<'address' | 'code'>
  readonly hasMail: boolean
}

/** A link that an admin makes for somebody who has lost every way back. */
export interface LinkForSomebody {
  readonly name: string
  readonly mistakes: Mistakes<'name'>
  /** Shown this once. */
  readonly made: { readonly url: string; readonly name: string; readonly until: Moment } | null
}

/** A link that was made for a member, as it is shown to them for ever. */
export interface LinkMade {
  /** Null when whoever runs the site made it, or when the name was erased. */
  readonly by: string | null
  readonly isByOperator: boolean
  readonly at: Moment
  readonly state: 'open' | 'used' | 'expired' | 'revoked'
}

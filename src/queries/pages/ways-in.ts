import type { Moment } from '../../kernel/moment.ts'
import type { LinkState } from './links.ts'
import type { Mistakes } from './mistakes.ts'

/** What a login link says to whoever holds it. */
export interface LinkHolder {
  readonly state: LinkState
  readonly name: string | null
}

/** Coming back with an open login link: one button, so that opening the page does nothing yet. */
export interface LoginLink {
  readonly token: string
  readonly name: string | null
  readonly onward: Onward
  /** They are signed in, and show once more that it is they. */
  readonly isAgain: boolean
}

/** Where somebody was going when they were asked who they are; empty is nowhere. */
export interface Onward {
  /** A path of this site. */
  readonly next: string
  /** The form that they had sent there, as browsers send it. */
  readonly unsent: string
}

/** The ways back in. */
export interface WaysBack {
  /** What was written into their forms, kept. */
  readonly written: {
    readonly words: string
    readonly who: string
    readonly called: string
    readonly link: string
    readonly isShared: boolean
  }
  readonly mistakes: Mistakes<'passkey' | 'words' | 'who' | 'called' | 'link'>
  /** They are signed in, and show once more that it is they. */
  readonly isAgain: boolean
  /** Why none of it led in. */
  readonly problem: string | null
  readonly onward: Onward
}

/** The same, for somebody who is signed in and has to show once more that it is they. */
export interface SignInAgain extends WaysBack {
  readonly name: string
}

/** How a member can come back. */
export interface WaysIn {
  readonly passkeys: readonly {
    readonly id: string
    /** Null when it was erased. */
    readonly name: string | null
    readonly addedAt: Moment
    readonly usedAt: Moment | null
  }[]
  readonly paperKeyMadeAt: Moment | null
  /** They can be written to, where the site has mail. */
  readonly hasAddress: boolean
  /** One is open that was made for them. */
  readonly hasLoginLink: boolean
}

/** The same, with the form of one passkey more. */
export interface WaysInForm extends WaysIn {
  readonly newName: string
  readonly mistakes: Mistakes<'name' | 'passkey'>
}

/** A paper key, the one time that its words are shown. */
export interface PaperKey {
  readonly name: string
  readonly words: readonly string[]
  readonly madeAt: Moment
  /** Where they are typed. */
  readonly address: string
  readonly picture: { readonly size: number; readonly path: string }
}

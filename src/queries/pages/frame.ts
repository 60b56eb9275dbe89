import type { Moment } from '../../kernel/moment.ts'
import type { Knock } from './sign-ins.ts'

/** How many requests moderators are asked to look at, and how many people ask to be called. */
export interface Care {
  readonly flags: number
  readonly calls: number
}

/** What stands around every page; the web adds it. */
export interface Frame {
  readonly title: string
  readonly community: string
  readonly reader: { readonly name: string; readonly isAdmin: boolean; readonly isModerator: boolean } | null
  readonly path: string
  /** One sentence above everything: nothing can be saved just now. */
  readonly notice: string | null
  /** Somebody wants to come in as the reader. */
  readonly knock: Knock | null
  /** What waits for a reader who looks after others; null for everybody else. */
  readonly care: Care | null
  /** There is a page on giving. */
  readonly hasGiving: boolean
  /** How many notices they have not read. */
  readonly unread: number
  /** People can be written to, and come back by a letter. */
  readonly hasMail: boolean
  readonly now: Moment
  /** The time zone of the reader, as far as their browser has said it; else that of the community. */
  readonly zone: string
  /** Fresh for each page; its forms send it, so that a double post is one. */
  readonly key: string
}

import type { Moment } from '../../kernel/moment.ts'
import type { Audience, Outcome, Topic } from '../../records/prayers.ts'
import type { Card } from './cards.ts'
import type { Mistakes } from './mistakes.ts'

/** What every form about a request has. */
interface Form<Field extends string> {
  readonly prayer: string
  readonly mistakes: Mistakes<Field>
  /** What went wrong with the whole of it: it did not save, or nobody knows. */
  readonly problem: string | null
}

/** A form that must not do twice what it is sent twice for. */
interface Once {
  /** With which it was sent before; null while it was not. */
  readonly key: string | null
}

export interface ChangeForm extends Form<'request' | 'forWhom' | 'consent' | 'topic' | 'day'> {
  readonly words: {
    readonly request: string
    readonly forWhom: string
    readonly topic: string
    readonly day: string
    readonly isAgreed: boolean
  }
  readonly topics: readonly Topic[]
  /** It was asked within the hour: nobody will see that it was changed. */
  readonly isFree: boolean
}

export interface UpdateForm extends Form<'update'>, Once {
  readonly update: string
}

export interface AnswerForm extends Form<'testimony'> {
  readonly testimony: string
  /** It is answered already. */
  readonly isCorrection: boolean
}

export interface CloseForm extends Form<'outcome' | 'words'> {
  readonly outcome: string
  readonly outcomes: readonly Outcome[]
  readonly words: string
  readonly isCorrection: boolean
}

export interface RenewForm extends Form<'span'> {
  readonly span: string
  readonly spans: readonly string[]
  /** When it lapses as it stands; null is never. */
  readonly lapsesAt: Moment | null
  readonly isMine: boolean
}

export type WithdrawForm = Form<never>

export interface FlagForm extends Form<'reason'>, Once {
  readonly reason: string
}

/** Words that stand no longer. */
export interface Earlier {
  readonly prayer: string
  readonly isMine: boolean
  /** Newest first, as they stood before the last change. */
  readonly versions: readonly {
    readonly at: Moment
    readonly forWhom: string | null
    /** Null when they were erased. */
    readonly request: string | null
    readonly isShut: boolean
  }[]
}

/** What became of a request, on its own page. */
export interface Becoming {
  /** The updates before the newest, which stands on the card: newest first. */
  readonly updates: readonly { readonly at: Moment; readonly words: string | null }[]
  readonly mayReadEarlier: boolean
  readonly mayExtend: boolean
}

/** What was answered, newest first by when it was told. */
export interface Answered {
  readonly cards: readonly Card[]
  readonly totals: {
    readonly answered: number
    readonly testimonies: number
    /** In the last 30 days. */
    readonly lately: number
    /** How often somebody prayed for these. */
    readonly times: number
  }
  readonly topics: readonly Topic[]
  readonly topic: Topic | null
  readonly isNewest: boolean
  readonly older: string | null
}

/** What moderators were asked to look at. */
export interface FlagsPage {
  readonly flags: readonly {
    readonly flag: number
    readonly prayer: string
    readonly at: Moment
    /** Null when they left, or when they and this moderator are kept apart. */
    readonly by: string | null
    readonly reason: string | null
    readonly sees: Audience
    readonly isTakenBack: boolean
    readonly request: string | null
    readonly forWhom: string | null
  }[]
}

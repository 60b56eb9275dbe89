import type { Moment } from '../../kernel/moment.ts'
import type { CoveredTable, FoundProblem, OutsideEdit, WorkKind } from '../operations.ts'

/* What the recovery pages show. */

/** How well something is; each has a word and a shape, never only a colour. */
export type Level = 'well' | 'due' | 'wrong' | 'unknown'

/** One thing that has to be so, in a sentence. */
export interface Check {
  readonly name: string
  readonly level: Level
  readonly sentence: string
  /** When that was done last: "Read", 3 hours ago. */
  readonly last: { readonly words: string; readonly at: Moment } | null
}

/** The one button at the top: work that it starts, or a page that it leads to. */
export type NextStep =
  | { readonly words: string; readonly kind: WorkKind }
  | { readonly words: string; readonly href: string }

export interface RecoveryOverview {
  readonly level: Level
  /** The one sentence for a pastor. */
  readonly sentence: string
  /** Null while work is under way. */
  readonly next: NextStep | null
  readonly work: WorkNow | null
  readonly checks: readonly Check[]
  /** To be kept elsewhere: what nobody who changes the archive can change there. */
  readonly identity: {
    readonly archive: string | null
    readonly records: number
    readonly bytes: number
    readonly head: readonly string[]
    readonly fingerprint: readonly string[] | null
  }
  readonly actions: readonly WorkKind[]
}

/** What is under way, or how it ended, on every page that shows it. */
export interface WorkNow {
  readonly isOver: boolean
  readonly level: Level
  readonly heading: string
  readonly sentences: readonly string[]
  readonly percent: number | null
  readonly mayEnd: boolean
  /** Where to read more of what it found. */
  readonly way: { readonly words: string; readonly href: string } | null
}

export interface RecoveryWork {
  /** Null when nothing was begun since the site started. */
  readonly work: WorkNow | null
  /** Something else was asked for meanwhile, which was not begun. */
  readonly notBegun: string | null
}

export interface RecoverySegments {
  /** The newest first. */
  readonly segments: readonly {
    readonly month: string
    readonly file: string
    readonly records: number
    readonly bytes: number
    readonly level: Level
    readonly isSealed: boolean
    readonly seal: string
  }[]
  readonly records: number
  readonly bytes: number
}

export interface RecoveryCoverage {
  readonly comparedAt: Moment | null
  readonly level: Level
  readonly sentence: string
  readonly tables: readonly CoveredTable[]
  readonly mayCompare: boolean
}

/** Something that was done for archive or cache. */
export interface HistoryEntry {
  readonly sequence: number
  readonly at: Moment
  readonly level: Level
  readonly words: string
  /** Who asked for it; null for the erasures, which are told elsewhere. */
  readonly by: string | null
  /** What it was about and what it took. */
  readonly cost: string | null
  readonly detail: string | null
}

export interface RecoveryHistory {
  readonly entries: readonly HistoryEntry[]
  readonly isNewest: boolean
  readonly older: string | null
}

/** A bar of a chart, and its row in the table beside it. */
export interface Bar {
  readonly name: string
  readonly at: Moment | null
  readonly value: number
  /** The value in words. */
  readonly words: string
}

export interface RecoveryGrowth {
  readonly months: readonly Bar[]
  readonly rebuilds: readonly (Bar & { readonly records: number })[]
  /** How long a rebuild would take now; null when none was ever recorded. */
  readonly estimate: string | null
}

export interface RecoveryProblems {
  readonly problems: readonly (FoundProblem & { readonly advice: string })[]
  readonly trouble: { readonly sentence: string; readonly advice: string } | null
  readonly verifiedAt: Moment | null
}

/** A line of a record that somebody edited. */
export interface DifferenceLine {
  readonly is: 'same' | 'gone' | 'new'
  readonly text: string
}

export interface RecoveryEdit extends Omit<OutsideEdit, 'differences' | 'copy'> {
  readonly month: string
  readonly mayRestore: boolean
  readonly differences: readonly {
    readonly record: number
    readonly line: number
    readonly lines: readonly DifferenceLine[]
  }[]
}

export interface RecoveryEdits {
  /** Null where this server cannot tell. */
  readonly edits: readonly RecoveryEdit[] | null
  /** The text is still being read: nobody knows yet. */
  readonly isReading: boolean
}

/** The page between an edit and the way out of it. */
export interface RecoveryEditEnd {
  readonly edit: RecoveryEdit
  readonly way: 'restore' | 'accept'
}

export interface RecoverySheetState {
  readonly isHere: boolean
  readonly confirmedAt: Moment | null
  /** Which four characters are asked for; null where there is no sheet. */
  readonly challenge: SheetChallenge | null
  readonly mistake: string | null
}

export interface SheetChallenge {
  /** As the form sends it back. */
  readonly places: string
  readonly asked: readonly { readonly group: number; readonly character: number }[]
}

export interface RecoverySheet {
  readonly archive: string
  readonly printedAt: Moment
  readonly keys: readonly { readonly name: string; readonly groups: readonly string[] }[]
  /** The same as a picture: how many squares a side has, and the path that fills the dark ones. */
  readonly picture: { readonly size: number; readonly path: string }
}

import type { Member } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'

/*
 * What the recovery pages have to be told, because the cache does not know it: how the text and its files stand, and the
 * work that goes through all of it. `src/operations.ts` answers.
 */

export interface Operations {
  /** Quick enough for every page: reads what the cache has not seen, and the seals. */
  standing(): Standing
  segments(): readonly Segment[]
  coverage(): Coverage
  /** What is under way, or how the last of it ended. */
  work(): Work | null
  /** What this server can do. */
  readonly may: readonly WorkKind[]
  /** Starts it and answers true; while other work is under way nothing happens, and it answers false. */
  start(kind: WorkKind, by: Member): boolean
  /** Ends what is under way, where that is possible. */
  end(): void
  /** Told once a second while work is under way, and when it has ended. Answers how to be told no more. */
  watch(listener: (work: Work) => void): () => void
  /** The keys to be printed; null where they are not on this machine. */
  sheet(): Sheet | null
  /** Null where this server cannot tell. */
  readonly edits: Edits | null
}

export interface Standing {
  readonly archive: string | null
  readonly records: number
  readonly bytes: number
  /** Closing hash of the last record. */
  readonly head: string
  /** Of the key that seals are made with; null while the archive names none. */
  readonly fingerprint: string | null
  /** Everything that is known to be wrong, of the last verification too. */
  readonly problems: readonly FoundProblem[]
  /** Why nothing can be saved. */
  readonly trouble: { readonly why: string; readonly sentence: string } | null
  /** Whether the cache is at the end of the text. */
  readonly isCaughtUp: boolean
  readonly verified: { readonly at: Moment; readonly isWell: boolean; readonly records: number } | null
  /** The tables that differed, when a fresh rebuild was compared. */
  readonly compared: { readonly at: Moment; readonly differing: readonly string[] } | null
  /** The cache that is served. */
  readonly rebuilt: { readonly at: Moment; readonly seconds: number } | null
  /** Where the archive is. */
  readonly disk: { readonly free: number; readonly total: number }
  /** Of the keys of this machine; null where they are not on it. */
  readonly keys: string | null
}

export interface FoundProblem {
  readonly file: string
  readonly line?: number
  readonly sequence?: number
  readonly what: string
}

/** `open` is the month that is written to; `unlike`: the file is not as long as it says; `foreign`: of another key. */
export type SealState = 'open' | 'good' | 'missing' | 'bent' | 'unlike' | 'foreign'

/** One month of the archive. */
export interface Segment {
  readonly month: string
  readonly file: string
  readonly records: number
  readonly bytes: number
  /** The last month is written to, so it has no seal yet. */
  readonly seal: SealState
}

export interface Coverage {
  /** When rows were compared with those of a fresh rebuild. */
  readonly comparedAt: Moment | null
  readonly tables: readonly CoveredTable[]
}

export interface CoveredTable {
  readonly table: string
  /** The kinds that fill it, with how many records there are where that was counted. */
  readonly kinds: readonly { readonly kind: string; readonly records: number | null }[]
  /** When they were compared, or now. */
  readonly rows: number
  /** Null when it was not compared. */
  readonly compared: { readonly rows: number; readonly isEqual: boolean } | null
}

export const workKinds = ['verify', 'compare', 'rebuild', 'back-up'] as const
export type WorkKind = (typeof workKinds)[number]

export interface Work {
  readonly kind: WorkKind
  /** The name of who asked for it. */
  readonly by: string
  readonly startedAt: Moment
  /** What it is doing. */
  readonly phase: WorkPhase
  readonly records: number
  /** Of this phase; null where that cannot be told. */
  readonly percent: number | null
  readonly recordsPerSecond: number | null
  readonly etaSeconds: number | null
  readonly mayEnd: boolean
  readonly isEnding: boolean
  /** Null while it is under way. */
  readonly outcome: Outcome | null
}

export type WorkPhase =
  | 'starting'
  | 'reading'
  | 'comparing'
  | 'indexing'
  | 'catching up'
  | 'checking'
  | 'copying'

export type Outcome = { readonly at: Moment; readonly seconds: number } & (
  | {
      readonly is: 'done'
      readonly records: number
      /** How many things are not as they should be. */
      readonly problems: number
      /** Tables that are not what the text gives; null when nothing was compared. */
      readonly differing: readonly string[] | null
      /** Why the history does not have it, in a sentence. */
      readonly unrecorded: string | null
    }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'ended' }
)

/** The keys that no backup has, as they are printed. */
export interface Sheet {
  readonly archive: string
  readonly keys: readonly { readonly name: string; readonly hex: string }[]
  /** Names these very keys without giving them away. */
  readonly digest: string
}

/** Months of which somebody edited the text, and the two ways out. Both throw a Refusal when they are not possible. */
export interface Edits {
  list(): Promise<readonly OutsideEdit[]>
  /** Puts the month back as its newest whole backup has it. */
  restore(month: string, by: Member): Promise<void>
  /** Accepts every record of it that can be accepted, as it stands. */
  accept(month: string, by: Member): Promise<void>
}

export interface OutsideEdit {
  readonly month: string
  readonly file: string
  readonly records: readonly EditedRecord[]
  /** When the backup was made from which the file can be put back; null when there is none. */
  readonly mayRestoreFrom: Moment | null
}

export interface EditedRecord {
  readonly sequence: number | null
  readonly line: number
  /** As the backup has it; null when there is none. */
  readonly before: readonly string[] | null
  readonly after: readonly string[]
  readonly isAcceptable: boolean
}

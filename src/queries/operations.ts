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
  /** The tables that differed, when a fresh rebuild was compared; null when only that not all was well is known. */
  readonly compared: { readonly at: Moment; readonly differing: readonly string[] | null } | null
  /** The cache that is served. */
  readonly rebuilt: { readonly at: Moment; readonly seconds: number } | null
  /** Bytes that are free on the disk of the archive. */
  readonly free: number
  /** Of the keys of this machine; null where they are not on it. */
  readonly keys: string | null
  /** Numbers of the keys that words were sealed with and that this machine does not have. */
  readonly missingKeys: readonly number[]
}

export interface FoundProblem {
  readonly file: string
  readonly line?: number
  readonly sequence?: number
  readonly what: string
}

/** `open` is the month that is written to; `unread`: it or its seal cannot be read; `unlike`: the file is not as long as it says; `foreign`: of another key. */
export type SealState = 'unread' | 'open' | 'good' | 'missing' | 'bent' | 'unlike' | 'foreign'

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
  /** When they were compared, or now; null when they cannot be read. */
  readonly rows: number | null
  /** Null when it was not compared. */
  readonly compared: {
    readonly rows: number
    readonly isEqual: boolean
    /** How many rows are missing, extra or different, and the first of them in words. */
    readonly differing: number
    readonly first: readonly string[]
  } | null
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

/** What somebody changed in the text from outside, and the ways out; each throws a Refusal when it is not possible. */
export interface Edits {
  report(): Promise<{ readonly files: readonly OutsideEdit[] }>
  /** Puts the file back as the newest backup has it that has it as it was written. */
  restore(by: Member, file: string): Promise<unknown>
  /** What was edited in this file stays. */
  accept(by: Member, file: string): Promise<unknown>
  /** Looks at everything again: when all is well, saving goes on. */
  lookAgain(by: Member): Promise<unknown>
}

export interface OutsideEdit {
  /** `2026/2026-11.txt` */
  readonly file: string
  readonly isAcceptable: boolean
  /** Why it is not, or what else is wrong with it, in a sentence. */
  readonly wrong: string | null
  /** What stands there is behind everything that was promised: looking again puts it away. */
  readonly isTail: boolean
  /** The folder of the backup from which it can be restored. */
  readonly copy: string | null
  /** Why it cannot be restored from others, each in a sentence. */
  readonly unfit: readonly string[]
  readonly differences: readonly EditedRecord[]
  /** How many more there are than are shown. */
  readonly more: number
}

export interface EditedRecord {
  /** 0 for what stands above the first record. */
  readonly record: number
  readonly line: number
  /** Each begins with " " (as it was), "-" (was there) or "+" (is there now). */
  readonly lines: readonly string[]
}

import type { Reading } from '../cache/reading.ts'
import type { Recorder } from '../commands/command.ts'
import type { Config } from '../config.ts'
import type { Source } from '../kernel/stamp.ts'
import type { Operations } from '../queries/operations.ts'

/** Everything the web needs; the server and the tests each wire one. */
export interface Site {
  readonly config: Config
  readonly source: Source
  readonly record: Recorder
  /** The connection to read from; ask for it on every request, a rebuild switches it. */
  cache(): Reading
  state(): SiteState
  /** What the recovery pages may ask for and have done. */
  operations(): Operations
  readiness(): Readiness
}

export type SiteState = { readonly writable: true } | { readonly writable: false; readonly sentence: string }

/** What `/readyz` says. */
export interface Readiness {
  readonly ready: boolean
  readonly phase: string
  readonly percent: number
  readonly etaSeconds: number | null
}

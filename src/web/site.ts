import type { Reading } from '../cache/reading.ts'
import type { Recorder } from '../commands/command.ts'
import type { Config } from '../config.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Source } from '../kernel/stamp.ts'
import type { Drafts } from '../outside/drafts.ts'
import type { Outbox } from '../outside/outbox.ts'
import type { StrangerRefused } from '../outside/security-log.ts'
import type { Operations } from '../queries/operations.ts'
import type { Figures } from './figures.ts'

/** Everything the web needs; the server and the tests each wire one. */
export interface Site {
  readonly config: Config
  readonly source: Source
  readonly record: Recorder
  /** The keys of this site, as far as they are there. */
  readonly keyring: Keyring
  /** Takes mail; null where the site has none. */
  readonly outbox: Outbox | null
  /** What somebody has begun to ask, and not shared. */
  readonly drafts: Drafts
  /** The connection to read from; ask for it on every request, a rebuild switches it. */
  cache(): Reading
  state(): SiteState
  /** What the recovery pages may ask for and have done. */
  operations(): Operations
  /** Tells what a request ran into; whether it is being mended, so that waiting helps. */
  isMending(error: unknown): boolean
  readiness(): Readiness
  /** Told of everybody who is signed in nowhere and was refused. */
  refused?(refused: StrangerRefused): void
  /** For `/metrics`; nothing before the site is ready. */
  figures?(): Figures | undefined
}

export type SiteState = { readonly writable: true } | { readonly writable: false; readonly sentence: string }

/** What `/readyz` says. */
export interface Readiness {
  readonly ready: boolean
  readonly phase: string
  readonly percent: number
  readonly etaSeconds: number | null
}

import type { Acceptance } from '../archive/accept.ts'
import type { Erasure } from '../archive/erase.ts'
import type { NamedKey } from '../archive/keyring.ts'
import type { Reading } from '../cache/reading.ts'
import type { Draft, Kind } from '../kernel/event.ts'

/** Why an archive gets another key: the old one is gone, was replaced, or is on another machine, which has its own. */
export type KeyReason = 'lost' | 'rotated' | 'moved'

/** Everything the ledger has to be told about what can happen; `src/catalogue.ts` tells it. */
export interface Catalogue {
  readonly kinds: readonly Kind[]
  /** Folder of the golden archive: a sample of every record that any version ever wrote. */
  readonly golden: string
  /** The schema hash of this code, where it is known beforehand. */
  readonly schemaHash?: string | undefined
  /** The first record of an archive. */
  opened(archive: string, publicKey: string): Draft
  /** What is recorded before seals are made with a key the archive does not name yet. */
  keyAdded(publicKey: string, why: KeyReason): Draft
  /** Public keys the archive names. */
  sealKeys(cache: Reading): readonly string[]
  /** The keys that words were sealed with, the oldest first. */
  sealingKeys(cache: Reading): readonly NamedKey[]
  /** When the last verification on record found that not all is well; `undefined` when all was. */
  lastProblems(cache: Reading): string | undefined
  /** Every erasure that was ever recorded. */
  erasures(cache: Reading): readonly Erasure[]
  /** What is recorded when an edited record may stay as it stands. */
  recordAccepted(by: string, edit: Acceptance): Draft
  /** Edited records that may stay, each as it was last accepted, and by which record. */
  accepted(cache: Reading): readonly Accepted[]
}

export interface Accepted extends Acceptance {
  readonly sequence: number
}

import type { Disk } from '../archive/disk.ts'
import type { Source } from '../kernel/stamp.ts'
import type { Catalogue } from './catalogue.ts'
import type { Rebuild, RebuildProgress } from './rebuild.ts'

/** What a start works with: the disk, the clock, and where everything is. */
export interface StartOptions {
  readonly disk: Disk
  readonly source: Source
  readonly archive: string
  readonly cache: string
  readonly secrets: string
  /** Where backups are made: no new archive is begun beside one. */
  readonly backups?: string | undefined
  readonly catalogue: Catalogue
  readonly schemaHash: string
  readonly isReadOnly: boolean
  /** Told of what failed and keeps nobody from anything; a warning of the process unless told otherwise. */
  readonly onDefect?: ((error: Error) => void) | undefined
  /** How a cache is made: here, unless told otherwise. */
  readonly rebuild?: Rebuild
  /** Told every few thousand records while a cache is made. */
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined
}

import type { Disk } from '../archive/disk.ts'
import type { Progress } from '../archive/verify.ts'
import type { Source } from '../kernel/stamp.ts'
import type { Catalogue } from './catalogue.ts'

/** What a start works with: the disk, the clock, and where everything is. */
export interface StartOptions {
  readonly disk: Disk
  readonly source: Source
  readonly archive: string
  readonly cache: string
  readonly secrets: string
  readonly catalogue: Catalogue
  readonly schemaHash: string
  readonly isReadOnly: boolean
  /** Told every few thousand records while a cache is made. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

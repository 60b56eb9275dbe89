import type { Disk } from '../archive/disk.ts'
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
  /** Told about every 10,000 records while a cache is rebuilt. */
  readonly onProgress?: ((records: number) => void) | undefined
}

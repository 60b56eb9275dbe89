import type { StartOptions } from '../ledger/options.ts'

/** What a report looks at. */
export type Folders = Pick<StartOptions, 'disk' | 'source' | 'archive' | 'cache' | 'catalogue'>

import { realDisk } from './archive/disk.ts'
import { catalogue } from './catalogue.ts'
import type { Config } from './config.ts'
import { world } from './kernel/stamp.ts'
import type { LedgerOptions } from './ledger/ledger.ts'

/** The ledger of this configuration, on the real disk, clock and dice. */
export const ledgerOptions = (config: Config): LedgerOptions & { readonly backups: string } => ({
  disk: realDisk,
  source: world,
  archive: config.archiveDir,
  cache: config.cacheDir,
  secrets: config.secretsDir,
  backups: config.backupDir,
  catalogue,
  isReadOnly: config.archiveReadOnly,
})

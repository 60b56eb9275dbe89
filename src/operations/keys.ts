import { makeSealingKey } from '../archive/keyring.ts'
import { perform } from '../commands/command.ts'
import { tellSealingKey } from '../commands/recovery.ts'
import { operator } from '../kernel/actor.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StartOptions } from '../ledger/options.ts'

type Folders = Pick<StartOptions, 'disk' | 'secrets' | 'source' | 'catalogue'>

/**
 * Makes the key for words that fewer than everyone may read, and records that there is one, where no record names any. A key
 * that is named and missing is never made anew.
 */
export async function nameSealingKey(ledger: Ledger, { disk, secrets, source, catalogue }: Folders) {
  if (catalogue.sealingKeys(ledger.cache()).length > 0) return
  const digest = await makeSealingKey(disk, secrets, 1, source)
  await perform(ledger.record, tellSealingKey, operator, { number: 1, digest })
}

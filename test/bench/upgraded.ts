import { closeSync, cpSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { currentCache, pointTo } from '../../src/cache/generations.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { performAsOperator } from '../../src/operator.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import type { Place } from './communities.ts'

/** How many records the version before writes after the next one was prepared. */
export const tail = 100

/** How the next version finds the caches when it starts. */
export interface Upgraded {
  /** Its own ends where `./thywill prepare` left it. */
  withPrepare(): void
  /** It has none. */
  withoutPrepare(): void
}

/** What the version before is called by: any schema hash but that of this code. */
const before = '0123456789abcdef'

/**
 * Makes this community one in which another version writes: the cache that this code prepared is behind, and that of the
 * other version has seen everything.
 */
export async function upgraded({ folder, config, schemaHash }: Place): Promise<Upgraded> {
  const { cacheDir } = config
  const prepared = currentCache(cacheDir, schemaHash)
  if (prepared === undefined) throw new Error('the community has no cache')
  const kept = join(folder, basename(prepared))
  cpSync(prepared, kept)
  const ledger = await openLedger(ledgerOptions(config))
  for (let record = 0; record < tail; record++) await performAsOperator(ledger.record, 'issueInvite', {})
  await ledger.close()
  const served = join(cacheDir, `${before}-1.sqlite`)
  renameSync(prepared, served)
  pointTo(cacheDir, before, served)

  const withoutPrepare = () => {
    for (const name of readdirSync(cacheDir)) if (name.includes(schemaHash)) rmSync(join(cacheDir, name))
  }
  return {
    withoutPrepare,
    withPrepare() {
      withoutPrepare()
      cpSync(kept, prepared)
      sync(prepared)
      pointTo(cacheDir, schemaHash, prepared)
    },
  }
}

/** As `prepare` leaves it: a start must not wait for what this copy has not written yet. */
function sync(path: string) {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

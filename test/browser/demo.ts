import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { background } from '../../src/background.ts'
import { seedArchive } from '../../src/cli/seed.ts'
import { readConfig } from '../../src/config.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { world } from '../../src/kernel/stamp.ts'
import { type LedgerOptions, openLedger } from '../../src/ledger/ledger.ts'
import { nameSealingKey } from '../../src/operations/keys.ts'
import { type OperationsOptions, openOperations } from '../../src/operations/recovery.ts'
import { type OperatorCommand, performAsOperator } from '../../src/operator.ts'
import { usualEnd } from '../../src/seed/community.ts'
import { demoCommunity } from '../../src/seed/demo.ts'
import { buildApp } from '../../src/web/app.ts'
import { notSaved } from '../../src/web/problems.ts'
import type { Site } from '../../src/web/site.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { draftsBeside } from '../tools/drafts.ts'
import { routesOf } from '../web/routes.ts'
import { freePort } from './house.ts'
import { saysWhatItShows } from './shown.ts'

interface Changes extends Pick<LedgerOptions, 'rebuild'>, Pick<OperationsOptions, 'edits'> {}

/**
 * The demo community on the evening of its last day, in a folder of its own, with a clock that stands where it is put.
 * `rebuild` is how its caches are made, `edits` what it knows of outside edits.
 */
export async function openDemo({ rebuild, edits }: Changes = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-screens-'))
  const port = await freePort()
  const config = readConfig({
    PORT: String(port),
    ARCHIVE_DIR: join(folder, 'archives'),
    CACHE_DIR: join(folder, 'cache'),
    BACKUP_DIR: join(folder, 'backups'),
    SECRETS_DIR: join(folder, 'secrets'),
    LOG_LEVEL: 'error',
  })
  const { seed, ...sizes } = demoCommunity
  await seedArchive(config, sizes, seed, usualEnd)

  let now = usualEnd
  let isSaving = true
  const source = { ...world, now: () => now }
  const ledger = await openLedger({ ...ledgerOptions(config), ...(rebuild && { rebuild }), source })
  await nameSealingKey(ledger, { ...ledgerOptions(config), source })
  const operations = openOperations({
    ledger,
    folders: { ...ledgerOptions(config), source },
    background: background(config),
    ...(edits && { edits }),
    onDefect: (error) => {
      throw error
    },
  })
  const site: Site = {
    config,
    source,
    record: (rehearse) =>
      isSaving ? ledger.record(rehearse) : Promise.reject(new Refusal('read-only', notSaved)),
    keyring: ledger.keyring,
    outbox: null,
    drafts: draftsBeside(config.cacheDir, { keyring: ledger.keyring, source }),
    cache: ledger.cache,
    isMending: ledger.isMending,
    state: () =>
      isSaving
        ? { writable: true }
        : {
            writable: false,
            sentence: 'You can read, but nothing can be saved just now. Copy your words before you leave.',
          },
    operations: () => operations,
    readiness: () => ({ ready: true, phase: 'serving', percent: 100, etaSeconds: null }),
  }
  const { built: app } = await routesOf(() => buildApp(site), saysWhatItShows)
  await app.listen({ port })
  return {
    url: config.baseUrl,
    archive: config.archiveDir,
    passes(milliseconds: number) {
      now += milliseconds
    },
    savesNothing() {
      isSaving = false
    },
    does: <Name extends OperatorCommand>(name: Name, input: unknown) =>
      performAsOperator(ledger.record, name, input),
    async close() {
      await app.close()
      await operations.close()
      await ledger.close()
      rmSync(folder, { recursive: true })
    },
  }
}

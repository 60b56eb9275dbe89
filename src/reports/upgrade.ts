import { archiveIdOf, findPosition } from '../archive/find.ts'
import { problemSentence } from '../archive/verify.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache, removeCache } from '../cache/generations.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { usableCache } from '../ledger/caches.ts'
import type { StartOptions } from '../ledger/options.ts'
import { type Prepared, prepareCache } from '../ledger/prepare.ts'
import { requireSound } from '../ledger/prove.ts'
import { type BackupReport, backupReport } from './backup.ts'
import { verifyReport } from './verify.ts'

export type UpgradeStep = 'back up' | 'verify the archive' | 'make the cache' | 'verify the cache' | 'switch'

export interface UpgradeReport {
  readonly schemaHash: string
  readonly backup: BackupReport
  /** Whether a cache had to be made; otherwise the one that was there fits. */
  readonly isNew: boolean
  /** The last record that the cache had seen when it was verified. */
  readonly sequence: number
  /** Whether this version serves now; otherwise it does from the next start on. */
  readonly isSwitched: boolean
  readonly steps: readonly { readonly step: UpgradeStep; readonly seconds: number }[]
  readonly seconds: number
}

export interface UpgradeWish {
  /** Where the backup goes. */
  readonly dir: string
  /** Has the site restarted, and resolves when the version of this schema serves; left out when somebody else does it. */
  readonly switchOver?: ((schemaHash: string) => Promise<void>) | undefined
}

/** How far a step is; the total is not always known. */
export type UpgradeProgress = (step: UpgradeStep, done: number, total?: number) => void

const remedies: Readonly<Record<UpgradeStep, string>> = {
  'back up': 'Nothing was changed. ./thywill doctor looks at the folders, the disk and the keys.',
  'verify the archive':
    'Nothing was changed but the backup. ./thywill verify says all that is wrong; upgrade when that is well.',
  'make the cache':
    'Nothing was changed but the backup. The version that serves goes on; upgrade again when that is mended.',
  'verify the cache':
    'Nothing was changed but the backup. ./thywill rebuild of this version makes another cache; then upgrade again.',
  switch:
    'The archive is as it was, and the cache of this version is ready. See why the site does not start, or start the version before again: its cache is still there.',
}

/** Why an upgrade ended before its end: which step failed, why, and what to do. */
export class UpgradeStopped extends Error {
  readonly step: UpgradeStep

  constructor(step: UpgradeStep, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`The upgrade stopped at "${step}". ${why}\n${remedies[step]}`, { cause })
    this.name = 'UpgradeStopped'
    this.step = step
  }
}

/**
 * From the version that serves to this one: each step proves what the next one stands on. Until the switch the other
 * version serves and writes. Throws UpgradeStopped at the first step that fails, with nothing changed but the backup.
 */
export async function upgradeReport(
  given: Omit<StartOptions, 'schemaHash'>,
  { dir, switchOver }: UpgradeWish,
  onProgress: UpgradeProgress = () => {},
): Promise<UpgradeReport> {
  const elapsed = stopwatch()
  const { disk, catalogue } = given
  const options = { ...given, schemaHash: schemaHashOf(disk, catalogue) }
  const steps: { step: UpgradeStep; seconds: number }[] = []
  async function take<Result>(step: UpgradeStep, work: (progress: Shown) => Promise<Result>) {
    const took = stopwatch()
    try {
      const result = await work((done, total) => onProgress(step, done, total))
      steps.push({ step, seconds: took() })
      return result
    } catch (error) {
      throw new UpgradeStopped(step, error)
    }
  }
  const backup = await take('back up', (show) => backupReport(options, { dir }, show))
  await take('verify the archive', (show) => requireWell(options, show))
  const prepared = await take('make the cache', (show) =>
    prepareCache(options, { onProgress: ({ records }) => show(records, backup.records) }),
  )
  const sequence = await take('verify the cache', async () => verified(options, prepared))
  if (switchOver) await take('switch', () => switchOver(options.schemaHash))
  return {
    schemaHash: options.schemaHash,
    backup,
    isNew: prepared.isNew,
    sequence,
    isSwitched: switchOver !== undefined,
    steps,
    seconds: elapsed(),
  }
}

type Shown = (done: number, total?: number) => void

async function requireWell(options: StartOptions, show: Shown) {
  const { problems } = await verifyReport(options, false, ({ bytes, totalBytes }) => show(bytes, totalBytes))
  const [first] = problems
  if (first) throw new Error(`${problemSentence(first)}${others(problems.length - 1)}`)
}

const others = (more: number) => (more > 0 ? ` There are ${more} more problems.` : '')

/** A cache that fails here is not what the next start may find. */
function verified(options: StartOptions, prepared: Prepared): number {
  try {
    return requireFitting(options, prepared.path)
  } catch (error) {
    if (prepared.isNew) removeCache(prepared.path)
    throw error
  }
}

/** What a start of this version will ask, and whether the pages are sound. Answers the last record it has seen. */
function requireFitting({ disk, archive, cache, schemaHash }: StartOptions, path: string): number {
  if (currentCache(cache, schemaHash) !== path)
    throw new Error(`A start of this version would not serve from ${path}.`)
  const opened = usableCache(path, 'read')
  const cursor = opened && cursorOf(opened)
  try {
    if (!opened || !cursor) throw new Error(`${path} cannot be opened as a cache.`)
    requireSound(opened)
    if (cursor.archive !== archiveIdOf(disk, archive) || !findPosition(disk, archive, cursor))
      throw new Error(`${path} ends with record ${cursor.sequence}, which the archive does not hold.`)
    return cursor.sequence
  } finally {
    opened?.close()
  }
}

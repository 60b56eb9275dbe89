import { Corruption } from '../archive/fault.ts'
import { archiveFiles } from '../archive/files.ts'
import { beforeSegment } from '../archive/find.ts'
import { beginning } from '../archive/position.ts'
import { readGroups } from '../archive/read.ts'
import type { SealKey } from '../archive/seal.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { breath } from '../kernel/breath.ts'
import { usableCache } from './caches.ts'
import { look } from './findings.ts'
import { type Fitted, fitCache } from './fit.ts'
import { corrupt, decideCache, unreadable } from './guard.ts'
import { requireAsAccepted, weighMonths } from './months.ts'
import type { StartOptions } from './options.ts'
import { type Trouble, trouble } from './standing.ts'
import type { Watchman } from './watchman.ts'

/**
 * Judges text and cache as a start does, and looks at every byte besides: somebody has just worked on the text, so that
 * lengths and times say nothing. Finishes what the text demands, and leaves a cache that fits it.
 */
export async function judgeAfresh(
  options: StartOptions,
  sealKey: SealKey,
  watch: Watchman,
  reports: string[],
): Promise<Fitted> {
  watch.note()
  const roles = { sealKey, isProjector: true }
  const found = look({ ...options, lock: 'ours', isProjector: true })
  const decision = decideCache(found)
  if (decision.do === 'refuse') throw new Error(decision.sentence)
  const fitted = await fitCache(options, { found, decision, roles }, reports)
  const ill = fitted.trouble ?? (await unlikeItsWords(options, fitted.path)) ?? disturbed(watch.look())
  return { ...fitted, trouble: ill }
}

const disturbed = (stranger: string | undefined) =>
  stranger === undefined ? undefined : trouble('disturbed', stranger)

/** Months that are over against their seals, the open one against the chain, and accepted edits against what was accepted. */
async function unlikeItsWords({ disk, archive, catalogue }: StartOptions, path: string) {
  const wrong = await weighMonths({ disk, folder: archive })
  if (wrong) return wrong
  const cache = usableCache(path, 'read')
  const accepted = cache ? catalogue.accepted(cache) : []
  cache?.close()
  try {
    const open = await readOpenMonth({ disk, archive })
    if (open) await requireAsAccepted({ disk, folder: archive, accepted }, open)
  } catch (error) {
    if (error instanceof Corruption) return corrupt(error.fault)
    if (error instanceof Unreadable) return unreadable(error)
    throw error
  }
  return undefined
}

/** Answers which month it is. Throws Corruption. */
async function readOpenMonth({ disk, archive }: Pick<StartOptions, 'disk' | 'archive'>) {
  const { segments } = archiveFiles(disk, archive)
  const last = segments.at(-1)
  const from = last && segments.length > 1 ? beforeSegment(disk, archive, last) : beginning
  if (!last || !from) return undefined
  const reading = readGroups(disk, archive, from)
  for (let groups = 1; ; groups++) {
    const step = reading.next()
    if (step.done && step.value.fault) throw new Corruption(step.value.fault)
    if (step.done) return last.month
    if (groups % 2000 === 0) await breath()
  }
}

/** In which troubles it helps to have the text mended; after a failed sync, say, only a restart does. */
export const mayBeMended = (standing: Trouble | undefined): boolean =>
  standing === undefined ||
  ['disturbed', 'corrupt', 'unreadable', 'ahead', 'full', 'cache'].includes(standing.why)

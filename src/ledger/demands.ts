import { carryOut, remainsOf } from '../archive/erase.ts'
import { Corruption } from '../archive/fault.ts'
import type { SealKey } from '../archive/seal.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { cursorOf } from '../cache/cursor.ts'
import { pointTo } from '../cache/generations.ts'
import { usableCache } from './caches.ts'
import { corrupt, unreadable } from './guard.ts'
import { type Months, monthsProblem, sealMonths } from './months.ts'
import { isOfThisText } from './of-this-text.ts'
import type { StartOptions } from './options.ts'
import { anew, type Roles } from './reach.ts'
import { type Trouble, trouble } from './standing.ts'

/**
 * A start finishes what a chained `record.erased` demands: the writer takes the words out of the text; then a cache is
 * made without them, by the writer and by whoever follows it. One is made, too, of the edits that a `record.accepted` names.
 */
export async function finishRewriting(
  options: StartOptions,
  roles: Roles,
  path: string,
  reports: string[],
): Promise<string> {
  const { erasures, carriedOut, isCurrent } = learnt(options, path)
  if (isCurrent || !roles.isProjector) return path
  if (roles.sealKey && erasures.length !== carriedOut) {
    const { disk, archive } = options
    const areThere = erasures.some((erasure) => remainsOf(disk, archive, erasure) === 'words')
    for (const erasure of erasures) await carryOut(disk, archive, erasure)
    if (areThere) reports.push('Words that were to be erased were still there; they are gone now.')
  }
  const made = await anew(options, roles, 'unusable')
  return pointTo(options.cache, options.schemaHash, made.path)
}

/** Seals what is to be sealed, and looks whether the months that are over are as their seals say. */
export async function lookAtMonths(
  options: StartOptions,
  key: SealKey,
  path: string,
  reports: string[],
): Promise<Trouble | undefined> {
  const { archive, erasures, accepted, keys } = learnt(options, path)
  const months: Months = { disk: options.disk, folder: options.archive, archive, erasures, accepted }
  try {
    // A seal counts only when the archive names its key: else that is recorded first, and the ledger seals then.
    const sealed = keys.includes(key.publicKey) ? await sealMonths(months, key) : []
    reports.push(...sealed.map(wasSealed))
    const problem = monthsProblem(months, [...keys, key.publicKey])
    return problem === undefined ? undefined : trouble('corrupt', problem)
  } catch (error) {
    if (error instanceof Corruption) return corrupt(error.fault)
    if (error instanceof Unreadable) return unreadable(error)
    throw error
  }
}

export const wasSealed = (month: string) =>
  `${month} is over and had no seal that fits; it was verified and sealed.`

/** What a cache knows about its archive as a whole. */
function learnt({ catalogue }: StartOptions, path: string) {
  const cache = usableCache(path, 'read')
  try {
    const cursor = cache && cursorOf(cache)
    if (!cursor) throw new Error(`${path} is no cache`)
    const erasures = catalogue.erasures(cache)
    const accepted = catalogue.accepted(cache)
    const keys = catalogue.sealKeys(cache)
    const isCurrent = isOfThisText(cache, catalogue)
    return { archive: cursor.archive, carriedOut: cursor.erasures, erasures, accepted, keys, isCurrent }
  } finally {
    cache?.close()
  }
}

import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Disk } from '../archive/disk.ts'
import { goneMonth, inOrder, surveyArchive } from '../archive/edits.ts'
import { makeLasting, readWhole, weigh, writeWhole } from '../archive/file.ts'
import { archiveFiles, erasuresName, quarantineName } from '../archive/files.ts'
import { sha256 } from '../archive/grammar.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import { reserveCache } from '../cache/generations.ts'
import { momentOf } from '../kernel/moment.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { unreadable } from '../ledger/guard.ts'
import type { Ledger, LedgerOptions } from '../ledger/ledger.ts'
import { rebuildWith } from '../ledger/rebuild.ts'
import { makeScratch } from '../ledger/scratch.ts'
import { bestCopy, type EditFolders } from '../reports/edits.ts'

/** What is needed to plan a mending and to carry it out. */
export type MendOptions = Pick<
  LedgerOptions,
  'disk' | 'source' | 'archive' | 'cache' | 'catalogue' | 'rebuild'
>

/**
 * What takes as long as there is text is planned while people write. `again` answers the same plan with nobody writing, and
 * makes another only where the text is not the same any more: a mistake changes nothing, and nobody waits for long.
 */
export async function planFor<Plan>({ disk, archive }: MendOptions, make: () => Promise<Plan>) {
  const before = await weighAll(disk, archive)
  const plan = await make()
  return {
    plan,
    again: async () => (isDeepStrictEqual(await weighAll(disk, archive), before) ? plan : make()),
  }
}

/** The hash of each month, and of the list of erasures. Whoever else waits in this process gets a turn after each. Throws a Refusal. */
async function weighAll(disk: Disk, archive: string): Promise<ReadonlyMap<string, string>> {
  const { segments, hasErasures } = archiveFiles(disk, archive)
  const found = new Map<string, string>()
  for (const name of [...segments.map((segment) => segment.name), ...(hasErasures ? [erasuresName] : [])]) {
    const weight = orUnreadable(() => weigh(disk, join(archive, name)))
    if (weight instanceof Unreadable) throw new Refusal('read-only', unreadable(weight).sentence)
    found.set(name, weight.sha256)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return found
}

/** What there is to accept. Throws a Refusal when that is nothing, or more than can be accepted. */
export async function planAcceptance({ disk, archive }: MendOptions, file: string) {
  const standing = await surveyArchive(disk, archive)
  const index = standing.months.findIndex(({ segment }) => segment.name === file)
  const month = standing.months[index]
  if (!month) throw invalid('file', `The archive has no ${file}.`)
  if (month.fault) throw invalid('file', `${file} cannot be accepted: ${month.fault.what}. Restore it.`)
  if (month.edits.length === 0) throw invalid('file', `No record of ${file} was edited.`)
  const earlier = standing.months.slice(0, index).find(({ edits, fault }) => fault || edits.length > 0)
  if (earlier)
    throw invalid('file', `${earlier.segment.name} comes before it and was changed, too: begin there.`)
  return { standing, edits: month.edits }
}

/** A month to be put back. */
export interface RestorePlan {
  readonly found: { readonly copy: string; readonly bytes: Buffer }
  /** What stands there. */
  readonly now: Buffer | undefined
  readonly isClosed: boolean
}

/** What is to be put there. Throws a Refusal when no copy has it, or when it is there already. */
export async function planRestore(folders: EditFolders, file: string): Promise<RestorePlan> {
  const { disk, archive, copies } = folders
  const name = /^(\d{4})\/(\1-(?:0[1-9]|1[0-2]))\.txt$/.exec(file)
  if (!name?.[2]) throw invalid('file', `${file} is no month of the archive, such as 2026/2026-11.txt.`)
  const survey = await surveyArchive(disk, archive)
  const known = survey.months.find(({ segment }) => segment.name === file)
  const month = known ?? goneMonth(name[2])
  const months = known ? survey.months : inOrder([...survey.months, month])
  const { found, unfit } = bestCopy(folders, { ...survey, months }, month)
  if (!found)
    throw invalid('file', [`No copy in ${copies} has ${file} as it was written.`, ...unfit].join('\n'))
  const path = join(archive, file)
  const now = disk.measure(path) ? readWhole(disk, path) : undefined
  if (now?.equals(found.bytes)) throw invalid('file', `${file} is as ${found.copy} has it.`)
  return { found, now, isClosed: months.at(-1) !== month }
}

/** Makes a cache as if these edits were accepted: what no projector could read must never be. Throws a Refusal. */
export async function requireReadable(
  options: MendOptions,
  ledger: Ledger,
  edits: readonly { record: number; hash: string }[],
) {
  const { disk, source, archive, cache, catalogue } = options
  const make = options.rebuild ?? rebuildWith(disk, catalogue.kinds)
  const scratch = makeScratch(disk, cache)
  const path = reserveCache(scratch.path, ledger.schemaHash)
  try {
    const { safe } = await make({ archive, path, now: momentOf(source.now()), accepting: edits }, {})
    if (safe.sequence >= Math.max(...edits.map(({ record }) => record))) return
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw invalid('file', `It cannot be accepted, because no cache can be made of it: ${why}`)
  } finally {
    scratch.remove()
  }
  throw changedMeanwhile()
}

export const changedMeanwhile = () => invalid('file', 'It was changed again meanwhile: look at it once more.')

/** The open month may be longer than its copy was; what was acknowledged has to be in it. */
export function requireAll({ found, isClosed }: RestorePlan, ledger: Ledger) {
  const { sequence, hash } = ledger.head()
  if (isClosed || found.bytes.includes(`\n= ${hash}\n\n`)) return
  const where = 'neither the copy nor the text holds it'
  throw new Refusal('read-only', `Record ${sequence} was acknowledged, and ${where}.`)
}

/** What stood there is kept in `quarantine/`, as everything is that leaves the text. Answers its name. */
export async function putBack(
  { disk, archive }: MendOptions,
  file: string,
  { found, now, isClosed }: RestorePlan,
): Promise<string | null> {
  const kept = now ? `${quarantineName}/${file.slice(5, 12)}-${sha256(now).slice(0, 16)}.edited` : null
  if (now && kept) {
    makeLasting(disk, join(archive, quarantineName))
    await writeWhole(disk, join(archive, kept), now)
  }
  makeLasting(disk, join(archive, dirname(file)))
  await writeWhole(disk, join(archive, file), found.bytes, isClosed ? 0o400 : 0o600)
  return kept
}

import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Disk } from '../archive/disk.ts'
import { goneMonth, inOrder, surveyArchive } from '../archive/edits.ts'
import { makeLasting, readWhole, weigh, writeWhole } from '../archive/file.ts'
import { archiveFiles, erasuresName, quarantineName } from '../archive/files.ts'
import { sha256 } from '../archive/grammar.ts'
import { cursorOf } from '../cache/cursor.ts'
import { reserveCache } from '../cache/generations.ts'
import { parsed, perform } from '../commands/command.ts'
import { tellQuarantined, tellVerified } from '../commands/recovery.ts'
import { tellOfVerification } from '../jobs/keeping.ts'
import { type Actor, writtenBy } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import { permitted } from '../kernel/permissions.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { recordAcceptances } from '../ledger/accept.ts'
import { promisedBy } from '../ledger/caches.ts'
import type { Ledger, LedgerOptions } from '../ledger/ledger.ts'
import { rebuildWith } from '../ledger/rebuild.ts'
import { makeScratch } from '../ledger/scratch.ts'
import type { Trouble } from '../ledger/standing.ts'
import { bestCopy, type EditFolders, type EditsReport, editsReport } from '../reports/edits.ts'
import { forgetProblems, type VerifyReport, verifyReport } from '../reports/verify.ts'
import { keepRestored, tellRestored } from './untold.ts'

/** What came of it: `trouble` is what still keeps the site from writing. */
export interface Mended {
  readonly trouble: Trouble | null
}

export interface AcceptedFile extends Mended {
  readonly file: string
  readonly records: number
}

export interface RestoredFile extends Mended {
  readonly file: string
  readonly from: string
  /** Where the text that stood there is kept; null when there was none. */
  readonly kept: string | null
}

/** The ways out when somebody edited the text. Each throws a Refusal, and then nothing was changed. */
export interface EditOperations {
  report(): Promise<EditsReport>
  /** What was edited in this file stays. */
  accept(actor: Actor, file: string): Promise<AcceptedFile>
  /** The file is put back as the newest copy has it that the chain proves; `from` is one folder to take it from. */
  restore(actor: Actor, file: string, from?: string): Promise<RestoredFile>
  /** Looks at everything again: when all is well, writing goes on. */
  lookAgain(actor: Actor): Promise<Mended>
}

type Options = Pick<LedgerOptions, 'disk' | 'source' | 'archive' | 'cache' | 'catalogue' | 'rebuild'> & {
  /** The folder in which backups are. */
  readonly backups: string
  /** How the report is made where it must not be made in this thread. */
  readonly report?: () => Promise<EditsReport>
  /** How every byte is read there. */
  readonly verify?: () => Promise<VerifyReport>
}

/** What may be asked over the control socket, before it is checked. */
export type EditRequest =
  | { readonly name: 'acceptEdits'; readonly file: string }
  | { readonly name: 'restoreMonth'; readonly file: string; readonly from: string | undefined }
  | { readonly name: 'lookAgain' }

const requests = z.discriminatedUnion('name', [
  z.object({ name: z.literal('acceptEdits'), file: z.string() }),
  z.object({ name: z.literal('restoreMonth'), file: z.string(), from: z.string().optional() }),
  z.object({ name: z.literal('lookAgain') }),
])

export const isEditRequest = (name: string): name is EditRequest['name'] =>
  requests.options.some(({ shape }) => shape.name.value === name)

/** Does what was asked. Throws a Refusal. */
export function performEdit(operations: EditOperations, actor: Actor, raw: object): Promise<Mended> {
  const request = parsed(requests, raw)
  if (request.name === 'acceptEdits') return operations.accept(actor, request.file)
  if (request.name === 'restoreMonth') return operations.restore(actor, request.file, request.from)
  return operations.lookAgain(actor)
}

export function editOperations(ledger: Ledger, options: Options): EditOperations {
  const folders = { ...options, copies: [options.backups] }
  /** What was found before may not be so any more; what could not be told until now is told. */
  async function mended(): Promise<Mended> {
    forgetProblems(options.cache)
    return now()
  }

  async function now(): Promise<Mended> {
    const trouble = ledger.trouble() ?? null
    if (!trouble) await tellRestored(ledger.record, options.cache)
    return { trouble }
  }

  /** Has everything judged afresh, with nobody writing meanwhile, and keeps in the history what had to be put away. */
  async function mend<Result>(actor: Actor, work: () => Promise<Result>): Promise<Result> {
    const before = ledger.quarantined
    const result = await ledger.standAside(work)
    const { quarantined } = ledger
    if (quarantined && quarantined !== before && !ledger.trouble())
      await perform(ledger.record, tellQuarantined, actor, quarantined)
    return result
  }

  /** Reads every byte while people write, and keeps in the history what was found. */
  async function verify(actor: Actor) {
    const read = options.verify ?? (() => verifyReport(folders, false))
    const { records, problems, seconds } = await read()
    const milliseconds = Math.round(seconds * 1000)
    await tellOfVerification(ledger, actor, { records, problems: problems.length, milliseconds })
  }

  return {
    report: options.report ?? (() => editsReport(folders)),

    async accept(actor, file) {
      permitted(actor, 'mendArchive', momentOf(options.source.now()))
      const planned = await planFor(options, () => planAcceptance(options, file))
      await requireReadable(options, ledger, planned.plan.edits)
      const { edits } = planned.plan
      await mend(actor, async () => {
        const plan = await planned.again()
        if (!isDeepStrictEqual(plan.edits, edits)) throw changedMeanwhile()
        const promised = promisedBy(options.cache, cursorOf(ledger.cache())?.archive || undefined)
        await recordAcceptances(options, plan.standing, { by: writtenBy(actor), edits, promised })
      })
      return { file, records: edits.length, ...(await mended()) }
    },

    async restore(actor, file, from) {
      permitted(actor, 'mendArchive', momentOf(options.source.now()))
      const place = { ...folders, copies: from === undefined ? folders.copies : [from] }
      const planned = await planFor(options, () => planRestore(place, file))
      requireAll(planned.plan, ledger)
      const { plan, kept } = await mend(actor, async () => {
        const plan = await planned.again()
        requireAll(plan, ledger)
        const kept = await putBack(options, file, plan)
        keepRestored(options.cache, { by: actor, file, sha256: sha256(plan.found.bytes) })
        return { plan, kept }
      })
      return { file, from: plan.found.copy, kept, ...(await mended()) }
    },

    async lookAgain(actor) {
      permitted(actor, 'mendArchive', momentOf(options.source.now()))
      await ledger.reconcile()
      if (!ledger.trouble()) {
        await verify(actor)
        return now()
      }
      const elapsed = stopwatch()
      await mend(actor, async () => {})
      if (!ledger.trouble()) {
        const { sequence: records } = ledger.head()
        const milliseconds = Math.round(elapsed() * 1000)
        await perform(ledger.record, tellVerified, actor, { records, problems: 0, milliseconds })
      }
      return mended()
    },
  }
}

/**
 * What takes as long as there is text is planned while people write. `again` answers the same plan with nobody writing, and
 * makes another only where the text is not the same any more: a mistake changes nothing, and nobody waits for long.
 */
async function planFor<Plan>({ disk, archive }: Options, make: () => Promise<Plan>) {
  const before = await weighAll(disk, archive)
  const plan = await make()
  return {
    plan,
    again: async () => (isDeepStrictEqual(await weighAll(disk, archive), before) ? plan : make()),
  }
}

/** The hash of each month, and of the list of erasures. Whoever else waits in this process gets a turn after each. */
async function weighAll(disk: Disk, archive: string): Promise<ReadonlyMap<string, string>> {
  const { segments, hasErasures } = archiveFiles(disk, archive)
  const found = new Map<string, string>()
  for (const name of [...segments.map((segment) => segment.name), ...(hasErasures ? [erasuresName] : [])]) {
    found.set(name, weigh(disk, join(archive, name)).sha256)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return found
}

/** What there is to accept. Throws a Refusal when that is nothing, or more than can be accepted. */
async function planAcceptance({ disk, archive }: Options, file: string) {
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

interface RestorePlan {
  readonly found: { readonly copy: string; readonly bytes: Buffer }
  /** What stands there. */
  readonly now: Buffer | undefined
  readonly isClosed: boolean
}

/** What is to be put there. Throws a Refusal when no copy has it, or when it is there already. */
async function planRestore(folders: EditFolders, file: string): Promise<RestorePlan> {
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
async function requireReadable(
  options: Options,
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

const changedMeanwhile = () => invalid('file', 'It was changed again meanwhile: look at it once more.')

/** The open month may be longer than its copy was; what was acknowledged has to be in it. */
function requireAll({ found, isClosed }: RestorePlan, ledger: Ledger) {
  const { sequence, hash } = ledger.head()
  if (isClosed || found.bytes.includes(`\n= ${hash}\n\n`)) return
  const where = 'neither the copy nor the text holds it'
  throw new Refusal('read-only', `Record ${sequence} was acknowledged, and ${where}.`)
}

/** What stood there is kept in `quarantine/`, as everything is that leaves the text. Answers its name. */
async function putBack(
  { disk, archive }: Options,
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

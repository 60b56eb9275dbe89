import { isDeepStrictEqual } from 'node:util'
import { sha256 } from '../archive/grammar.ts'
import { cursorOf } from '../cache/cursor.ts'
import { perform } from '../commands/command.ts'
import { tellQuarantined, tellVerified } from '../commands/recovery.ts'
import { tellOfVerification } from '../jobs/keeping.ts'
import { type Actor, writtenBy } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import { permitted } from '../kernel/permissions.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { recordAcceptances } from '../ledger/accept.ts'
import { promisedBy } from '../ledger/caches.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Trouble } from '../ledger/standing.ts'
import { type EditsReport, editsReport } from '../reports/edits.ts'
import { forgetProblems, type VerifyReport, verifyReport } from '../reports/verify.ts'
import {
  changedMeanwhile,
  type MendOptions,
  planAcceptance,
  planFor,
  planRestore,
  putBack,
  requireAll,
  requireReadable,
} from './edit-plans.ts'
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

type Options = MendOptions & {
  /** The folder in which backups are. */
  readonly backups: string
  /** How the report is made where it must not be made in this thread. */
  readonly report?: () => Promise<EditsReport>
  /** How every byte is read there. */
  readonly verify?: () => Promise<VerifyReport>
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

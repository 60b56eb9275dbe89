import { statfsSync } from 'node:fs'
import { getTableName } from 'drizzle-orm'
import { cursorOf } from './cache/cursor.ts'
import { perform } from './commands/command.ts'
import { tellRebuilt, tellVerified } from './commands/recovery.ts'
import { momentOf } from './kernel/moment.ts'
import type { Ledger } from './ledger/ledger.ts'
import type {
  Coverage,
  Edits,
  FoundProblem,
  Operations,
  Segment,
  Sheet,
  Standing,
} from './queries/operations.ts'
import { kinds, tables } from './records/kinds.ts'
import { rowCounts } from './reports/rebuild.ts'
import { segmentsReport } from './reports/segments.ts'
import { secretKeys } from './reports/sheet.ts'
import { lastVerificationName, statusReport } from './reports/status.ts'
import type { Folders, VerifyReport } from './reports/verify.ts'
import { verifyBeside } from './verify-beside.ts'
import { type Job, openWorkroom } from './work.ts'

export interface OperationsOptions {
  readonly ledger: Ledger
  readonly folders: Folders & { readonly secrets: string }
  /** How a backup is made, where this server makes any. */
  readonly backUp?: Job
  readonly edits?: Edits
  /** Told of what nobody foresaw. */
  readonly onDefect: (error: unknown) => void
}

/** What the recovery pages may ask for and have done. `close` before the ledger: it ends what is under way. */
export function openOperations(options: OperationsOptions): Operations & { close(): Promise<void> } {
  const { ledger, folders, backUp, edits = null, onDefect } = options
  const { disk, source, catalogue } = folders
  let verified: VerifyReport | undefined
  let compared: (Required<Pick<VerifyReport, 'deep'>> & { readonly at: string }) | undefined

  const verification = (isDeep: boolean): Job => ({
    mayEnd: true,
    async run({ signal, onProgress }) {
      const report = await verifyBeside(folders, {
        isDeep,
        signal,
        onProgress: ({ isComparing, ...progress }) =>
          onProgress({ phase: isComparing ? 'comparing' : 'reading', ...progress }),
      })
      const { records, problems, deep } = report
      verified = report
      if (deep) compared = { deep, at: momentOf(source.now()) }
      // What is wrong with a month that is over stops the writing, as it does at a start.
      if (problems.length > 0) await ledger.inspect()
      const differing = deep ? differingIn(deep) : null
      const told = {
        records,
        problems: problems.length + (differing?.length ?? 0),
        ...(isDeep && { deep: true }),
      }
      return {
        ...{ records, problems: problems.length, differing },
        tell: (actor, milliseconds) => perform(ledger.record, tellVerified, actor, { ...told, milliseconds }),
      }
    },
  })

  const rebuild: Job = {
    mayEnd: true,
    async run({ signal, onProgress }) {
      const { records } = await ledger.rebuild(onProgress, signal)
      const told = { why: 'asked', schema: ledger.schemaHash, records }
      return {
        ...{ records, problems: 0, differing: null },
        tell: (actor, milliseconds) => perform(ledger.record, tellRebuilt, actor, { ...told, milliseconds }),
      }
    },
  }

  const workroom = openWorkroom({
    source,
    onDefect,
    jobs: {
      verify: verification(false),
      compare: verification(true),
      rebuild,
      ...(backUp && { 'back-up': backUp }),
    },
  })

  function standing(): Standing {
    const trouble = ledger.trouble() ?? null
    const status = statusReport(folders, { running: true, trouble })
    const { archive, lastVerification: last, lastRebuild: rebuilt } = status
    const keys = secretKeys(disk, folders.secrets)
    const named = catalogue.sealKeys(ledger.cache())
    return {
      archive: archive.id,
      records: archive.records,
      bytes: archive.bytes,
      head: archive.head,
      fingerprint: keys?.fingerprint ?? named.at(-1) ?? null,
      problems: problemsIn(archive.problems, verified),
      trouble,
      isCaughtUp: ledger.head().sequence === archive.records,
      verified: last && { at: last.at, isWell: last.ok, records: last.records },
      compared: compared ? { at: compared.at, differing: differingIn(compared.deep) } : null,
      rebuilt,
      disk: roomIn(folders.archive),
      keys: keys?.digest ?? null,
    }
  }

  function coverage(): Coverage {
    const rows = rowCounts(ledger.cache())
    return {
      comparedAt: compared?.at ?? null,
      tables: tables.map((table) => {
        const name = getTableName(table)
        const found = compared?.deep.tables.find((one) => one.table === name)
        return {
          table: name,
          kinds: kinds
            .filter((kind) => kind.tables.includes(table))
            .map((kind) => ({ kind: kind.name, records: null })),
          rows: found?.rowsLive ?? rows[name] ?? 0,
          compared: found ? { rows: found.rowsRebuilt, isEqual: found.equal } : null,
        }
      }),
    }
  }

  function sheet(): Sheet | null {
    const found = secretKeys(disk, folders.secrets)
    return found
      ? { archive: cursorOf(ledger.cache())?.archive ?? '', keys: found.keys, digest: found.digest }
      : null
  }

  const segments = (): readonly Segment[] =>
    segmentsReport(folders, ledger.head().sequence, catalogue.sealKeys(ledger.cache()))

  return { ...workroom, standing, segments, coverage, sheet, edits }
}

const differingIn = ({ tables }: Required<VerifyReport>['deep']) =>
  tables.filter(({ equal }) => !equal).map(({ table }) => table)

/** What can be seen now, and what the last reading of every byte has found. */
function problemsIn(seen: readonly FoundProblem[], verified: VerifyReport | undefined): FoundProblem[] {
  const found = new Map<string, FoundProblem>()
  for (const problem of [
    ...seen.filter(({ file }) => file !== lastVerificationName),
    ...(verified?.problems ?? []),
  ])
    found.set(JSON.stringify([problem.file, problem.line, problem.sequence, problem.what]), problem)
  return [...found.values()]
}

function roomIn(folder: string) {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}

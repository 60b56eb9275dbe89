import { getTableName } from 'drizzle-orm'
import { readSealKey } from '../archive/seal.ts'
import type { Background } from '../background.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache } from '../cache/generations.ts'
import { perform } from '../commands/command.ts'
import { tellBackedUp, tellRebuilt } from '../commands/recovery.ts'
import { tellOfVerification } from '../jobs/keeping.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Coverage, Edits, Operations, Segment, Sheet, Standing } from '../queries/operations.ts'
import { kinds } from '../records/kinds.ts'
import { comparisonTold, newestVerification } from '../reports/checks/acts.ts'
import { freeBytes } from '../reports/checks/disk.ts'
import type { ComparedTable } from '../reports/compare.ts'
import type { Folders } from '../reports/folders.ts'
import { recordsOf } from '../reports/kinds.ts'
import { lastComparisonOf } from '../reports/last-comparison.ts'
import { rowCounts } from '../reports/rebuild.ts'
import { segmentsReport } from '../reports/segments.ts'
import { secretKeys } from '../reports/sheet.ts'
import { lastVerificationName, statusReport } from '../reports/status.ts'
import { lastVerification } from '../reports/verify.ts'
import { type Job, openWorkroom } from './work.ts'

export interface OperationsOptions {
  readonly ledger: Ledger
  readonly folders: Folders & { readonly secrets: string }
  readonly background: Pick<Background, 'verify' | 'backUp'>
  readonly edits?: Edits
  /** Told of what nobody foresaw. */
  readonly onDefect: (error: unknown) => void
}

/** What the recovery pages may ask for and have done. `close` before the ledger: it ends what is under way. */
export function openOperations(options: OperationsOptions): Operations & { close(): Promise<void> } {
  const { ledger, folders, background, edits = null, onDefect } = options
  const { disk, source, catalogue } = folders

  const verification = (isDeep: boolean): Job => ({
    mayEnd: true,
    async run(watch) {
      const report = await background.verify(isDeep, watch)
      const { records, problems, deep } = report
      const differing = deep ? differingIn(deep.tables) : null
      const found = problems.length + (differing?.length ?? 0)
      const told = { records, problems: found, ...(isDeep && { deep: true }) }
      return {
        ...{ records, problems: problems.length, differing },
        tell: (actor, milliseconds) => tellOfVerification(ledger, actor, { ...told, milliseconds }),
      }
    },
  })

  const backup: Job = {
    mayEnd: true,
    async run(watch) {
      const { records, head, bytes } = await background.backUp(watch)
      return {
        ...{ records, problems: 0, differing: null },
        tell: (actor, milliseconds) =>
          perform(ledger.record, tellBackedUp, actor, { records, head, bytes, milliseconds }),
      }
    },
  }

  const rebuild: Job = {
    mayEnd: true,
    async run(watch) {
      const { records } = await ledger.rebuild(watch)
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
      ...(ledger.isWriter && { 'back-up': backup }),
    },
  })

  function standing(): Standing {
    const trouble = ledger.trouble() ?? null
    const { archive, lastRebuild, missingKeys } = statusReport(folders, { running: true, trouble })
    const last = newestVerification(folders.cache, ledger.cache())
    return {
      archive: archive.id,
      records: archive.records,
      bytes: archive.bytes,
      head: archive.head,
      fingerprint:
        readSealKey(disk, folders.secrets)?.publicKey ?? catalogue.sealKeys(ledger.cache()).at(-1) ?? null,
      problems: archive.problems.filter(({ file }) => file !== lastVerificationName),
      trouble,
      isCaughtUp: ledger.head().sequence === archive.records,
      verified: last ? { at: last.at, isWell: last.ok, records: last.records } : null,
      compared: lastCompared(),
      rebuilt: lastRebuild,
      free: freeBytes(folders.archive),
      keys: secretKeys(disk, folders.secrets)?.digest ?? null,
      missingKeys,
    }
  }

  const comparison = () => lastComparisonOf(currentCache(folders.cache, ledger.schemaHash), folders.cache)

  /** Of a cache that is gone only the history knows. */
  function lastCompared(): Standing['compared'] {
    const last = comparison()
    const { at, isWell } = last ?? comparisonTold(ledger.cache()) ?? {}
    if (at === undefined) return null
    const differing = last ? differingIn(last.tables) : []
    return { at, differing: isWell || differing.length > 0 ? differing : null }
  }

  function coverage(): Coverage {
    const compared = comparison()
    const counts = lastVerification(folders.cache)?.kinds
    const filling = (name: string) =>
      kinds
        .filter((kind) => kind.tables.some((table) => getTableName(table) === name))
        .map((kind) => ({
          kind: kind.name,
          records: counts ? recordsOf(new Map(Object.entries(counts)), kind) : null,
        }))
    const rows = Object.entries(rowCounts(ledger.cache()))
    return {
      comparedAt: compared?.at ?? null,
      tables: compared
        ? compared.tables.map((table) => ({
            ...{ table: table.table, kinds: filling(table.table), rows: table.rowsLive },
            compared: comparedTable(table),
          }))
        : rows.map(([table, count]) => ({ table, kinds: filling(table), rows: count, compared: null })),
    }
  }

  function sheet(): Sheet | null {
    const found = secretKeys(disk, folders.secrets)
    return found ? { archive: cursorOf(ledger.cache())?.archive ?? '', ...found } : null
  }

  const segments = (): readonly Segment[] =>
    segmentsReport(folders, ledger.head().sequence, catalogue.sealKeys(ledger.cache()))

  return { ...workroom, standing, segments, coverage, sheet, edits }
}

const differingIn = (tables: readonly ComparedTable[]) =>
  tables.filter(({ equal }) => !equal).map(({ table }) => table)

const comparedTable = ({ rowsRebuilt, equal, differing, rows, unreadable }: ComparedTable) => ({
  ...{ rows: rowsRebuilt, isEqual: equal, differing },
  first: unreadable === undefined ? rows.map(inWords) : [unreadable],
})

const inWords = ({ is, key, columns }: ComparedTable['rows'][number]) =>
  `${key} is ${is}${columns.length > 0 ? ` in ${columns.join(', ')}` : ''}`

import type { Command } from 'commander'
import type { Difference } from '../cache/compare.ts'
import { environment, readConfig } from '../config.ts'
import type { ComparedTable } from '../reports/compare.ts'
import { type CoverageReport, type CoveredTable, coverageReport } from '../reports/coverage.ts'
import { ledgerOptions } from '../wiring.ts'
import { count, counted, print, progressBar, requireArchive } from './output.ts'

/** What each table of the cache is made from, and whether it is what the archive says. */
export function addCoverage(program: Command): void {
  program
    .command('coverage')
    .description('which records fill which table, and whether the cache is what a rebuild gives')
    .option('--deep', 'name up to 1,000 rows that differ, and check the file of the cache, too')
    .option('--json')
    .action(async ({ deep = false, json }: { deep?: boolean; json?: boolean }) => {
      const config = readConfig(environment())
      requireArchive(config)
      const bar = progressBar('records')
      const report = await coverageReport(ledgerOptions(config), deep, ({ records }) => bar.show(records))
      bar.end()
      print(json, report, describe(report))
      if (!report.ok) process.exitCode = 1
    })
}

const widths = [32, 11, 11, 11] as const

const columns = (name: string, ...figures: readonly string[]) =>
  name.padEnd(widths[0]) + figures.map((figure, index) => figure.padStart(widths[index + 1] ?? 0)).join('')

function describe(report: CoverageReport): string[] {
  return [
    columns('Table, and the kinds that fill it', 'records', 'rows now', 'rebuilt'),
    ...report.tables.flatMap(describeTable),
    ...report.unknown.map(
      ({ kind, records }) => `UNKNOWN  ${kind}: ${counted(records, 'record')}, kept and passed over`,
    ),
    ...report.problems.map((problem) => `PROBLEM  ${problem}`),
    verdict(report),
  ]
}

function verdict({ ok, sequence, seconds, tables, isHeld }: CoverageReport): string {
  if (ok) return `Every row is what the records up to ${count(sequence)} say (${seconds} s).`
  if (tables.length === 0) return 'Nothing could be compared: what stands above comes first.'
  const remedy = isHeld ? './thywill rebuild makes it anew.' : moreThanText
  return `The cache is not what the archive says (${seconds} s). ${remedy}`
}

const moreThanText =
  'It has seen records that the archive does not hold, so nothing may be made anew: docs/runbook.md, "The cache is ahead of the archive".'

function describeTable({ table, kinds, rowsLive, rowsRebuilt, equal, ...rest }: CoveredTable): string[] {
  const now = rowsLive === null ? 'none' : count(rowsLive)
  return [
    `${columns(table, '', now, count(rowsRebuilt))}  ${equal ? 'equal' : 'DIFFERENT'}`,
    ...kinds.map(({ kind, records }) => columns(`  ${kind}`, count(records))),
    ...describeRows(rest),
  ]
}

/** Which rows of a table differ, a line each. */
export function describeRows({ differing, rows }: Pick<ComparedTable, 'differing' | 'rows'>): string[] {
  const rest = differing - rows.length
  return [...rows.map(describeRow), ...(rest > 0 ? [`  and ${count(rest)} more`] : [])]
}

function describeRow({ is, key, columns }: Difference): string {
  // Whoever put a row there by hand may have put anything into its key.
  const shown = /^[\x21-\x7e]+$/.test(String(key)) ? key : JSON.stringify(key)
  return `  ${is.toUpperCase().padEnd(9)}  ${shown}${columns.length > 0 ? `: ${columns.join(', ')}` : ''}`
}

import type { Command } from 'commander'
import type { Progress } from '../archive/verify.ts'
import { type Config, environment, readConfig } from '../config.ts'
import { askServer, Silent } from '../ledger/control.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { keysAreMissing } from '../ledger/missing-keys.ts'
import type { Trouble } from '../ledger/standing.ts'
import { tellRebuild } from '../operator.ts'
import type { Folders } from '../reports/folders.ts'
import type { KindRecords } from '../reports/kinds.ts'
import { type RebuildReport, rebuildReport } from '../reports/rebuild.ts'
import type { Served } from '../reports/served.ts'
import { type StatusReport, statusReport } from '../reports/status.ts'
import { type VerifyReport, verifyReport } from '../reports/verify.ts'
import { ledgerOptions } from '../wiring.ts'
import { describeRows } from './coverage.ts'
import { byServerOrHere } from './here.ts'
import { count, counted, megabytes, print, progressBar, requireArchive } from './output.ts'
import { recordVerification } from './record.ts'

interface Json {
  json?: boolean
}

/** How archive and cache stand, whether every byte is right, and a new cache. */
export function addHealthCommands(program: Command): void {
  program
    .command('status')
    .description('how archive and cache stand')
    .option('--json')
    .action(async ({ json }: Json) => {
      const config = readConfig(environment())
      const report = statusReport(ledgerOptions(config), await serverStanding(config))
      print(json, report, describeStatus(report))
      if (!report.archive.healthy || report.server.trouble || report.missingKeys.length > 0)
        process.exitCode = 1
    })

  program
    .command('verify')
    .description('read the whole archive and say everything that is wrong with it')
    .option('--deep', 'rebuild into a scratch file, too, and compare it with the live cache')
    .option('--json')
    .action(async ({ deep = false, json }: Json & { deep?: boolean }) => {
      const config = readConfig(environment())
      requireArchive(config)
      const bar = progressBar('records')
      const folders = { ...foldersOf(config), served: await served(config.cacheDir) }
      const report = await verifyReport(folders, deep, ({ records }) => bar.show(records))
      bar.end()
      const complaint = await recordVerification(config, report)
      print(json, report, describeVerification(report))
      if (complaint) process.stderr.write(`${complaint}\n`)
      if (!report.ok) process.exitCode = 1
    })

  for (const name of ['rebuild', 'full-recovery', 'reconstruct-from-archives']) {
    program
      .command(name, { hidden: name !== 'rebuild' })
      .description('make a new cache from the archive beside the old one, then switch')
      .option('--json')
      .action(async ({ json }: Json) => {
        const report = await rebuildNow(readConfig(environment()))
        print(json, report, [
          `${count(report.records)} records in ${report.seconds} s (${count(report.recordsPerSecond)} a second).`,
          ...Object.entries(report.tables).map(([table, rows]) => `${table.padEnd(16)} ${count(rows)}`),
        ])
      })
  }
}

const foldersOf = (config: Config): Folders => ledgerOptions(config)

/** A site that works answers this in milliseconds. */
const patience = 10_000

/** Whether a site runs that uses this cache folder, and why it saves nothing if it does not. */
export async function serverStanding({ cacheDir }: Config): Promise<StatusReport['server']> {
  const answered = await askServer(cacheDir, { name: 'trouble', input: {} }, undefined, patience)
  const trouble = (answered?.result ?? null) as Trouble | null
  return { running: answered !== undefined, trouble, ...(answered && { served: await served(cacheDir) }) }
}

/** Which cache the running site serves from; `undefined` where none runs, or one of before this could be asked. */
async function served(cacheDir: string): Promise<Served | undefined> {
  try {
    const answered = await askServer(cacheDir, { name: 'cursor', input: {} }, undefined, patience)
    return answered?.result as Served | undefined
  } catch (error) {
    // One that hangs is found by whoever asks how it stands: the text can be verified all the same.
    const isOlder = error instanceof Error && error.message.includes('does not know "cursor"')
    if (isOlder || error instanceof Silent) return undefined
    throw error
  }
}

async function rebuildNow(config: Config): Promise<RebuildReport> {
  requireArchive(config)
  const bar = progressBar('records')
  try {
    // Both ends are of this project: what the server sends as progress is progress.
    const shown = (progress: unknown) => bar.show((progress as Progress).records)
    const remake = async (ledger: Ledger) => {
      // A start that had no cache has just made one, and has told it.
      if (ledger.rebuilt) return rebuildReport(ledger, ledger.rebuilt)
      const made = await ledger.rebuild({ onProgress: shown })
      await tellRebuild(ledger, made)
      return rebuildReport(ledger, made)
    }
    return await byServerOrHere(config, { name: 'rebuild', input: {} }, remake, shown)
  } finally {
    bar.end()
  }
}

function describeStatus(report: StatusReport) {
  const { archive, cache, code, missingKeys, server, lastVerification, lastRebuild } = report
  return [
    `Archive   ${archive.id ?? 'none yet'}: ${count(archive.records)} records in ${archive.segments} months, ${megabytes(archive.bytes)}`,
    `Head      ${archive.lastSequence} ${archive.head}`,
    ...archive.problems.map(
      ({ file, line, sequence, what }) =>
        `PROBLEM   ${file}:${line ?? ''} record ${sequence ?? '-'}: ${what}`,
    ),
    ...describeUnknown(archive.unknown),
    `Cache     ${cache.file ?? 'none for this code'}${cache.cursor ? ` at record ${cache.cursor.sequence}` : ''}: ${describeFit(cache)}`,
    `Code      schema hash ${code.schemaHash}`,
    ...(missingKeys.length > 0 ? [`Keys      ${keysAreMissing(missingKeys)}`] : []),
    `Server    ${server.running ? 'running' : 'not running'}${server.trouble ? `, READ-ONLY: ${server.trouble.sentence}` : ''}`,
    `Verified  ${lastVerification ? `${lastVerification.at}, ${lastVerification.ok ? 'all well' : 'NOT WELL'}` : 'not yet: ./thywill verify'}`,
    `Rebuilt   ${lastRebuild ? `${lastRebuild.at} in ${lastRebuild.seconds} s` : 'never'}`,
  ]
}

const describeFit = ({ fits, cursor }: StatusReport['cache']) => {
  if (fits) return 'fits'
  return cursor ? 'NOT of this archive as it stands' : 'the next start makes a new one'
}

const describeUnknown = (unknown: readonly KindRecords[]) =>
  unknown.map(({ kind, records }) => `UNKNOWN   ${kind}: ${counted(records, 'record')}, kept and passed over`)

function describeVerification(report: VerifyReport) {
  const { ok, records, segments, bytes, seconds, problems, unknown, deep } = report
  return [
    `${count(records)} records in ${segments} months, ${megabytes(bytes)}, read in ${seconds} s.`,
    ...problems.map(
      ({ file, line, sequence, what }) =>
        `PROBLEM ${file}, line ${line ?? '-'}, record ${sequence ?? '-'}: ${what}`,
    ),
    ...(deep?.tables ?? []).flatMap(({ table, rowsLive, rowsRebuilt, equal, ...rest }) => [
      `${table.padEnd(20)} live ${count(rowsLive ?? 0).padStart(11)}  rebuilt ${count(rowsRebuilt).padStart(11)}  ${equal ? 'equal' : 'DIFFERENT'}`,
      ...describeRows(rest),
    ]),
    ...(deep?.problems ?? []).map((problem) => `PROBLEM ${problem}`),
    ...describeUnknown(unknown),
    ok ? 'Everything is as it was written.' : 'Not everything is as it was written.',
  ]
}

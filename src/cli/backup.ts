import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { asTyped } from '../archive/keys.ts'
import type { Progress } from '../archive/verify.ts'
import { type Config, environment, readConfig } from '../config.ts'
import { askServer } from '../ledger/control.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { forOperator, performAsOperator } from '../operator.ts'
import { type BackupReport, backupReport, requireBackup, sealKeyOf } from '../reports/backup.ts'
import { type RestoreReport, restoreReport } from '../reports/restore.ts'
import { ledgerOptions } from '../wiring.ts'
import { inWords } from './no-room.ts'
import { count, megabytes, print, progressBar, UsedWrongly } from './output.ts'
import { openForCommand } from './record.ts'

interface BackupOptions {
  json?: boolean
  withSecrets?: string
}

interface RestoreOptions extends BackupOptions {
  dryRun?: boolean
  textAlone?: boolean
}

/** A copy of the archive that proves itself, and the way back. */
export function addBackupCommands(program: Command): void {
  program
    .command('backup <dir>')
    .description('copy the archive there, also while the site runs; what has not changed is not copied again')
    .option('--with-secrets <file>', 'add the keys, under the passphrase that this file holds')
    .option('--json')
    .action(async (dir: string, { json, withSecrets }: BackupOptions) => {
      const config = readConfig(environment())
      const passphrase = newPassphraseIn(withSecrets)
      const { report, complaint } = await backUp(config, folderAt(dir), passphrase)
      print(json, report, describeBackup(report, config))
      if (complaint) process.stderr.write(`${complaint}\n`)
    })

  program
    .command('restore <dir>')
    .description('prove a backup, then put it in the place of the archive; what was there is kept aside')
    .option('--dry-run', 'prove it, say what would happen, and change nothing')
    .option('--with-secrets <file>', 'restore its keys, too, with the passphrase that this file holds')
    .option('--text-alone', 'go on though the site that made the backup showed something else')
    .option('--json')
    .action(async (dir: string, { json, dryRun = false, textAlone = false, withSecrets }: RestoreOptions) => {
      const config = readConfig(environment())
      const passphrase = passphraseIn(withSecrets)
      const wish = { dir: folderAt(dir), isDryRun: dryRun, isTextAlone: textAlone, passphrase }
      const report = await restore(config, wish)
      print(json, report, describeRestore(report, config))
    })
}

/** From where the command was typed. Nothing would be the folder that it was typed in, which nobody means. */
function folderAt(given: string): string {
  if (given.trim() === '') throw new UsedWrongly('DIR is empty: name a folder.')
  return resolve(given)
}

/** Beside the running server, which then records it; without one this process takes the lock and records it. */
async function backUp(config: Config, dir: string, passphrase: string | undefined) {
  requireBackup(ledgerOptions(config), dir)
  sealKeyOf(ledgerOptions(config))
  const server = await askServer(config.cacheDir, { name: 'trouble', input: {} })
  const opened = server ? undefined : await openForBackup(config)
  const bar = progressBar('bytes')
  try {
    const report = await backupReport(ledgerOptions(config), { dir, passphrase }, bar.show)
    const complaint = await recorded(config, opened, report)
    return { report, complaint }
  } finally {
    bar.end()
    await opened?.ledger?.close()
  }
}

interface Opened {
  readonly ledger?: Ledger
  readonly why?: string
}

/** A start finishes what a crash left. Where none is possible, an archive can be copied all the same. */
async function openForBackup(config: Config): Promise<Opened> {
  try {
    return { ledger: await openForCommand(ledgerOptions(config)) }
  } catch (error) {
    return { why: inWords(error) }
  }
}

/** Why the backup could not be recorded; it is made all the same. */
async function recorded(
  config: Config,
  opened: Opened | undefined,
  report: BackupReport,
): Promise<string | undefined> {
  const { records, head, bytes, seconds } = report
  const input = { records, head, bytes, milliseconds: Math.round(seconds * 1000) }
  try {
    const ledger = opened?.ledger
    if (ledger) await forOperator(ledger, () => performAsOperator(ledger.record, 'tellBackedUp', input))
    else if (opened) throw new Error(opened.why ?? 'the archive could not be opened')
    else if (!(await askServer(config.cacheDir, { name: 'tellBackedUp', input })))
      throw new Error('the server has ended')
    return undefined
  } catch (error) {
    return `It was made, and could not be recorded: ${inWords(error)}`
  }
}

async function restore(config: Config, wish: Parameters<typeof restoreReport>[1]): Promise<RestoreReport> {
  const bar = progressBar('records')
  try {
    const shown = ({ records }: Progress) => bar.show(records)
    return await restoreReport(ledgerOptions(config), wish, shown)
  } finally {
    bar.end()
  }
}

const shortest = 12

/** As `passphraseIn`, and blanks keep nobody out. */
function newPassphraseIn(file: string | undefined): string | undefined {
  const passphrase = passphraseIn(file)
  if (passphrase !== undefined) requireLong(asTyped(passphrase), file)
  return passphrase
}

/** The first line of the file. Throws UsedWrongly when there is none that would keep anybody out. */
function passphraseIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsedWrongly(`The passphrase cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  const [line = ''] = text.split(/\r?\n/)
  requireLong(line, file)
  return line
}

function requireLong(passphrase: string, file: string | undefined) {
  if ([...passphrase].length < shortest)
    throw new UsedWrongly(
      `The passphrase in ${file} has to have at least ${shortest} characters, on the first line; blanks at its ends do not count.`,
    )
}

function describeBackup(report: BackupReport, { secretsDir }: Config) {
  const { dir, records, head, files, copied, skipped, bytes, seconds, secrets, proof } = report
  return [
    `${count(records)} records are in ${dir}: ${count(files)} files, ${megabytes(bytes)}; ${count(copied)} copied, ${count(skipped)} there already, all read back, in ${seconds} s.`,
    `It ends with ${head}. Keep that elsewhere: it shows whether anything was changed.`,
    secrets
      ? 'It holds the keys, under the passphrase they were given.'
      : report.hasOlderSecrets
        ? `It holds keys that were in ${secretsDir} before, and not all that are there now. --with-secrets FILE puts those in their place.`
        : `It does not hold the keys in ${secretsDir}. Restored on another machine without them, words for fewer than everyone cannot be opened, and seals need a new key, which is recorded. --with-secrets FILE adds them.`,
    ...(proof === 'damaged'
      ? [
          'Pages of the cache are damaged, so the backup does not say what the site showed; every record is in it. ./thywill rebuild makes another cache.',
        ]
      : []),
  ]
}

function describeRestore(report: RestoreReport, { archiveDir }: Config) {
  const { records, head, lost, gained, keptAside, dryRun, equal, seconds, reports } = report
  const would = dryRun ? 'would be' : 'were'
  return [
    `The backup is whole: ${count(records)} records, up to ${head}.`,
    equal === null
      ? 'A cache was made from it; there was none of this version to compare it with.'
      : `A cache was made from it, and it is ${equal ? 'row by row' : 'NOT'} what the site showed that made the backup.`,
    `Records that ${would} gained: ${count(gained)}; given up: ${count(lost)}.`,
    ...reports,
    dryRun ? 'Nothing was changed.' : `${archiveDir} was restored in ${seconds} s.`,
    ...(keptAside
      ? [`What was there before is in ${keptAside}: take it away when nobody needs it any more.`]
      : []),
  ]
}

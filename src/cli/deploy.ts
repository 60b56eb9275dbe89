import type { Command } from 'commander'
import { realDisk } from '../archive/disk.ts'
import { catalogue } from '../catalogue.ts'
import { type Config, environment, readConfig } from '../config.ts'
import { world } from '../kernel/stamp.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import type { LedgerOptions } from '../ledger/ledger.ts'
import { prepareCache } from '../ledger/prepare.ts'
import { makeBundle } from '../make-bundle.ts'
import { rebuildBeside } from '../rebuild-beside.ts'
import { requireBackup } from '../reports/backup.ts'
import { type UpgradeReport, type UpgradeStep, upgradeReport } from '../reports/upgrade.ts'
import { ledgerOptions } from '../wiring.ts'
import { inWords } from './no-room.ts'
import { hand } from './operator.ts'
import { type Bar, count, print, progressBar, requireArchive, UsedWrongly } from './output.ts'
import { restartSite } from './switch.ts'

interface Json {
  json?: boolean
}

/** What a new version does before it takes over. */
export function addDeployCommands(program: Command): void {
  program
    .command('prepare')
    .description('make the cache that this version needs, while another version is serving')
    .option('--json')
    .action(async ({ json }: Json) => {
      const config = readConfig(environment())
      requireArchive(config)
      const options = ledgerOptions(config)
      const schemaHash = schemaHashOf(options.disk, options.catalogue)
      await bundled(options, schemaHash)
      const bar = progressBar('records')
      try {
        const prepared = await prepareCache(
          { ...options, schemaHash, rebuild: rebuildBeside() },
          { onProgress: ({ records }) => bar.show(records) },
        )
        const { isNew, sequence, records, seconds } = prepared
        print(json, { schemaHash, isNew, sequence, records, seconds }, [
          isNew
            ? `The cache of schema ${schemaHash} is ready: ${count(records)} records in ${seconds.toFixed(1)} s.`
            : `The cache of schema ${schemaHash} is there already, up to record ${sequence}.`,
          'The next start of this version only reads what was written since.',
        ])
      } finally {
        bar.end()
      }
    })

  program
    .command('bundle')
    .description('make the bundle of this code, from which it starts faster than from its sources')
    .option('--json')
    .action(async ({ json }: Json) => {
      try {
        await makeBundle(schemaHashOf(realDisk, catalogue), world.now())
      } catch (error) {
        throw new Error(`The bundle could not be made: ${reasonOf(error)}.`, { cause: error })
      }
      print(json, {}, ['The bundle is ready: this version starts from it.'])
    })

  program
    .command('upgrade')
    .description('back up, verify, make the cache that this version needs, verify that, and switch to it')
    .option(
      '--restart <command>',
      'what restarts the site with this version, such as "systemctl restart thywill"',
    )
    .option('--json')
    .action(async ({ restart, json }: Json & { restart?: string }) => {
      const config = readConfig(environment())
      requireArchive(config)
      requireRestart(config, restart)
      requireBackup(ledgerOptions(config), config.backupDir)
      const report = await upgrade(config, restart)
      const complaint = await recorded(config, report)
      print(json, report, describeUpgrade(report))
      if (complaint) process.stderr.write(`${complaint}\n`)
    })
}

/** Without it a start only takes longer: nothing fails for it. Who runs from a bundle has one. */
async function bundled({ catalogue }: Pick<LedgerOptions, 'catalogue'>, schemaHash: string) {
  if (catalogue.schemaHash !== undefined) return
  try {
    await makeBundle(schemaHash, world.now())
  } catch (error) {
    process.stderr.write(
      `This version starts from its sources: its bundle could not be made (${reasonOf(error)}).\n`,
    )
  }
}

/** Without advice on folders of the site: whoever owns the code makes its bundle. */
function reasonOf(error: unknown): string {
  const { code, path, message } = Object(error)
  return /^(EACCES|EPERM|EROFS)$/.test(code) ? `this user may not use ${path}` : String(message ?? error)
}

function requireRestart({ port }: Config, restart: string | undefined) {
  if (restart?.trim() === '') throw new UsedWrongly('--restart names no command.')
  if (restart !== undefined && port === 0)
    throw new UsedWrongly('--restart waits for the site, and with PORT=0 nobody knows where that is.')
}

async function upgrade(config: Config, restart: string | undefined): Promise<UpgradeReport> {
  const bars = barsOfSteps()
  const switchOver =
    restart === undefined
      ? undefined
      : (schemaHash: string) => {
          bars.end()
          return restartSite(config, schemaHash, restart)
        }
  try {
    const options = { ...ledgerOptions(config), rebuild: rebuildBeside() }
    await bundled(options, schemaHashOf(options.disk, options.catalogue))
    return await upgradeReport(options, { dir: config.backupDir, switchOver }, bars.show)
  } finally {
    bars.end()
  }
}

/** One bar a step, under the name of the step. */
function barsOfSteps() {
  let shown: { readonly step: UpgradeStep; readonly bar: Bar } | undefined
  const end = () => shown?.bar.end()
  return {
    end,
    show(step: UpgradeStep, done: number, total?: number) {
      if (shown?.step !== step) {
        end()
        shown = { step, bar: progressBar(`${step === 'make the cache' ? 'records' : 'bytes'} (${step})`) }
      }
      shown.bar.show(done, total)
    },
  }
}

/** By the site, which goes on meanwhile, or by this process. Why it could not be, when all else is done. */
async function recorded(config: Config, report: UpgradeReport): Promise<string | undefined> {
  const { backup, schemaHash: schema, sequence, seconds } = report
  const { records, head, bytes } = backup
  const milliseconds = Math.round(seconds * 1000)
  try {
    const backedUp = { records, head, bytes, milliseconds: Math.round(backup.seconds * 1000) }
    await hand(config, 'tellBackedUp', backedUp)
    await hand(config, 'tellUpgraded', { schema, records: sequence, milliseconds })
    return undefined
  } catch (error) {
    return `All of it was done, and could not be recorded: ${inWords(error)}`
  }
}

function describeUpgrade({ backup, schemaHash, isNew, sequence, isSwitched, steps, seconds }: UpgradeReport) {
  const said: Readonly<Record<UpgradeStep, string>> = {
    'back up': `${count(backup.records)} records are in ${backup.dir}, up to ${backup.head}.`,
    'verify the archive': 'Everything is as it was written.',
    'make the cache': isNew
      ? `The cache of schema ${schemaHash} was made.`
      : `The cache of schema ${schemaHash} was there already.`,
    'verify the cache': `It is sound, and ends with record ${count(sequence)} of the archive.`,
    switch: 'This version is ready.',
  }
  return [
    ...steps.map(
      ({ step, seconds }) => `${step.padEnd(20)}${seconds.toFixed(2).padStart(8)} s  ${said[step]}`,
    ),
    isSwitched
      ? `The site runs this version, ${seconds.toFixed(1)} s after the upgrade began.`
      : `Done in ${seconds.toFixed(1)} s. Restart the site now with this version: it only reads what was written since.`,
  ]
}

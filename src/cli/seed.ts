import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { realDisk } from '../archive/disk.ts'
import { archiveFiles } from '../archive/files.ts'
import { type Config, environment, readConfig } from '../config.ts'
import { momentOf } from '../kernel/moment.ts'
import { stopwatch, world } from '../kernel/stamp.ts'
import { openLedger } from '../ledger/ledger.ts'
import { performAsOperator } from '../operator.ts'
import { holderNames } from '../queries/roles.ts'
import type { Sizes } from '../seed/community.ts'
import { demoCommunity } from '../seed/demo.ts'
import { seededSource } from '../seed/source.ts'
import { ledgerOptions } from '../wiring.ts'
import { wholeNumber } from './operator.ts'
import { count, print, progressBar, UsedWrongly } from './output.ts'
import { keepServing, theServer } from './serve.ts'

export interface SeedReport extends Sizes {
  readonly records: number
  readonly seconds: number
}

/** Loaded by whoever makes a community up: it brings the words of seven languages, and no other command needs them. */
const theSeed = () => import('../seed/community.ts')

/** Made-up communities, written through the real write path. */
export function addSeedCommands(program: Command): void {
  program
    .command('seed')
    .description('fill an empty archive with a made-up community, the same for the same seed')
    .requiredOption('--members <n>', 'how many members', wholeNumber)
    .requiredOption('--prayers <n>', 'how many requests', wholeNumber)
    .requiredOption('--marks <n>', 'how many times "I prayed"', wholeNumber)
    .option('--seed <words>', 'which community', '1')
    .option('--json')
    .action(async ({ json, seed, ...sizes }: Sizes & { seed: string; json?: boolean }) => {
      const { usualEnd } = await theSeed()
      const report = await seedArchive(readConfig(environment()), sizes, seed, usualEnd)
      print(json, report, [
        `${count(report.members)} members, ${count(report.prayers)} requests, ${count(report.marks)} marks: ` +
          `${count(report.records)} records in ${report.seconds} s.`,
      ])
    })

  program
    .command('demo')
    .description('the site with a made-up community in a temporary folder')
    .action(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'thywill-demo-'))
      const config = { ...readConfig(environment()), ...foldersIn(folder), archiveReadOnly: false }
      const { seed, ...sizes } = demoCommunity
      await seedArchive(config, sizes, seed, world.now())
      const { startServer } = await theServer()
      const server = await startServer(config)
      keepServing(server, config, () => rmSync(folder, { recursive: true, force: true }))
      const [name = ''] = holderNames(server.ledger.cache(), 'admin', momentOf(world.now()))
      const { token } = await performAsOperator(server.ledger.record, 'issueLoginLink', { name })
      process.stdout.write(
        `A made-up community lives in ${folder} until you stop this.\n` +
          `Come in as ${name}, an admin:\n${config.baseUrl}/sign-in/${token}\n`,
      )
    })
}

/** Throws when the archive is not empty: a made-up community must never stand among real people. */
export async function seedArchive(
  config: Config,
  sizes: Sizes,
  seed: string,
  until: number,
): Promise<SeedReport> {
  const { requirePossible, seedCommunity, span } = await theSeed()
  requirePossible(sizes)
  if (archiveFiles(realDisk, config.archiveDir).segments.length > 0)
    throw new UsedWrongly(
      `${config.archiveDir} is not empty, and a made-up community needs an empty archive.`,
    )
  const elapsed = stopwatch()
  const source = seededSource(seed, until - span)
  const bar = progressBar('of the community')
  const ledger = await openLedger({ ...ledgerOptions(config), source })
  try {
    const { record } = ledger
    const made = await seedCommunity({ ...sizes, record, source, seed, until, onProgress: bar.show })
    await ledger.settled()
    return { ...made, records: ledger.head().sequence, seconds: elapsed() }
  } finally {
    bar.end()
    await ledger.close()
  }
}

const foldersIn = (folder: string) => ({
  archiveDir: join(folder, 'archives'),
  cacheDir: join(folder, 'cache'),
  backupDir: join(folder, 'backups'),
  secretsDir: join(folder, 'secrets'),
})

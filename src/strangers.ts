import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import { strangerTallies } from './jobs/tallies.ts'
import { world } from './kernel/stamp.ts'
import type { Ledger } from './ledger/ledger.ts'
import { openSecurityLog, type StrangerRefused } from './outside/security-log.ts'

/** Strangers who are refused: a line each in a log of bounded size beside the cache, a record an hour of how many. */
export function watchStrangers(
  { cacheDir }: Pick<Config, 'cacheDir'>,
  { record }: Pick<Ledger, 'record'>,
  log: Pick<FastifyBaseLogger, 'error' | 'warn'>,
) {
  const lines = openSecurityLog({
    folder: cacheDir,
    source: world,
    onFailure: (error) => log.error({ err: error }, 'the security log cannot be written'),
  })
  const tallies = strangerTallies({
    record,
    onFailure: (error) => log.warn({ err: error }, 'refusals of strangers are not recorded yet'),
  })
  return {
    refused(refused: StrangerRefused) {
      lines.write(refused)
      tallies.count(refused.what)
    },
    async close() {
      lines.close()
      await tallies.close()
    },
  }
}

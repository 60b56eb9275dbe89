import type { Command } from 'commander'
import { environment, readConfig } from '../config.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { prepareCache } from '../ledger/prepare.ts'
import { ledgerOptions } from '../wiring.ts'
import { count, print, progressBar, requireArchive } from './output.ts'

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
      const schemaHash = schemaHashOf(options.disk, options.catalogue.golden, options.catalogue.kinds)
      const bar = progressBar('records')
      try {
        const prepared = await prepareCache(
          { ...options, schemaHash },
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
}

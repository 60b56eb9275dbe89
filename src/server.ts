import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import { world } from './kernel/stamp.ts'
import { type Handler, serveControl } from './ledger/control.ts'
import { followArchive } from './ledger/follow.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { isOperatorCommand, performAsOperator } from './operator.ts'
import { rebuildReport } from './reports/rebuild.ts'
import { buildApp } from './web/app.ts'
import type { Site } from './web/site.ts'
import { ledgerOptions } from './wiring.ts'

export interface Server {
  readonly app: FastifyInstance
  readonly ledger: Ledger
  readonly url: string
  /** The link that makes the first admin; undefined when there is one, or when nothing can be saved. */
  readonly firstLink: string | undefined
  /** Lets requests and writes under way end, then lets go of everything. */
  close(): Promise<void>
}

/** The guard, then the site. `onProgress` is told about records while a cache is made. */
export async function startServer(config: Config, onProgress?: (records: number) => void): Promise<Server> {
  const ledger = await openLedger({ ...ledgerOptions(config), onProgress })
  const app = await buildApp(siteOf(config, ledger))
  const isWriter = ledger.trouble()?.why !== 'elsewhere' && !config.archiveReadOnly
  const control = isWriter ? await serveControl(config.cacheDir, answer(ledger)) : undefined
  const following = followArchive(ledger, (error) =>
    app.log.error({ err: error }, 'the archive cannot be watched'),
  )
  const firstLink = ledger.trouble() ? undefined : await freshFirstLink(config, ledger)
  const url = await app.listen({ host: config.host, port: config.port })
  return {
    app,
    ledger,
    url,
    firstLink,
    async close() {
      await app.close()
      await following.close()
      await control?.close()
      await ledger.close()
    },
  }
}

const siteOf = (config: Config, ledger: Ledger): Site => ({
  config,
  source: world,
  record: ledger.record,
  cache: ledger.cache,
  state: () =>
    ledger.trouble()
      ? {
          writable: false,
          sentence: 'You can read, but nothing can be saved just now. Copy your words before you leave.',
        }
      : { writable: true },
  readiness: () => ({ ready: true, phase: 'serving', percent: 100, etaSeconds: null }),
})

/** What the command line may ask of a running server. */
const answer =
  (ledger: Ledger): Handler =>
  async ({ name, input }, onProgress) => {
    if (name === 'trouble') return ledger.trouble() ?? null
    if (name === 'rebuild') return rebuildReport(ledger, await ledger.rebuild(onProgress))
    if (isOperatorCommand(name)) return performAsOperator(ledger.record, name, input)
    throw new Error(`The running server does not know "${name}": it may be of another version.`)
  }

async function freshFirstLink(config: Config, ledger: Ledger): Promise<string | undefined> {
  const { token } = await performAsOperator(ledger.record, 'openFirstLink', {})
  return token === null ? undefined : `${config.baseUrl}/claim/${token}`
}

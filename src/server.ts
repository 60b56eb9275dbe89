import type { FastifyInstance } from 'fastify'
import type { Progress } from './archive/verify.ts'
import type { Config } from './config.ts'
import { Refusal } from './kernel/refusal.ts'
import { stopwatch, world } from './kernel/stamp.ts'
import { type Handler, serveControl } from './ledger/control.ts'
import { followArchive } from './ledger/follow.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { openOperations } from './operations.ts'
import { forOperator, isOperatorCommand, performAsOperator } from './operator.ts'
import type { Operations } from './queries/operations.ts'
import { rebuildBeside } from './rebuild-beside.ts'
import { rebuildReport } from './reports/rebuild.ts'
import { buildApp } from './web/app.ts'
import type { Readiness, Site } from './web/site.ts'
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

/**
 * Listens at once, then opens the ledger: until that is done people see how far it is. `onProgress` is told while a cache
 * is made. Throws what the guard throws, with nothing left open.
 */
export async function startServer(
  config: Config,
  onProgress?: (progress: Progress) => void,
): Promise<Server> {
  const opening = openingOf(config)
  const app = await buildApp(opening.site)
  const open: (() => Promise<unknown>)[] = [() => app.close()]
  const close = async () => {
    for (const end of open.splice(0)) await end()
  }
  try {
    const url = await app.listen({ host: config.host, port: config.port })
    const ledger = await openLedger({
      ...ledgerOptions(config),
      rebuild: rebuildBeside(),
      onProgress(progress) {
        opening.show(progress)
        onProgress?.(progress)
      },
    })
    open.push(() => ledger.close())
    const following = followArchive(ledger, (error) =>
      app.log.error({ err: error }, 'the archive cannot be watched'),
    )
    open.splice(1, 0, () => following.close())
    if (ledger.isWriter) {
      const control = await serveControl(config.cacheDir, answer(ledger))
      open.splice(1, 0, () => control.close())
    }
    const operations = openOperations({
      ledger,
      folders: ledgerOptions(config),
      onDefect: (error) => app.log.error({ err: error }, 'work of the recovery pages failed'),
    })
    open.splice(1, 0, () => operations.close())
    const firstLink = await freshFirstLink(config, ledger)
    opening.done(ledger, operations)
    ledger.inspect().catch((error: unknown) => app.log.error({ err: error }, 'the archive cannot be read'))
    return { app, ledger, url, firstLink, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The site before and after its ledger is open. */
function openingOf(config: Config) {
  const elapsed = stopwatch()
  let ledger: Ledger | undefined
  let operations: Operations | undefined
  let readiness: Readiness = { ready: false, phase: 'opening', percent: 0, etaSeconds: null }
  const early = () => new Error('nobody asks before the site is ready')
  const opened = () => {
    if (!ledger) throw early()
    return ledger
  }
  const site: Site = {
    config,
    source: world,
    record: (rehearse) => opened().record(rehearse),
    cache: () => opened().cache(),
    state: () =>
      ledger?.trouble()
        ? {
            writable: false,
            sentence: 'You can read, but nothing can be saved just now. Copy your words before you leave.',
          }
        : { writable: true },
    operations: () => {
      if (!operations) throw early()
      return operations
    },
    readiness: () => readiness,
  }
  return {
    site,
    show({ bytes, totalBytes }: Progress) {
      const share = totalBytes > 0 ? bytes / totalBytes : 0
      const etaSeconds = share > 0 ? Math.ceil((elapsed() * (1 - share)) / share) : null
      readiness = { ready: false, phase: 'rebuilding', percent: Math.floor(share * 100), etaSeconds }
    },
    done(made: Ledger, room: Operations) {
      ledger = made
      operations = room
      readiness = { ready: true, phase: 'serving', percent: 100, etaSeconds: null }
    },
  }
}

/** What the command line may ask of a running server. */
const answer =
  (ledger: Ledger): Handler =>
  async ({ name, input }, onProgress) => {
    if (name === 'trouble') return ledger.trouble() ?? null
    if (name === 'rebuild') return rebuildReport(ledger, await ledger.rebuild(onProgress))
    if (!isOperatorCommand(name))
      throw new Error(`The running server does not know "${name}": it may be of another version.`)
    return forOperator(ledger, () => performAsOperator(ledger.record, name, input))
  }

async function freshFirstLink(config: Config, ledger: Ledger): Promise<string | undefined> {
  if (ledger.trouble()) return undefined
  try {
    const { token } = await performAsOperator(ledger.record, 'openFirstLink', {})
    return token === null ? undefined : `${config.baseUrl}/claim/${token}`
  } catch (error) {
    // The disk is full, say: the site serves what it has, and the next start prints a link.
    if (error instanceof Refusal) return undefined
    throw error
  }
}

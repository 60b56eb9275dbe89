import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Progress } from './archive/verify.ts'
import { type Background, background } from './background.ts'
import type { Config } from './config.ts'
import { draftChore, forgettingChores } from './jobs/forgetting.ts'
import { keepingChores, tellOfStart } from './jobs/keeping.ts'
import { lapseChore } from './jobs/lapses.ts'
import { type Nightly, runNightly } from './jobs/nightly.ts'
import { operator } from './kernel/actor.ts'
import { Refusal } from './kernel/refusal.ts'
import { stopwatch, world } from './kernel/stamp.ts'
import { type Handler, serveControl } from './ledger/control.ts'
import { followArchive } from './ledger/follow.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import type { Rebuild } from './ledger/rebuild.ts'
import type { Trouble } from './ledger/standing.ts'
import { isEditRequest, performEdit } from './operations/edit-requests.ts'
import { type EditOperations, editOperations } from './operations/edits.ts'
import { nameSealingKey } from './operations/keys.ts'
import { openOperations } from './operations/recovery.ts'
import { tellRestored } from './operations/untold.ts'
import { forOperator, isOperatorCommand, performAsOperator, tellRebuild } from './operator.ts'
import { type Drafts, openDrafts } from './outside/drafts.ts'
import { type NotSent, type Outbox, openOutbox } from './outside/outbox.ts'
import { smtpCarrier } from './outside/smtp.ts'
import type { Operations } from './queries/operations.ts'
import { rebuildBeside } from './rebuild-beside.ts'
import { figuresOf } from './reports/figures.ts'
import { rebuildReport } from './reports/rebuild.ts'
import { servedBy } from './reports/served.ts'
import { watchStrangers } from './strangers.ts'
import { buildApp } from './web/app.ts'
import type { Readiness, Site } from './web/site.ts'
import { ledgerOptions } from './wiring.ts'

export interface Server {
  readonly app: FastifyInstance
  readonly ledger: Ledger
  readonly url: string
  /** The link that makes the first admin; undefined when there is one, or when nothing can be saved. */
  readonly firstLink: string | undefined
  /** Backups and verifications, every night and when asked; only where this process writes. */
  readonly nightly:
    | Nightly<'backups' | 'verifications' | 'lapses' | 'erasures' | 'drafts' | 'rests'>
    | undefined
  /** Lets requests and writes under way end, then lets go of everything. */
  close(): Promise<void>
}

/**
 * Listens at once, then opens the ledger: until that is done people see how far it is. `onProgress` is told while a cache
 * is made; `rebuild` is how. Throws what the guard throws, with nothing left open.
 */
export async function startServer(
  config: Config,
  onProgress?: (progress: Progress) => void,
  rebuild: Rebuild = rebuildBeside(),
): Promise<Server> {
  const outbox = outboxOf(config, (why) => app.log.warn(why, 'a mail was not sent'))
  const opening = openingOf(config, outbox, (error) =>
    app.log.warn({ code: Object(error).code }, 'a draft was not kept'),
  )
  const app = await buildApp(opening.site)
  const open: (() => Promise<unknown>)[] = [() => app.close()]
  if (outbox) open.push(() => outbox.close())
  const close = async () => {
    for (const end of open.splice(0)) await end()
  }
  try {
    const url = await app.listen({ host: config.host, port: config.port })
    const ledger = await openLedger({
      ...ledgerOptions(config),
      rebuild,
      onTrouble: (trouble) => app.log.warn(trouble ? { why: trouble.why } : {}, standingNow(trouble)),
      onDefect: (error) => app.log.error({ err: error }, error.message),
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
    const folders = ledgerOptions(config)
    const work = background(config)
    const edits = editOperations(ledger, {
      ...folders,
      rebuild,
      report: () => work.edits(),
      verify: () => work.verify(),
    })
    if (ledger.isWriter) {
      const control = await serveControl(config.cacheDir, answer(ledger, edits))
      open.splice(1, 0, () => control.close())
    }
    const operations = openOperations({
      ...{ ledger, folders, background: work },
      ...(ledger.isWriter && { edits }),
      onDefect: (error) => app.log.error({ err: error }, 'work of the recovery pages failed'),
    })
    const strangers = ledger.isWriter ? watchStrangers(config, ledger, app.log) : undefined
    if (strangers) open.splice(1, 0, () => strangers.close())
    const nightly = ledger.isWriter ? keepWell(work, ledger, { app, drafts: opening.site.drafts }) : undefined
    open.splice(1, 0, () => Promise.all([operations.close(), work.close(), nightly?.close()]))
    if (!ledger.trouble()) {
      await unlessRefused(() => tellOfStart(ledger.record, ledger))
      await tellRestored(ledger.record, config.cacheDir)
      if (ledger.isWriter) await unlessRefused(() => nameSealingKey(ledger, folders))
    }
    const firstLink = await freshFirstLink(config, ledger)
    opening.done(ledger, operations, strangers?.refused)
    // Whoever waited for the start is answered first.
    setImmediate(() => {
      if (open.length === 0) return
      ledger.inspect().catch((error: unknown) => app.log.error({ err: error }, 'the archive cannot be read'))
      // A start asks the cache for little, and a damaged page may be where nobody comes for weeks.
      ledger.lookThrough(work.checkCache).catch((error: unknown) => {
        if (open.length > 0) app.log.error({ err: error }, 'the cache cannot be looked through')
      })
    })
    return { app, ledger, url, firstLink, nightly, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The site before and after its ledger is open. */
function openingOf(config: Config, outbox: Outbox | null, onDraftFailure: (error: unknown) => void) {
  const begins: Readiness = { ready: false, phase: 'opening', percent: 0, etaSeconds: null }
  const serves: Readiness = { ready: true, phase: 'serving', percent: 100, etaSeconds: null }
  const elapsed = stopwatch()
  let ledger: Ledger | undefined
  let reading = begins
  let figures: Site['figures'] | undefined
  let operations: Operations | undefined
  let onRefused: Site['refused']
  const early = () => new Error('nobody asks before the site is ready')
  const opened = () => {
    if (!ledger) throw early()
    return ledger
  }
  const site: Site = {
    config,
    source: world,
    record: (rehearse) => opened().record(rehearse),
    get keyring() {
      return opened().keyring
    },
    outbox,
    drafts: openDrafts({
      folder: join(config.cacheDir, 'drafts'),
      source: world,
      keyring: () => opened().keyring,
      onFailure: onDraftFailure,
    }),
    cache: () => opened().cache(),
    isMending: (error) => ledger?.isMending(error) ?? false,
    state: () =>
      ledger?.trouble()
        ? {
            writable: false,
            sentence: 'You can read, but nothing can be saved just now. Copy your words before you leave.',
          }
        : { writable: true },
    // A damaged cache is made anew while the site runs, and nothing can be read until then.
    readiness: () => (ledger && ledger.trouble()?.why !== 'damaged' ? serves : reading),
    figures: () => figures?.(),
    refused: (refused) => onRefused?.(refused),
    operations: () => {
      if (!operations) throw early()
      return operations
    },
  }
  return {
    site,
    show({ bytes, totalBytes }: Progress) {
      const share = totalBytes > 0 ? bytes / totalBytes : 0
      const etaSeconds = share > 0 && !ledger ? Math.ceil((elapsed() * (1 - share)) / share) : null
      reading = { ready: false, phase: 'rebuilding', percent: Math.floor(share * 100), etaSeconds }
    },
    done(made: Ledger, room: Operations, refused: Site['refused']) {
      ledger = made
      onRefused = refused
      operations = room
      reading = begins
      figures = figuresOf(ledgerOptions(config), made)
    },
  }
}

/** Mail, where this site has it. */
function outboxOf({ mailUrl, mailFrom }: Config, onFailure: (why: NotSent) => void): Outbox | null {
  if (mailUrl === undefined || mailFrom === undefined) return null
  return openOutbox({ carry: smtpCarrier({ url: mailUrl, from: mailFrom }), onFailure })
}

const standingNow = (trouble: Trouble | undefined) =>
  trouble ? `Nothing can be saved: ${trouble.sentence}` : 'Writing goes on.'

/** What the nights are for. */
function keepWell(
  work: Background,
  ledger: Ledger,
  { app, drafts }: { readonly app: FastifyInstance; readonly drafts: Drafts },
) {
  const verify = async () => {
    await ledger.lookThrough(work.checkCache)
    return work.verify()
  }
  const { cache, record, inspect } = ledger
  const chores = {
    ...keepingChores({ ...work, verify, cache, record, inspect }),
    ...forgettingChores({ cache, record, source: world }),
    drafts: draftChore(drafts, world),
    ...lapseChore({ cache, record, source: world }),
  }
  const onFailure = (chore: string, error: unknown) => app.log.error({ err: error }, `${chore}: not done`)
  return runNightly({ source: world, chores, onFailure })
}

/** What the command line may ask of a running server. */
const answer =
  (ledger: Ledger, edits: EditOperations): Handler =>
  async ({ name, input }, onProgress, signal) => {
    if (name === 'trouble') return ledger.trouble() ?? null
    if (name === 'schema') return ledger.schemaHash
    if (name === 'cursor') return servedBy(ledger.cache())
    if (name === 'archive') return realpathSync(ledger.archive)
    if (name === 'rebuild') {
      const made = await ledger.rebuild({ onProgress, signal })
      await tellRebuild(ledger, made)
      return rebuildReport(ledger, made)
    }
    if (isEditRequest(name))
      return forOperator(ledger, () => performEdit(edits, operator, { ...Object(input), name }))
    if (!isOperatorCommand(name))
      throw new Error(`The running server does not know "${name}": it may be of another version.`)
    const told = await forOperator(ledger, () => performAsOperator(ledger.record, name, input))
    // What the command line found wrong in the text the site finds, too, and stops writing.
    if (name === 'tellVerified') await ledger.inspect()
    return told
  }

async function freshFirstLink(config: Config, ledger: Ledger): Promise<string | undefined> {
  if (ledger.trouble()) return undefined
  const opened = await unlessRefused(() => performAsOperator(ledger.record, 'openFirstLink', {}))
  return opened?.token ? `${config.baseUrl}/claim/${opened.token}` : undefined
}

/** The disk is full, say: the site serves what it has, and the next start does what it could not. */
async function unlessRefused<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

import Fastify, { type FastifyInstance } from 'fastify'
import { environment, readConfig } from '../../src/config.ts'
import type { Member } from '../../src/kernel/actor.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { front } from '../../src/queries/feeds/addresses.ts'
import { feedPage } from '../../src/queries/feeds.ts'
import { startServer } from '../../src/server.ts'
import { buildApp } from '../../src/web/app.ts'
import { memberOf } from '../../src/web/session.ts'
import { draftsBeside } from '../tools/drafts.ts'
import { cookieOfMostFaithful } from './signed-in.ts'

/*
 * The real server, and beside it in the same process what it is compared with: the same app with a route that shows a
 * fixed model, and a bare Fastify that sends the same bytes.
 */

export interface Pages {
  readonly feed: string
  /** The second page, which nobody keeps. */
  readonly older: string
  readonly fixed: string
  readonly bare: string
  readonly buffer: string
  /** Of the member who has prayed most: every request of theirs finds their marks. */
  readonly cookie: string
  readonly bytes: number
  readonly marks: number
}

const config = { ...readConfig(environment()), port: 0 }
const server = await startServer(config)
const { ledger } = server
// The night would come while it is measured.
await server.nightly?.close()
const { sqlite } = ledger.cache()
const cookie = await cookieOfMostFaithful(server)
const page = await fetch(`${server.url}/feed`, { headers: { cookie } })
if (!page.ok) throw new Error(`the feed answers ${page.status}`)
const body = await page.text()
const [, older = ''] = /<a href="([^"]*)" rel="next">/.exec(body) ?? []
if (older === '') throw new Error('the feed has only one page')

const fixed = await listening(await fixedApp(ledger))
const bare = await listening(bareApp(body, page.headers.get('content-type') ?? ''))
process.once('disconnect', async () => {
  await Promise.all([server, fixed, bare].map((one) => one.close()))
})
process.send?.({
  feed: `${server.url}/feed`,
  older: `${server.url}${older}`,
  fixed: `${fixed.url}/feed-of-before`,
  bare: `${bare.url}/text`,
  buffer: `${bare.url}/buffer`,
  cookie,
  bytes: Buffer.byteLength(body),
  marks: sqlite.prepare('select count(*) from marks').pluck().get() as number,
} satisfies Pages)

/** The same hooks, session, template and frame; only the cards were asked for once and for all. */
async function fixedApp(ledger: Ledger): Promise<FastifyInstance> {
  const app = await buildApp({
    config,
    source: world,
    record: ledger.record,
    keyring: ledger.keyring,
    outbox: null,
    drafts: draftsBeside(config.cacheDir, { keyring: ledger.keyring, source: world }),
    cache: ledger.cache,
    isMending: ledger.isMending,
    state: () => ({ writable: true }),
    operations: () => {
      throw new Error('nobody asks for the recovery pages here')
    },
    readiness: () => ({ ready: true, phase: 'serving', percent: 100, etaSeconds: null }),
  })
  const models = new Map<string, ReturnType<typeof feedPage>>()
  const modelOf = (reader: Member) => {
    const known = models.get(reader.member)
    if (known) return known
    const reading = { cache: ledger.cache(), keyring: ledger.keyring, reader, now: momentOf(world.now()) }
    const model = feedPage(reading, front)
    models.set(reader.member, model)
    return model
  }
  app.get('/feed-of-before', (request, reply) =>
    reply.show('prayers/feed', { ...modelOf(memberOf(request)), isWelcome: false }),
  )
  return app
}

/** No hooks, no log, no headers of its own. A template makes a text; a buffer spares even the encoding of it. */
function bareApp(body: string, type: string): FastifyInstance {
  const app = Fastify()
  const buffer = Buffer.from(body)
  app.get('/text', (_request, reply) => reply.header('content-type', type).send(body))
  app.get('/buffer', (_request, reply) => reply.header('content-type', type).send(buffer))
  return app
}

async function listening(app: FastifyInstance) {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close() }
}

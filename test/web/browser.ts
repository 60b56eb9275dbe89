import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { background } from '../../src/background.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { type Environment, readConfig } from '../../src/config.ts'
import { operator } from '../../src/kernel/actor.ts'
import { millisecondsOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { type OperationsOptions, openOperations } from '../../src/operations/recovery.ts'
import { buildApp } from '../../src/web/app.ts'
import type { LogLines } from '../../src/web/logs.ts'
import type { Site } from '../../src/web/site.ts'
import { type Community, community } from '../tools/community.ts'
import { draftsBeside } from '../tools/drafts.ts'

/** A community with its site; what a test gives in `changes` is as the test says. */
export interface Place {
  readonly here: Community
  readonly operations: ReturnType<typeof openOperations>
  readonly app: FastifyInstance
  browser(): Browser
  /** A browser whose person has come by an invite. */
  comes(name: string): Promise<Browser>
}

/** Keeps cookies as a browser does, and says nothing else that a browser says. */
export interface Browser {
  readonly cookies: Map<string, string>
  get(url: string, headers?: InjectOptions['headers']): Promise<LightMyRequestResponse>
  post(
    url: string,
    fields: Record<string, string>,
    headers?: InjectOptions['headers'],
  ): Promise<LightMyRequestResponse>
}

export interface Changes {
  readonly env?: Environment
  readonly site?: (site: Site) => Partial<Site>
  readonly lines?: LogLines
  /** Told why a draft was not kept; without it that is an error. */
  readonly onDraftFailure?: (error: unknown) => void
  /** What this server can do beyond the usual. */
  readonly operations?: (usual: OperationsOptions) => Partial<OperationsOptions>
}

export async function place(t: TestContext, changes: Changes = {}): Promise<Place> {
  const here = await community(t)
  const { app, operations } = await siteOf(t, here, changes)
  const browser = () => browserOf(app)
  return {
    here,
    app,
    operations,
    browser,
    async comes(name) {
      const person = browser()
      const { token } = await here.does(operator, issueInvite, {})
      const answer = await person.post(`/claim/${token}`, { name })
      assert.equal(answer.statusCode, 303, answer.body)
      return person
    },
  }
}

/** The site of this community, by its clock. */
export async function siteOf(
  t: TestContext,
  here: Pick<Community, 'ledger' | 'options' | 'now' | 'atEnd'>,
  changes: Changes = {},
): Promise<Pick<Place, 'app' | 'operations'>> {
  const { env, site: changed, lines } = changes
  const { options, ledger } = here
  const config = {
    ...readConfig({ LOG_LEVEL: 'silent', ...env }),
    ...{ archiveDir: options.archive, cacheDir: options.cache, secretsDir: options.secrets },
    backupDir: join(dirname(options.archive), 'backups'),
  }
  const usual: OperationsOptions = {
    ...{ ledger, folders: options, background: background(config) },
    onDefect: (error) => assert.fail(String(error)),
  }
  const operations = openOperations({ ...usual, ...changes.operations?.(usual) })
  here.atEnd(operations.close)
  const source = { ...world, now: () => millisecondsOf(here.now()) }
  const site: Site = {
    config,
    source,
    record: ledger.record,
    keyring: ledger.keyring,
    outbox: null,
    drafts: draftsBeside(options.cache, { keyring: ledger.keyring, source }, changes.onDraftFailure),
    cache: ledger.cache,
    state: () => ({ writable: true }),
    operations: () => operations,
    isMending: ledger.isMending,
    readiness: () => ({ ready: true, phase: 'serving', percent: 100, etaSeconds: null }),
  }
  const app = await buildApp({ ...site, ...changed?.(site) }, lines)
  t.after(() => app.close())
  return { app, operations }
}

/** What a person reads: the words of the page, without what only whoever listens hears of times. */
export const wordsOf = ({ body }: LightMyRequestResponse) =>
  (/<main[^>]*>([\s\S]*)<\/main>/.exec(body)?.[1] ?? body)
    .replace(/<span class="unseen">[^<]*<\/span><\/time>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ')
    .trim()

/** How many wait for whoever looks after others, by the bar of every page; undefined for everybody else. */
export function waitingIn({ body }: LightMyRequestResponse): number | undefined {
  const [all, count = '0'] = />(?:Care|Admin)\s*(?:<span class="unread">(\d+))?/.exec(body) ?? []
  return all === undefined ? undefined : Number(count)
}

/** The value of a field as a form on the page holds it. */
export const fieldOf = ({ body }: LightMyRequestResponse, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1]

function browserOf(app: FastifyInstance): Browser {
  const cookies = new Map<string, string>()
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (answer: LightMyRequestResponse) => {
    for (const { name, value } of answer.cookies) {
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    cookies,
    get: async (url, headers) => keep(await app.inject({ url, headers: { cookie: cookie(), ...headers } })),
    post: async (url, fields, headers) =>
      keep(
        await app.inject({
          method: 'POST',
          url,
          payload: new URLSearchParams(fields).toString(),
          headers: { cookie: cookie(), 'content-type': 'application/x-www-form-urlencoded', ...headers },
        }),
      ),
  }
}

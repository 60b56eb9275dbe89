import { resolve } from 'node:path'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Config } from '../config.ts'
import { isReadable } from './addresses.ts'
import { readAssets, serveAssets } from './assets.ts'
import { openDoor } from './door.ts'
import { addErrors } from './errors.ts'
import { addGate } from './gate.ts'
import { type LogLines, logOptions, logRequests } from './logs.ts'
import { addRendering } from './render.ts'
import { addressRoutes } from './routes/address.ts'
import { administrationRoutes } from './routes/administration.ts'
import { agreementRoutes } from './routes/agreements.ts'
import { applicationRoutes, applyRoutes } from './routes/applications.ts'
import { askingRoutes } from './routes/asking.ts'
import { attemptRoutes } from './routes/attempts.ts'
import { auditRoutes } from './routes/audit.ts'
import { becomingRoutes } from './routes/becoming.ts'
import { callRoutes } from './routes/calls.ts'
import { deviceRoutes } from './routes/devices.ts'
import { doorRoutes } from './routes/door.ts'
import { draftRoutes } from './routes/drafts.ts'
import { encouragementRoutes } from './routes/encouragements.ts'
import { feedRoutes } from './routes/feeds.ts'
import { flagRoutes } from './routes/flags.ts'
import { focusRoutes } from './routes/focus.ts'
import { followRoutes } from './routes/follows.ts'
import { healthRoutes } from './routes/health.ts'
import { homeRoutes } from './routes/home.ts'
import { inviteRoutes } from './routes/invites.ts'
import { linkForSomebodyRoutes } from './routes/link-for-somebody.ts'
import { loginLinkRoutes } from './routes/login-links.ts'
import { mailRoutes } from './routes/mail.ts'
import { markRoutes } from './routes/marks.ts'
import { meRoutes } from './routes/me.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { moderationRoutes } from './routes/moderation.ts'
import { myInviteRoutes } from './routes/my-invites.ts'
import { newcomerRoutes } from './routes/newcomers.ts'
import { noticeRoutes } from './routes/notices.ts'
import { paperKeyRoutes } from './routes/paper-keys.ts'
import { passkeyRoutes } from './routes/passkeys.ts'
import { peopleRoutes } from './routes/people.ts'
import { prayRoutes } from './routes/pray.ts'
import { prayerRoutes } from './routes/prayers.ts'
import { openRoutes, publicationRoutes } from './routes/publications.ts'
import { recoveryRoutes } from './routes/recovery.ts'
import { searchRoutes } from './routes/search.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { settingRoutes } from './routes/settings.ts'
import { stillRoutes } from './routes/still.ts'
import { treeRoutes } from './routes/tree.ts'
import { waysInRoutes } from './routes/ways-in.ts'
import { addSecurity } from './security.ts'
import { addSessions, administratorOf, memberOf } from './session.ts'
import type { Site } from './site.ts'
import { watchStrangers } from './strangers.ts'

/** The whole site over HTTP, not listening yet. `lines` takes the log instead of the standard output. */
export async function buildApp(site: Site, lines?: LogLines): Promise<FastifyInstance> {
  const app = Fastify({
    logger: logOptions(site.config, lines),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trusted(site.config.trustProxy),
    bodyLimit: 256 * 1024,
    routerOptions: { maxParamLength: 65_536, ignoreTrailingSlash: true },
    // Nothing here has a JSON schema (zod parses), and to load what compiles them takes a while.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    rewriteUrl: ({ url = '/' }) => (isReadable(url) ? url : '/unreadable'),
  })
  const assets = readAssets(resolve(import.meta.dirname, '../../public'))

  logRequests(app)
  watchStrangers(app, site)
  addSecurity(app, site)
  await app.register(cookie)
  // Forms are all that is read: text in JSON could hold what no form can, and no page sends it.
  app.removeAllContentTypeParsers()
  await app.register(formbody)
  addSessions(app, site)
  await addRendering(app, site, assets)
  addErrors(app, site)
  addGate(app, site)

  serveAssets(app, assets)
  healthRoutes(app, site)
  metricsRoutes(app, site)
  homeRoutes(app, site)
  inviteRoutes(app, site)
  agreementRoutes(app, site)
  stillRoutes(app, site)
  applyRoutes(app, site)
  loginLinkRoutes(app, site)
  openRoutes(app, site)
  sessionRoutes(app, site)
  deviceRoutes(app, site)
  passkeyRoutes(app, site)
  paperKeyRoutes(app, site)
  waysInRoutes(app, site)
  const door = openDoor(site)
  doorRoutes(app, site, door)
  mailRoutes(app, site)
  app.register(async (members) => {
    members.addHook('onRequest', (request, _reply, done) => {
      memberOf(request)
      done()
    })
    feedRoutes(members, site)
    focusRoutes(members, site)
    followRoutes(members, site)
    prayerRoutes(members, site)
    askingRoutes(members, site)
    draftRoutes(members, site)
    callRoutes(members, site)
    publicationRoutes(members, site)
    markRoutes(members, site)
    prayRoutes(members, site)
    encouragementRoutes(members, site)
    noticeRoutes(members, site)
    becomingRoutes(members, site)
    flagRoutes(members, site)
    searchRoutes(members, site)
    peopleRoutes(members, site)
    moderationRoutes(members, site)
    meRoutes(members, site)
    attemptRoutes(members, site, door)
    addressRoutes(members, site)
    myInviteRoutes(members, site)
    treeRoutes(members, site)
  })
  app.register(async (admins) => {
    admins.addHook('onRequest', (request, _reply, done) => {
      administratorOf(site, request)
      done()
    })
    recoveryRoutes(admins, site)
    newcomerRoutes(admins, site)
    applicationRoutes(admins, site)
    settingRoutes(admins, site)
    administrationRoutes(admins, site)
    auditRoutes(admins, site)
    linkForSomebodyRoutes(admins, site)
  })
  return app
}

function noSchemas(): never {
  throw new Error('no route has a JSON schema')
}

/** A number of hops counts from us outwards: it is right only where nobody can reach us past the proxy. */
function trusted(proxies: Config['trustProxy']) {
  return typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies
}

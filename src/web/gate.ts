import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuseCrossSite } from './cross-site.ts'
import { addLimits } from './limits.ts'
import { needsToken, rekey, renew } from './session.ts'
import type { Readiness, Site } from './site.ts'
import { showStarting, showUnsent } from './starting.ts'
import { formOf, maySendAgain } from './unsent.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For machines: answers before the site is ready, to anybody, as often as they ask. */
    isPlain?: boolean
  }
}

/** What every request passes, also one for nothing: is the site ready, is this from here, is it not too much? */
export function addGate(app: FastifyInstance, site: Site) {
  const limit = addLimits(app, site)

  // Callbacks, because a page that waits for nothing is made in one go.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.isPlain) return done()
    const readiness = site.readiness()
    if (!readiness.ready)
      return void showEarly(request, reply, readiness).then((page) => reply.send(page), done)
    refuseCrossSite(request, site.config.baseUrl)
    limit?.(request, reply)
    if (needsToken(site, request)) return void rekey(site, request, reply).then(() => done(), done)
    renew(site, request, reply)
    done()
  })

  async function showEarly(request: FastifyRequest, reply: FastifyReply, readiness: Readiness) {
    request.openSession = null
    if (!maySendAgain(request, site.config.baseUrl)) return showStarting(reply, readiness)
    return showUnsent(reply, readiness, await formOf(request))
  }
}

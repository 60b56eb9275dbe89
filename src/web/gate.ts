import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuseCrossSite } from './cross-site.ts'
import { limiter } from './limits.ts'
import { renew } from './session.ts'
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
export async function addGate(app: FastifyInstance, site: Site) {
  const limit = await limiter(app, site)

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isPlain) return
    const readiness = site.readiness()
    if (!readiness.ready) return reply.send(await showEarly(request, reply, readiness))
    refuseCrossSite(request, site.config.baseUrl)
    await limit(request, reply)
    renew(site, request, reply)
  })

  async function showEarly(request: FastifyRequest, reply: FastifyReply, readiness: Readiness) {
    request.openSession = null
    if (!maySendAgain(request, site.config.baseUrl)) return showStarting(reply, readiness)
    return showUnsent(reply, readiness, await formOf(request))
  }
}

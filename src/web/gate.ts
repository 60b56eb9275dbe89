import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuseCrossSite } from './cross-site.ts'
import { addLimit } from './limits.ts'
import { renew } from './session.ts'
import type { Site } from './site.ts'
import { showStarting } from './starting.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For machines: answers before the site is ready, to anybody, as often as they ask. */
    isPlain?: boolean
  }
}

/** What every request passes, also one for nothing: is the site ready, is this from here, is it not too much? */
export async function addGate(app: FastifyInstance, site: Site) {
  app.addHook('onRequest', (request, reply, done) => {
    if (isPlain(request)) return done()
    const readiness = site.readiness()
    if (!readiness.ready) return void reply.send(showStarting(reply, readiness))
    refuseCrossSite(request, site.config.baseUrl)
    done()
  })
  await addLimit(app, site)
  app.addHook('onRequest', (request, reply, done) => {
    if (!isPlain(request)) renew(site, request, reply)
    done()
  })
}

const isPlain = ({ routeOptions }: FastifyRequest) => routeOptions.config.isPlain === true

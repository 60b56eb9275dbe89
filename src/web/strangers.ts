import type { FastifyInstance } from 'fastify'
import { networkOf } from './network.ts'
import type { Site } from './site.ts'

/** What a refusal is called in the security log and in the tally of the hour. */
const names: Readonly<Record<number, string>> = {
  401: 'page',
  403: 'other-site',
  404: 'page',
  410: 'link',
  413: 'size',
  422: 'form',
  429: 'too-often',
}

/** Tells of everybody who is signed in nowhere and was told no. Members are known, and what they do is in the audit log. */
export function watchStrangers(app: FastifyInstance, { refused }: Site) {
  if (!refused) return
  app.addHook('onResponse', (request, reply, done) => {
    const what = names[reply.statusCode]
    // Whoever was looked up and found is no stranger.
    const { url: route = 'none', config } = request.routeOptions
    if (what !== undefined && !request.openSession && !config.isPlain)
      refused({ what, route, from: networkOf(request.ip) })
    done()
  })
}

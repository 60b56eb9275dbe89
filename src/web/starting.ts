import type { FastifyReply } from 'fastify'
import type { Readiness } from './site.ts'
import { wait } from './words.ts'

/** While the cache is rebuilt: what is happening, on a page that comes back by itself. */
export function showStarting(reply: FastifyReply, { percent, etaSeconds }: Readiness) {
  reply.request.openSession = null
  reply.code(503).header('retry-after', '5').header('refresh', '5')
  const still =
    etaSeconds === null ? '' : ` It will take about ${wait(Math.max(1, Math.ceil(etaSeconds)))} more.`
  return reply.show('message', {
    heading: 'One moment: the site is getting ready',
    sentence: `It is reading its archive, ${Math.floor(percent)}% so far.${still} This page comes back by itself.`,
    way: null,
  })
}

import { finished } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'

/**
 * Has something done once an answer is out, so that neither the answer nor its time depends on it: nobody learns from them
 * whether a name exists. The site closes when it is done. What goes wrong is in the log, and nowhere else.
 */
export function afterwards(
  app: FastifyInstance,
): (reply: FastifyReply, work: () => Promise<unknown>) => void {
  const underWay = new Set<Promise<unknown>>()
  app.addHook('onClose', async () => {
    await Promise.all(underWay)
  })
  return (reply, work) => {
    const done = new Promise<void>((answered) => finished(reply.raw, () => answered()))
      .then(work)
      .catch((error: unknown) => app.log.error({ err: error }, 'what was to follow an answer failed'))
      .finally(() => underWay.delete(done))
    underWay.add(done)
  }
}

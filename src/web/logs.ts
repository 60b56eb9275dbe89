import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'

/** Where log lines go. */
export interface LogLines {
  write(line: string): void
}

/**
 * What the log may say. A request is the pattern of its route, never its address: addresses hold tokens, searches
 * and who looked at what.
 */
export const logOptions = ({ logLevel }: Config, lines?: LogLines) => ({
  level: logLevel,
  base: null,
  serializers: { req: asked, res: answered, err: failed },
  ...(lines && { stream: lines }),
})

/** One line for each request but those for machines. */
export function logRequests(app: FastifyInstance) {
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { isPlain } = request.routeOptions.config
    if (!isPlain)
      request.log.info({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, 'answered')
    done()
  })
}

const asked = ({ method, routeOptions }: FastifyRequest) => ({ method, route: routeOptions?.url ?? 'none' })

const answered = ({ statusCode }: { statusCode: number }) => ({ statusCode })

/** No more of an error than says where it happened: a broken request, for one, brings its raw bytes along. */
const failed = ({ name, message, stack = '', code }: NodeJS.ErrnoException) => ({
  type: name,
  message,
  stack,
  code,
})

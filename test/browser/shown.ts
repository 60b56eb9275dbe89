import type { FastifyInstance } from 'fastify'
import type { Page } from '../../src/queries/pages.ts'

const header = 'x-shown'

/** Makes every answer of this site that is a page say which: `shownBy` reads it. */
export function saysWhatItShows(site: FastifyInstance) {
  site.addHook('onRequest', (_request, reply, done) => {
    const show = reply.show.bind(reply)
    reply.show = (page, model) => {
      reply.header(header, page)
      return show(page, model)
    }
    done()
  })
}

/** Which page an answer is, by its headers; undefined when it is none. */
export const shownBy = (headers: Readonly<Record<string, unknown>>) => headers[header] as Page | undefined

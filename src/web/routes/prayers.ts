import type { FastifyInstance } from 'fastify'
import { prayerPage } from '../../queries/prayers.ts'
import { found } from '../addresses.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Reading what was asked. */
export function prayerRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Params: { prayer: string } }>('/prayers/:prayer', (request, reply) => {
    const page = prayerPage(readerOf(site, request), request.params.prayer)
    return reply.show('prayers/prayer', found(page))
  })
}

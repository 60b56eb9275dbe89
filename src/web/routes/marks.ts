import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { markPrayer, unmarkPrayer } from '../../commands/marks.ts'
import { prayerPage } from '../../queries/prayers.ts'
import { found, placeFrom, wayBack } from '../addresses.ts'
import { sentBy, text } from '../forms.ts'
import type { OfPrayer } from '../request-forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** "I prayed", and its undo. */
export function markRoutes(app: FastifyInstance, site: Site) {
  app.post<OfPrayer>('/prayers/:prayer/marks', { config: { limit: 'mark' } }, async (request, reply) => {
    await perform(site.record, markPrayer, request.actor, { ...sentBy(request), ...request.params })
    return answer(request, reply)
  })

  app.post<OfPrayer>('/prayers/:prayer/unmarks', async (request, reply) => {
    await perform(site.record, unmarkPrayer, request.actor, { ...sentBy(request), ...request.params })
    return answer(request, reply)
  })

  /** The page they came from, or only what changed on it. */
  function answer(request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    const { prayer } = request.params
    const from = text(sentBy(request), 'from')
    if (!wantsFragment(request)) return reply.redirect(wayBack(from, prayer), 303)
    const page = prayerPage(readerOf(site, request), prayer)
    return reply.showFragment('prayers/request', found(page), placeFrom(from))
  }
}

const wantsFragment = ({ headers }: FastifyRequest<OfPrayer>) => headers.accept?.includes('fragment') === true

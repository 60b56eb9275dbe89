import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { endPublication, publishPrayer } from '../../commands/publications.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { prayerCard } from '../../queries/prayers.ts'
import { openPage, publicationOf } from '../../queries/publications.ts'
import { settingsOf } from '../../queries/settings.ts'
import { found } from '../addresses.ts'
import { sentBy } from '../forms.ts'
import type { OfPrayer } from '../request-forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** A page on the open internet, for whoever has its address. */
export function openRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Params: { publication: string } }>('/open/:publication', (request, reply) => {
    reply.header('x-robots-tag', 'noindex, nofollow, noarchive, nosnippet')
    const page = openPage(site.cache(), request.params.publication)
    if (page === null) throw new Refusal('gone', 'This page was taken back. Nothing of it is here any more.')
    return reply.show('publications/open', found(page))
  })
}

/** The choice of an author that their request has one. */
export function publicationRoutes(app: FastifyInstance, site: Site) {
  app.get<OfPrayer>('/prayers/:prayer/page', (request, reply) => {
    const reading = readerOf(site, request)
    const { prayer } = request.params
    const card = found(prayerCard(reading, prayer))
    if (!card.isMine) throw new Refusal('forbidden', 'Only whoever asked can do that.')
    const publication = publicationOf(reading.cache, prayer)
    // Where there are none, there is none to choose; one from before can still be taken back.
    found(settingsOf(reading.cache).publicPages || publication ? card : undefined)
    return reply.show('publications/mine', {
      card,
      url: publication ? `${site.config.baseUrl}/open/${publication.id}` : null,
      isNamed: publication?.isNamed ?? false,
    })
  })

  app.post<OfPrayer>('/prayers/:prayer/page', { config: { limit: 'change' } }, async (request, reply) => {
    const raw = { ...sentBy(request), ...request.params }
    await perform(site.record, publishPrayer, request.actor, raw)
    return reply.redirect(`/prayers/${request.params.prayer}/page`, 303)
  })

  app.post<OfPrayer>('/prayers/:prayer/page/removal', async (request, reply) => {
    await perform(site.record, endPublication, request.actor, request.params)
    return reply.redirect(`/prayers/${request.params.prayer}`, 303)
  })
}

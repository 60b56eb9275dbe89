import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { changeSetting } from '../../commands/settings.ts'
import { isSettingName } from '../../kernel/settings.ts'
import { settingPage, settingsPage } from '../../queries/settings.ts'
import { found, placeIn } from '../addresses.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import type { Site } from '../site.ts'

interface OfSetting {
  Params: { setting: string }
  Querystring: { before?: unknown }
}

/** What the community decides about itself, who did, and what it was before. */
export function settingRoutes(app: FastifyInstance, site: Site) {
  app.get('/admin/settings', (_request, reply) => reply.show('admin/settings', settingsPage(site.cache())))

  app.get<OfSetting>('/admin/settings/:setting', (request, reply) =>
    reply.show('admin/setting', { ...pageOf(request), mistakes: { value: null } }),
  )

  app.post<OfSetting>('/admin/settings/:setting', { errorHandler: keepWords }, async (request, reply) => {
    const { value, back } = sentBy(request)
    const { setting } = request.params
    await perform(site.record, changeSetting, request.actor, { setting, value, back })
    return reply.redirect(`/admin/settings/${setting}`, 303)
  })

  function pageOf({ params: { setting }, query }: FastifyRequest<OfSetting>) {
    return settingPage(
      site.cache(),
      found(isSettingName(setting) ? setting : undefined),
      placeIn(query.before),
    )
  }

  /** Words that will not do are asked for again. */
  function keepWords(error: unknown, request: FastifyRequest<OfSetting>, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    const mistakes = mistakesIn(error, ['value'])
    reply.code(status)
    return reply.show('admin/setting', {
      ...pageOf(request),
      value: text(sentBy(request), 'value'),
      mistakes,
    })
  }
}

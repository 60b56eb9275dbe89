import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { makePaperKey, signInByPaperKey } from '../../commands/paper-keys.ts'
import { momentOf } from '../../kernel/moment.ts'
import { sentBy, text } from '../forms.ts'
import { pictureOf } from '../picture.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'
import { comesBack, keepWays } from '../ways.ts'

/** Coming back with words on paper. */
export function paperKeyRoutes(app: FastifyInstance, site: Site) {
  app.post('/sign-in/paper-key', { config: { limit: 'signIn' }, errorHandler: keepWays }, (request, reply) =>
    comesBack(site, [request, reply], signInByPaperKey, { words: text(sentBy(request), 'words') }),
  )

  // It answers a form with a page: the words are told once, and kept nowhere.
  app.post('/me/paper-key', { config: { limit: 'change' } }, async (request, reply) => {
    const { name } = memberOf(request)
    const { words } = await perform(site.record, makePaperKey, request.actor, sentBy(request))
    if (words === null) return reply.show('message', shownBefore)
    return reply.show('ways-in/paper-key', {
      name,
      words,
      madeAt: momentOf(site.source.now()),
      address: `${site.config.baseUrl}/sign-in`,
      // Browsers keep what stands behind the # to themselves.
      picture: pictureOf(`${site.config.baseUrl}/sign-in#paper-key=${words.join('-')}`),
    })
  })
}

const shownBefore = {
  heading: 'This key was shown already',
  sentence:
    'Its words are shown once, and nobody can show them again. If you have them on paper, all is well. If you do not, make another key: it takes the place of this one.',
  way: { words: 'Ways in', href: '/me/ways-in' },
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import {
  changeProfile,
  changeVisibility,
  dismissWelcome,
  eraseFormerName,
  renameMyself,
} from '../../commands/myself.ts'
import { keepApart } from '../../commands/separations.ts'
import { memberById } from '../../queries/members.ts'
import { myApart, myName } from '../../queries/profiles.ts'
import { isVouchingOn } from '../../queries/sign-ins.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import { memberOf, readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** Oneself: what others see of one, and what only oneself decides. */
export function meRoutes(app: FastifyInstance, site: Site) {
  const config = { limit: 'change' } as const

  app.get('/me', (request, reply) => {
    const { member: id, name } = memberOf(request)
    return reply.show('me/hub', { id, name, mayVouch: isVouchingOn(site.cache()) })
  })

  app.get('/me/name', (request, reply) =>
    reply.show('me/name', { ...myName(readerOf(site, request)), mistakes: { name: null } }),
  )

  app.post('/me/name', { config, errorHandler: again(showName) }, async (request, reply) => {
    await perform(site.record, renameMyself, memberOf(request), sentBy(request))
    return reply.redirect('/me', 303)
  })

  app.post<{ Params: { record: string } }>('/me/name/:record/erasure', async (request, reply) => {
    await perform(site.record, eraseFormerName, memberOf(request), request.params)
    return reply.redirect('/me/name', 303)
  })

  app.get('/me/words', (request, reply) => {
    const about = memberById(site.cache(), memberOf(request).member)?.about ?? ''
    return reply.show('me/words', { about, mistakes: { about: null } })
  })

  app.post('/me/words', { config, errorHandler: again(showWords) }, async (request, reply) => {
    const { member } = memberOf(request)
    await perform(site.record, changeProfile, memberOf(request), sentBy(request))
    return reply.redirect(`/people/${member}`, 303)
  })

  app.get('/me/praying', (request, reply) => showPraying(undefined, request, reply))

  app.post('/me/praying', { config, errorHandler: again(showPraying) }, async (request, reply) => {
    await perform(site.record, changeVisibility, memberOf(request), sentBy(request))
    return reply.redirect('/me', 303)
  })

  app.get('/me/apart', (request, reply) => showApart(undefined, request, reply))

  app.post('/me/apart', { config, errorHandler: again(showApart) }, async (request, reply) => {
    const { name = '' } = sentBy(request)
    await perform(site.record, keepApart, memberOf(request), { name })
    return reply.redirect('/me/apart', 303)
  })

  app.post('/me/welcome', async (request, reply) => {
    await perform(site.record, dismissWelcome, memberOf(request), {})
    return reply.redirect('/', 303)
  })

  function showName(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const name = text(sentBy(request), 'name')
    return reply.show('me/name', {
      ...myName(readerOf(site, request)),
      name,
      mistakes: mistakesIn(error, ['name']),
    })
  }

  function showWords(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const about = text(sentBy(request), 'about')
    return reply.show('me/words', { about, mistakes: mistakesIn(error, ['about']) })
  }

  function showPraying(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const praysUnseen = memberById(site.cache(), memberOf(request).member)?.praysUnseen === true
    return reply.show('me/praying', { praysUnseen, mistakes: mistakesIn(error, ['unseen']) })
  }

  function showApart(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const people = myApart(site.cache(), memberOf(request).member)
    const name = text(sentBy(request), 'name')
    return reply.show('me/apart', { people, name, mistakes: mistakesIn(error, ['name']) })
  }
}

type Show = (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<string>

/** What will not do comes back in its form. */
const again =
  (show: Show) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    return show(error, request, reply.code(status))
  }

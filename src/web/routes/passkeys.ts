import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { addPasskey, removePasskey, signInByPasskey } from '../../commands/passkeys.ts'
import { momentOf } from '../../kernel/moment.ts'
import { permitted } from '../../kernel/permissions.ts'
import { challengesOf } from '../challenges.ts'
import { sentBy, text } from '../forms.ts'
import { creationOptions, library, provedKnown, provedNew, requestOptions } from '../passkeys.ts'
import { problemOf } from '../problems.ts'
import type { Site } from '../site.ts'
import { comesBack, keepWays } from '../ways.ts'
import { showWaysIn } from './ways-in.ts'

const signingIn = 'sign in'
const adding = (session: string) => `add for ${session}`

/** Coming back by a passkey, and making one. */
export function passkeyRoutes(app: FastifyInstance, site: Site) {
  const challenges = challengesOf(site)

  app.post('/sign-in/passkey/options', (_request, reply) => {
    // By the time that its owner has touched the device, it is there.
    void library()
    return reply.send(requestOptions(site, challenges.give(reply, signingIn)))
  })

  app.post('/sign-in/passkey', { config: { limit: 'signIn' }, errorHandler: keepWays }, (request, reply) =>
    comesBack(site, [request, reply], signInByPasskey, proved(request, reply)),
  )

  const proved = async (request: FastifyRequest, reply: FastifyReply) =>
    provedKnown(site, request, () => challenges.take(request, reply, signingIn))

  app.post('/me/passkeys/options', (request, reply) => {
    const member = mayAdd(request)
    void library()
    return reply.send(creationOptions(site, challenges.give(reply, adding(member.session)), member))
  })

  app.post('/me/passkeys', { errorHandler: keepName }, async (request, reply) => {
    const { session } = mayAdd(request)
    const proved = await provedNew(site, request, () => challenges.take(request, reply, adding(session)))
    await perform(site.record, addPasskey, request.actor, { ...proved, name: text(sentBy(request), 'name') })
    return reply.redirect('/me/ways-in', 303)
  })

  app.post<{ Params: { passkey: string } }>('/me/passkeys/:passkey/removal', async (request, reply) => {
    await perform(site.record, removePasskey, request.actor, request.params)
    return reply.redirect('/me/ways-in', 303)
  })

  /** Asked before a device is: nobody makes a passkey for nothing. */
  const mayAdd = ({ actor }: FastifyRequest) => permitted(actor, 'addPasskey', momentOf(site.source.now()))

  function keepName(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    reply.code(status)
    return showWaysIn(site, request, reply, error)
  }
}

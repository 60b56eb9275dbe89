import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { approveSignIn, approveUnwritten, refuseSignIn } from '../../commands/sign-ins.ts'
import { momentOf } from '../../kernel/moment.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { memberByName } from '../../queries/members.ts'
import {
  attemptOf,
  attemptsOf,
  isVouchingOn,
  mayVouch,
  openSignIns,
  signInById,
} from '../../queries/sign-ins.ts'
import { found } from '../addresses.ts'
import type { Door } from '../door.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { problemOf } from '../problems.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'

interface OfAttempt {
  Params: { signIn: string }
}

interface OfName {
  Querystring: { name?: unknown; done?: unknown }
}

/** Letting in: oneself on another device, or somebody whose voice one knows. */
export function attemptRoutes(app: FastifyInstance, site: Site, door: Door) {
  const now = () => momentOf(site.source.now())

  app.get('/me/sign-ins', showAttempts)
  app.get<OfAttempt>('/me/sign-ins/:signIn', showAttempt)

  app.post<OfAttempt>(
    '/me/sign-ins/:signIn/approvals',
    { errorHandler: keep(showAttempt) },
    async (request, reply) => {
      const { signIn } = request.params
      mine(request)
      const browser = found(signInById(site.cache(), signIn)).browser
      mustBeRight(door.codes.try(browser, text(sentBy(request), 'code')))
      await perform(site.record, approveSignIn, request.actor, { signIn })
      door.codes.end(browser)
      return reply.redirect(`/me/sign-ins/${signIn}`, 303)
    },
  )

  app.post<OfAttempt>('/me/sign-ins/:signIn/refusals', async (request, reply) => {
    await perform(site.record, refuseSignIn, request.actor, request.params)
    return reply.redirect(`/me/sign-ins/${request.params.signIn}`, 303)
  })

  /** The number that another device of mine shows, whichever of many that is. */
  app.post('/me/sign-ins', { errorHandler: keep(showAttempts) }, async (request, reply) => {
    const { member } = memberOf(request)
    const cache = site.cache()
    const typed = text(sentBy(request), 'code')
    const isRight = (browser: string) => typeof door.codes.try(browser, typed) === 'object'
    const signIn = openSignIns(cache, member, now()).find((id) =>
      isRight(signInById(cache, id)?.browser ?? ''),
    )
    if (signIn !== undefined) {
      await perform(site.record, approveSignIn, request.actor, { signIn })
      return reply.redirect(`/me/sign-ins/${signIn}`, 303)
    }
    const browser = door.unwritten.get(member)?.find(isRight)
    if (browser === undefined) throw invalid('code', wrongNumber)
    const written = await perform(site.record, approveUnwritten, request.actor, { browser })
    return reply.redirect(`/me/sign-ins/${written.signIn}`, 303)
  })

  app.post('/me/sign-ins/refusals', async (request, reply) => {
    const { member } = memberOf(request)
    for (const signIn of openSignIns(site.cache(), member, now()))
      await perform(site.record, refuseSignIn, request.actor, { signIn })
    door.unwritten.drop(member)
    return reply.redirect('/me/sign-ins', 303)
  })

  app.get<OfName>('/vouch', showVouch)

  app.post<OfName>(
    '/vouch',
    { config: { limit: 'signIn' }, errorHandler: keep(showVouch) },
    async (request, reply) => {
      found(isVouchingOn(site.cache()) || undefined)
      const sent = sentBy(request)
      if (text(sent, 'sure') !== 'yes')
        throw invalid('sure', 'Say yes only when you are speaking with them and know the voice.')
      const { member } = memberOf(request)
      const cache = site.cache()
      const whom = memberByName(cache, text(sent, 'name'))?.id ?? ''
      // Whoever may not be vouched for answers as somebody who does not wait.
      const waiting = mayVouch(cache, member, whom, now()) ? openSignIns(cache, whom, now()) : []
      const browserOf = (signIn: string) => signInById(cache, signIn)?.browser ?? ''
      const typed = text(sent, 'code')
      const signIn = waiting.find((one) => typeof door.codes.try(browserOf(one), typed) === 'object')
      if (signIn === undefined)
        throw invalid(
          'code',
          'That number does not fit. Have them read it to you again, or ask for a new one.',
        )
      const { isEnough } = await perform(site.record, approveSignIn, request.actor, { signIn })
      if (isEnough) door.codes.end(browserOf(signIn))
      return reply.redirect(`/vouch?done=${isEnough ? 'enough' : 'first'}`, 303)
    },
  )

  const mine = (request: FastifyRequest<OfAttempt>) =>
    found(attemptOf(site.cache(), memberOf(request).member, request.params.signIn, now()))

  function showAttempts(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    const attempts = attemptsOf(site.cache(), memberOf(request).member, now())
    return reply.show('sign-ins/attempts', { ...attempts, mistakes: mistakesOf(error) })
  }

  function showAttempt(request: FastifyRequest<OfAttempt>, reply: FastifyReply, error?: unknown) {
    return reply.show('sign-ins/attempt', { attempt: mine(request), mistakes: mistakesOf(error) })
  }

  function showVouch(request: FastifyRequest<OfName>, reply: FastifyReply, error?: unknown) {
    found(isVouchingOn(site.cache()) || undefined)
    const { name, done } = request.query
    const written = text(sentBy(request), 'name') || (typeof name === 'string' ? name.slice(0, 100) : '')
    return reply.show('sign-ins/vouch', {
      name: written.trim(),
      mistakes: mistakesIn(error, ['name', 'code', 'sure']),
      done: done === 'first' || done === 'enough' ? done : null,
    })
  }
}

const wrongNumber = 'That is not the number. Look once more at the device that wants to come in.'
const deadNumber = 'That number is good no more: ask for a new one on the device that wants to come in.'

function mustBeRight(outcome: object | 'wrong' | 'over') {
  if (outcome === 'wrong') throw invalid('code', wrongNumber)
  if (outcome === 'over') throw invalid('code', deadNumber)
}

const mistakesOf = (error: unknown) => mistakesIn(error instanceof Refusal ? error : undefined, ['code'])

/** What is not right is said on the page that it was typed on. */
const keep =
  <Request extends FastifyRequest>(
    show: (request: Request, reply: FastifyReply, error: unknown) => unknown,
  ) =>
  (error: unknown, request: Request, reply: FastifyReply) => {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    reply.code(status)
    return show(request, reply, error)
  }

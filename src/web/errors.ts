import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.ts'
import { sentBy } from './forms.ts'
import { onwardOf } from './onward.ts'
import { type Problem, problemOf } from './problems.ts'
import { memberOf } from './session.ts'
import type { Site } from './site.ts'
import { showStarting, showUnsent } from './starting.ts'
import { maySendAgain } from './unsent.ts'
import { showWays } from './ways.ts'

/** Every "no" and every defect is a page that says what happened and how to go on. */
export function addErrors(app: FastifyInstance, site: Site) {
  app.setErrorHandler((error, request, reply) => answerError(site, error, request, reply))
  // What is hidden and what is absent answer alike: a visitor reads the sign-in page for both.
  app.setNotFoundHandler((request) => {
    memberOf(request)
    throw new Refusal('not-found', 'Perhaps it was moved, or it was never here.')
  })
}

async function answerError(site: Site, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error)
  logDefect(problem, error, request)
  if (site.isMending(error))
    return maySendAgain(request, site.config.baseUrl)
      ? showUnsent(reply, site.readiness(), sentBy(request))
      : showStarting(reply, site.readiness())
  reply.code(problem.status)
  // The page of a defect does not ask the cache who reads it: perhaps that is what is broken.
  if (problem.status >= 500) request.openSession ??= null
  if (wantsJson(request)) return asJson(problem, error, reply)
  if (problem.status === 401)
    return showWays(request, reply, undefined, await onwardOf(request, site.config.baseUrl))
  return reply.show('message', problem)
}

/** What nobody foresaw goes to the log, without a word that a member wrote. */
export function logDefect({ status }: Problem, error: unknown, request: FastifyRequest) {
  if (status >= 500 && !(error instanceof Refusal)) request.log.error({ err: error }, 'a request failed')
}

function wantsJson({ headers: { accept = '' } }: FastifyRequest) {
  return accept.includes('json') && !accept.includes('html')
}

function asJson({ status, heading, sentence }: Problem, error: unknown, reply: FastifyReply) {
  const fields = error instanceof Refusal ? error.fields : {}
  return reply.type('application/problem+json').send({ title: heading, status, detail: sentence, fields })
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.ts'
import type { Answered } from '../queries/pages/joining.ts'
import { sentBy, text } from './forms.ts'
import { problemOf } from './problems.ts'

/* An admin's yes or no to somebody in a list, with words that this person reads. */

/** Whether the answer is yes. Throws a Refusal for what is neither. */
export function isYes(request: FastifyRequest): boolean {
  const answer = text(sentBy(request), 'answer')
  if (answer !== 'yes' && answer !== 'no') throw new Refusal('invalid', 'Choose yes or no.')
  return answer === 'yes'
}

/** The answer that was not right yet; null when there is none. */
export function answeredIn(request: FastifyRequest, about: string, error: unknown): Answered | null {
  const mistake = error instanceof Refusal ? error.fields.reason : undefined
  const id = (request.params as Record<string, string | undefined>)[about]
  if (mistake === undefined || id === undefined) return null
  return { id, reason: text(sentBy(request), 'reason'), mistake }
}

/** Shows the list again, with the words kept, when they cannot be saved as they are. */
export const keepAnswer =
  (show: (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<string>) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    if (!(error instanceof Refusal && error.fields.reason)) throw error
    reply.code(problemOf(error).status)
    return show(request, reply, error)
  }

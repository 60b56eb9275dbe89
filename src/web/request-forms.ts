import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Command, perform } from '../commands/command.ts'
import type { Member } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'
import { permitted } from '../kernel/permissions.ts'
import { Refusal } from '../kernel/refusal.ts'
import { requestFor } from '../queries/becoming.ts'
import type { Mistakes } from '../queries/pages/mistakes.ts'
import type { RequestNow } from '../queries/requests.ts'
import { found } from './addresses.ts'
import { logDefect } from './errors.ts'
import { mistakesIn, type Sent, sentBy, text } from './forms.ts'
import type { LimitName } from './limits.ts'
import { notSaved, perhapsSaved, problemOf } from './problems.ts'
import { readerOf } from './session.ts'
import type { Site } from './site.ts'

export interface OfPrayer {
  Params: { prayer: string }
}

/** What the page of a form is made of. */
export interface Asked<Field extends string> {
  readonly row: RequestNow
  readonly isMine: boolean
  readonly now: Moment
  /** What was sent; undefined where the form is opened. */
  readonly sent: Sent | undefined
  /** For every page of it. */
  readonly form: {
    readonly prayer: string
    readonly mistakes: Mistakes<Field>
    readonly problem: string | null
    readonly key: string | null
  }
}

export interface RequestForm<Field extends string, Input> {
  /** The last piece of its address: `/prayers/:prayer/<at>`. */
  readonly at: string
  readonly fields: readonly Field[]
  /** Else `change`; null where nobody is to wait. */
  readonly limit?: LimitName | null
  /** Whose it is; a page that is not for the reader is refused as the command would. */
  readonly isFor: 'author' | 'others' | 'author or moderators'
  readonly does: (isMine: boolean) => Command<Member, Input, { readonly prayer: string }>
  readonly show: (reply: FastifyReply, asked: Asked<Field>) => Promise<string>
}

/** A form about one request: its page, and what it does. What could not be saved comes back with its words. */
export function requestForm<Field extends string, Input>(
  app: FastifyInstance,
  site: Site,
  { at, fields, limit = 'change', isFor, does, show }: RequestForm<Field, Input>,
) {
  const url = `/prayers/:prayer/${at}`
  const config = limit === null ? {} : { limit }

  app.get<OfPrayer>(url, (request, reply) =>
    show(reply, { ...askedFor(request), sent: undefined, form: formOf(request, undefined, null) }),
  )

  app.post<OfPrayer>(url, { config, errorHandler: keepWords }, async (request, reply) => {
    const raw = { ...sentBy(request), ...request.params }
    const { prayer } = await perform(site.record, does(askedFor(request).isMine), request.actor, raw)
    return reply.redirect(`/prayers/${prayer}`, 303)
  })

  /** The request that the address names, for whom the form is. */
  function askedFor(request: FastifyRequest<OfPrayer>) {
    const reading = readerOf(site, request)
    const { row, isMine } = found(requestFor(reading, request.params.prayer))
    if (isFor === 'author' && !isMine) throw new Refusal('forbidden', notYours)
    if (isFor === 'others' && isMine) throw new Refusal('forbidden', yours)
    if (isFor === 'author or moderators' && !isMine) permitted(reading.reader, 'extendPrayer', reading.now)
    return { row, isMine, now: reading.now }
  }

  function keepWords(error: unknown, request: FastifyRequest<OfPrayer>, reply: FastifyReply) {
    const problem = problemOf(error)
    // While the cache is made anew nothing can be shown but the page that says so, and it keeps what was sent.
    if (problem.status < 422 || site.isMending(error)) throw error
    logDefect(problem, error, request)
    reply.code(problem.status)
    const form = formOf(request, error, sentenceFor(error, problem.sentence))
    return show(reply, { ...askedFor(request), sent: sentBy(request), form })
  }

  function formOf(request: FastifyRequest<OfPrayer>, error: unknown, sentence: string | null) {
    const { prayer } = request.params
    const mistakes = mistakesIn(error, fields)
    const isByField = fields.some((field) => mistakes[field] !== null)
    return { prayer, mistakes, problem: isByField ? null : sentence, key: keyAfter(error, sentBy(request)) }
  }
}

/** Perhaps it was used, so it stays; one that stands for something else would be refused for ever. */
const keyAfter = (error: unknown, sent: Sent) =>
  error instanceof Refusal && error.reason === 'conflict' ? null : text(sent, 'key') || null

const notYours = 'Only whoever asked for this can do that.'
const yours = 'You asked for this yourself: you can change it, or take it back.'

function sentenceFor(error: unknown, sentence: string) {
  if (!(error instanceof Refusal) || error.reason === 'unknown-outcome') return perhapsSaved
  return error.reason === 'read-only' ? notSaved : sentence
}

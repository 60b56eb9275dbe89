import type { FastifyInstance } from 'fastify'
import { perform } from '../../commands/command.ts'
import { lastings } from '../../commands/prayer-choices.ts'
import {
  answerPrayer,
  closePrayer,
  extendPrayer,
  renewPrayer,
  restPrayer,
  returnPrayer,
  withdrawPrayer,
} from '../../commands/prayer-states.ts'
import { changePrayer, updatePrayer } from '../../commands/prayer-words.ts'
import { answeredPage, topicCalled } from '../../queries/answered.ts'
import { earlierWords, requestFor } from '../../queries/becoming.ts'
import { choices, endingNow, isFresh, wordsNow } from '../../queries/requests.ts'
import { found, placeIn, wayBack } from '../addresses.ts'
import { allowed } from '../allowed.ts'
import { sentBy, text } from '../forms.ts'
import { type OfPrayer, requestForm } from '../request-forms.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

/** What becomes of a request: its author says, and everybody reads. */
export function becomingRoutes(app: FastifyInstance, site: Site) {
  changeForm(app, site)
  updateForm(app, site)
  answerForm(app, site)
  closeForm(app, site)
  renewForm(app, site)
  withdrawForm(app, site)

  const config = { limit: 'change' } as const

  app.post<OfPrayer>('/prayers/:prayer/rest', { config }, async (request, reply) => {
    const { prayer } = await perform(site.record, restPrayer, request.actor, request.params)
    return reply.redirect(`/prayers/${prayer}`, 303)
  })

  app.post<OfPrayer>('/prayers/:prayer/return', { config }, async (request, reply) => {
    const { prayer } = await perform(site.record, returnPrayer, request.actor, request.params)
    return reply.redirect(wayBack(text(sentBy(request), 'from'), prayer), 303)
  })

  app.get<OfPrayer>('/prayers/:prayer/earlier', (request, reply) => {
    const reading = readerOf(site, request)
    const { prayer } = request.params
    if (!found(requestFor(reading, prayer)).isMine) allowed(site, request, 'readEarlierWords')
    return reply.show('prayers/earlier', found(earlierWords(reading, prayer)))
  })

  app.get<{ Querystring: { before?: unknown; topic?: unknown } }>('/answered', (request, reply) => {
    const { before, topic } = request.query
    const one = topic === undefined || topic === '' ? undefined : found(topicCalled(String(topic)))
    return reply.show('prayers/answered', answeredPage(readerOf(site, request), one, placeIn(before)))
  })
}

const changeForm = (app: FastifyInstance, site: Site) =>
  requestForm(app, site, {
    at: 'changes',
    fields: ['request', 'forWhom', 'consent', 'topic', 'day'],
    isFor: 'author',
    does: () => changePrayer,
    show(reply, { row, now, sent, form }) {
      const { request, forWhom } = wordsNow(site.keyring, row)
      const words = sent
        ? {
            request: text(sent, 'request'),
            forWhom: text(sent, 'forWhom'),
            topic: text(sent, 'topic'),
            day: text(sent, 'day'),
            isAgreed: text(sent, 'consent') === 'yes',
          }
        : {
            request: request ?? '',
            forWhom: forWhom ?? '',
            topic: row.topic,
            day: row.day ?? '',
            isAgreed: false,
          }
      return reply.show('prayers/change', {
        ...form,
        words,
        topics: choices.topics,
        isFree: isFresh(row, now),
      })
    },
  })

const updateForm = (app: FastifyInstance, site: Site) =>
  requestForm(app, site, {
    at: 'updates',
    fields: ['update'],
    limit: 'post',
    isFor: 'author',
    does: () => updatePrayer,
    show: (reply, { sent = {}, form }) =>
      reply.show('prayers/tell', { ...form, update: text(sent, 'update') }),
  })

const answerForm = (app: FastifyInstance, site: Site) =>
  requestForm(app, site, {
    at: 'answers',
    fields: ['testimony'],
    isFor: 'author',
    does: () => answerPrayer,
    show(reply, { row, sent, form }) {
      const isCorrection = row.state === 'answered'
      const before = isCorrection ? (endingNow(site.keyring, row) ?? '') : ''
      return reply.show('prayers/answer', {
        ...form,
        testimony: sent ? text(sent, 'testimony') : before,
        isCorrection,
      })
    },
  })

const closeForm = (app: FastifyInstance, site: Site) =>
  requestForm(app, site, {
    at: 'closings',
    fields: ['outcome', 'words'],
    isFor: 'author',
    does: () => closePrayer,
    show(reply, { row, sent, form }) {
      const isCorrection = row.state === 'closed'
      const before = isCorrection ? (endingNow(site.keyring, row) ?? '') : ''
      return reply.show('prayers/close', {
        ...form,
        outcome: sent ? text(sent, 'outcome') : (row.outcome ?? ''),
        outcomes: choices.outcomes,
        words: sent ? text(sent, 'words') : before,
        isCorrection,
      })
    },
  })

const renewForm = (app: FastifyInstance, site: Site) =>
  requestForm(app, site, {
    at: 'renewals',
    fields: ['span'],
    isFor: 'author or moderators',
    does: (isMine) => (isMine ? renewPrayer : extendPrayer),
    show: (reply, { row, isMine, sent, form }) =>
      reply.show('prayers/renew', {
        ...form,
        span: sent ? text(sent, 'span') : '30',
        spans: lastings,
        lapsesAt: row.lapsesAt,
        isMine,
      }),
  })

const withdrawForm = (app: FastifyInstance, site: Site) =>
  requestForm(app, site, {
    at: 'withdrawals',
    fields: [],
    limit: null,
    isFor: 'author',
    does: () => withdrawPrayer,
    show: (reply, { form }) => reply.show('prayers/withdraw', form),
  })

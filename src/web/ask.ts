import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.ts'
import type { PrayerWords } from '../queries/pages.ts'
import { logDefect } from './errors.ts'
import { mistakesIn, type Sent, sentBy, text } from './forms.ts'
import { newKey } from './keys.ts'
import { notSaved, perhapsSaved, problemOf } from './problems.ts'
import type { Site } from './site.ts'

const audiences = ['everyone', 'team', 'me'] as const

/** The fields of a request, each of which may be wrong. */
export const fields = ['request', 'forWhom', 'sees', 'nameless'] as const

/** The words of a request as they were sent, with the key that makes sending them twice one request. */
export const wordsIn = (sent: Sent, site: Site): PrayerWords => ({
  request: text(sent, 'request'),
  forWhom: text(sent, 'forWhom'),
  sees: audiences.find((one) => one === text(sent, 'sees')) ?? 'everyone',
  isNameless: text(sent, 'nameless') === 'yes',
  key: text(sent, 'key') || newKey(site.source),
})

/** Answers what goes wrong with the form again, and the words in it: nobody writes a prayer twice. */
export const keepWords = (site: Site) => (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
  // The ledger refuses by itself what it cannot read for; so whatever else could not be read saved nothing.
  const error = site.isMending(thrown) ? new Refusal('read-only', notSaved) : thrown
  const sent = sentBy(request)
  const reason = error instanceof Refusal ? error.reason : 'unknown-outcome'
  if (typeof sent.request !== 'string' && reason !== 'invalid') throw thrown
  const problem = problemOf(error)
  logDefect(problem, thrown, request)
  // A key that stands for something else would be refused for ever; any other must stay, it may have been used.
  const words = wordsIn(reason === 'conflict' ? { ...sent, key: '' } : sent, site)
  const mistakes = mistakesIn(error, fields)
  reply.code(problem.status)
  const isByField = fields.some((field) => mistakes[field] !== null)
  return reply.show('prayers/ask', {
    words,
    mistakes,
    problem: isByField ? null : sentenceFor(reason, problem.sentence),
  })
}

function sentenceFor(reason: Refusal['reason'], sentence: string) {
  // Why only these words cannot be saved is worth a sentence: others can.
  if (reason === 'read-only') return sentence === notSaved ? notSaved : `${notSaved} ${sentence}`
  return reason === 'unknown-outcome' ? perhapsSaved : sentence
}

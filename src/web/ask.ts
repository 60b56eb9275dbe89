import type { FastifyReply, FastifyRequest } from 'fastify'
import { prayerChoices } from '../commands/prayer-choices.ts'
import { soundsLikeDanger } from '../kernel/danger.ts'
import { days, earlier } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { callOf } from '../queries/calls.ts'
import { countKnown } from '../queries/directory.ts'
import type { Ask, AskField, Beside, PrayerWords, Readers } from '../queries/pages/asking.ts'
import { holderNames } from '../queries/roles.ts'
import { settingsOf } from '../queries/settings.ts'
import { logDefect } from './errors.ts'
import { mistakesIn, type Sent, sentBy, text } from './forms.ts'
import { newKey } from './keys.ts'
import { notSaved, perhapsSaved, problemOf } from './problems.ts'
import { readerOf } from './session.ts'
import type { Site } from './site.ts'

/** The fields of a request, in the order of the form. */
export const askFields: readonly AskField[] = [
  'request',
  'forWhom',
  'consent',
  'topic',
  'day',
  'lasts',
  'sees',
  'nameless',
]

/** The words of a request as they were sent, with the key that makes sending them twice one request. */
export const wordsIn = (sent: Sent, site: Site): PrayerWords => ({
  request: text(sent, 'request'),
  forWhom: text(sent, 'forWhom'),
  topic: chosen(sent, 'topic') ?? 'other',
  day: text(sent, 'day'),
  lasts: chosen(sent, 'lasts') ?? '30',
  sees: chosen(sent, 'sees') ?? 'everyone',
  isNameless: chosen(sent, 'nameless') !== undefined,
  isAgreed: chosen(sent, 'consent') !== undefined,
  key: text(sent, 'key') || newKey(site.source),
})

/** What was chosen, where that can be. */
const chosen = <Field extends 'topic' | 'lasts' | 'sees' | 'nameless' | 'consent'>(
  sent: Sent,
  field: Field,
): (typeof prayerChoices.shape)[Field]['_zod']['output'] | undefined =>
  prayerChoices.shape[field].safeParse(text(sent, field)).data

/** Who would see what this member asks. */
export function readersFor(site: Site, request: FastifyRequest): Readers {
  const { cache, reader, now } = readerOf(site, request)
  return {
    people: countKnown(cache, reader.member),
    team: holderNames(cache, 'team', now, reader.member),
  }
}

/** The form with nothing wrong in it. */
export const asks = (site: Site, request: FastifyRequest, words: PrayerWords): Ask => ({
  words,
  mistakes: mistakesIn(undefined, askFields),
  problem: null,
  readers: readersFor(site, request),
  begunAt: null,
  beside: besideFor(site, request, words),
})

/** What stands beside words that sound like danger to life, or that somebody asked for a call with. */
export function besideFor(
  site: Site,
  request: FastifyRequest,
  { request: words, forWhom }: Pick<PrayerWords, 'request' | 'forWhom'>,
  isAsked = false,
): Beside | null {
  if (!isAsked && !soundsLikeDanger(`${words}\n${forWhom}`)) return null
  const { cache, reader, now } = readerOf(site, request)
  const call = callOf(cache, reader.member)
  const isOfTheseDays = call && (call.takenAt ?? now) > earlier(now, 7 * days)
  return { lines: settingsOf(cache).helpLines, call: isOfTheseDays ? call : null }
}

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
  const mistakes = mistakesIn(error, askFields)
  reply.code(problem.status)
  const isByField = askFields.some((field) => mistakes[field] !== null)
  return reply.show('prayers/ask', {
    words,
    mistakes,
    problem: isByField ? null : sentenceFor(reason, problem.sentence),
    // Where something is broken nobody asks the cache: perhaps that is what is.
    readers: problem.status < 500 ? readersFor(site, request) : null,
    begunAt: null,
    beside: problem.status < 500 ? besideFor(site, request, words) : null,
  })
}

function sentenceFor(reason: Refusal['reason'], sentence: string) {
  // Why only these words cannot be saved is worth a sentence: others can.
  if (reason === 'read-only') return sentence === notSaved ? notSaved : `${notSaved} ${sentence}`
  return reason === 'unknown-outcome' ? perhapsSaved : sentence
}

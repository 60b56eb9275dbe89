import type { FastifyReply } from 'fastify'
import type { Waiting } from '../queries/pages/plain.ts'
import type { Sent } from './forms.ts'
import type { Readiness } from './site.ts'
import { wait } from './words.ts'

/** While the cache is made: what is happening, on a page that comes back by itself. */
export function showStarting(reply: FastifyReply, readiness: Readiness) {
  begin(reply).header('refresh', '5')
  return reply.show('message', {
    heading,
    sentence: `${sentenceOf(readiness)} This page comes back by itself.`,
    way: null,
  })
}

/**
 * The same for somebody who has just sent a form: it gives back what was sent, in a form that sends it to where it went.
 * Nobody can look yet who asks, so it shows nothing else; and it stays, because coming back by itself would lose it.
 */
export function showUnsent(reply: FastifyReply, readiness: Readiness, sent: Sent) {
  begin(reply)
  const page: Waiting = {
    heading,
    sentence: `Nothing was saved yet, and nothing is lost. ${sentenceOf(readiness)} Keep this page open, and send it again then.`,
    action: reply.request.url,
    fields: fieldsIn(sent),
  }
  return reply.show('starting', page)
}

/** The fields of a form that is given back. */
export const fieldsIn = (sent: Sent): Waiting['fields'] =>
  Object.entries(sent).flatMap(([name, given]) =>
    [given].flat().map((value) => ({ name, value: String(value), label: labels[name] ?? null })),
  )

function begin(reply: FastifyReply) {
  reply.request.openSession = null
  return reply.code(503).header('retry-after', '5')
}

const heading = 'One moment: the site is getting ready'

function sentenceOf({ percent, etaSeconds }: Readiness) {
  const still =
    etaSeconds === null ? '' : ` It will take about ${wait(Math.max(1, Math.ceil(etaSeconds)))} more.`
  return `It is reading its archive, ${Math.floor(percent)}% so far.${still}`
}

/** Fields that hold what a person wrote; the others are sent again without being shown. */
const labels: Readonly<Record<string, string>> = {
  request: 'What shall we pray for?',
  forWhom: 'Who is it for?',
  name: 'Your name',
}

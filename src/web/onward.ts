import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Onward } from '../queries/pages/ways-in.ts'
import { localPath } from './addresses.ts'
import { type Sent, sentBy, text } from './forms.ts'
import { fieldsIn } from './starting.ts'
import { fieldsOf, formOf, formWith, isOurForm } from './unsent.ts'

/*
 * Where somebody was going when they were asked who they are. The forms of all ways in carry it along, so that they get
 * there afterwards, and the form that they had sent comes back with its words.
 */

export const nowhere: Onward = { next: '', unsent: '' }

/** Where a form says that somebody was going. */
export function onwardIn(sent: Sent): Onward {
  const next = localPath(text(sent, 'next')) ?? ''
  return { next, unsent: next === '' ? '' : text(sent, 'unsent') }
}

/** Where an address says so. It may have been written anywhere: a form in it would be put into somebody's hands. */
export const onwardAt = (given: unknown): Onward => onwardIn({ next: given })

/** Where this request was going that had to be refused first. */
export async function onwardOf(request: FastifyRequest, baseUrl: string): Promise<Onward> {
  if (request.method === 'GET') return { next: placeOf(request.url), unsent: '' }
  if (!isOurForm(request, baseUrl)) return nowhere
  // Most are refused before anybody has read what they sent.
  const sent = request.body === undefined ? await formOf(request) : sentBy(request)
  // A form of nothing but its button is a form, too.
  return { next: localPath(request.url) ?? '', unsent: formWith(sent) || '&' }
}

/** Goes on where somebody was going; a form that they had sent is given back, to be sent once more. */
export function goOn(reply: FastifyReply, { next, unsent }: Onward, otherwise = '/') {
  if (unsent === '') return reply.redirect(next || otherwise, 303)
  const fields = fieldsIn(fieldsOf(unsent))
  const hasWords = fields.some(({ label }) => label !== null)
  return reply.show('starting', {
    heading: 'Thank you: now we know that it is you',
    sentence: hasWords
      ? 'Nothing was saved yet. Here is what you had sent: send it again.'
      : 'What you wanted is not done yet: send it again.',
    action: next,
    fields,
  })
}

const placeOf = (url: string) => {
  const path = localPath(url) ?? ''
  return /^\/(sign-in|sign-out)?([/?]|$)/.test(path) ? '' : path
}

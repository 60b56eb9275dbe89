import { Refusal, type RefusalReason } from '../kernel/refusal.ts'
import type { Message } from '../queries/pages/plain.ts'

/** What went wrong, as a status and a page. */
export interface Problem extends Message {
  readonly status: number
}

/** What an error means to whoever asked; what nobody foresaw is a 500 that shows nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    const way = error.reason === 'gone' ? signIn : back
    return { ...refusals[error.reason], sentence: error.message, way }
  }
  const status = statusOf(error)
  return { status, ...(foreseen[status] ?? (status < 500 ? unreadable : broken)), way: back }
}

export const notSaved = 'That did not save. Your words are still here.'
export const perhapsSaved = 'We cannot tell whether that saved. Look before you send it again.'

const signIn = { words: 'Sign in', href: '/sign-in' }
const back = { words: 'Go to the start', href: '/' }

const refusals: { readonly [reason in RefusalReason]: { status: number; heading: string } } = {
  invalid: { status: 422, heading: 'Something is not right yet' },
  'sign-in': { status: 401, heading: 'Sign in' },
  fresh: { status: 401, heading: 'Show once more that it is you' },
  forbidden: { status: 403, heading: 'Nothing was done' },
  'not-found': { status: 404, heading: 'There is nothing here' },
  gone: { status: 410, heading: 'This link opens nothing now' },
  conflict: { status: 422, heading: 'That was sent before, for something else' },
  'too-soon': { status: 429, heading: 'One moment' },
  'read-only': { status: 503, heading: 'That did not save' },
  'unknown-outcome': { status: 503, heading: 'We cannot tell whether that saved' },
}

const unreadable = {
  heading: 'That could not be read',
  sentence: 'What came here was not in a form the site knows. Go back and try once more.',
}

const broken = {
  heading: 'Something broke on our side',
  sentence: `It was not you. ${perhapsSaved}`,
}

const foreseen: Readonly<Record<number, { heading: string; sentence: string }>> = {
  400: {
    heading: 'That address cannot be read',
    sentence: 'A piece of it is missing or bent. Start again from the front page.',
  },
  413: {
    heading: 'That is too long',
    sentence:
      'It is more than the site takes at once, so nothing was saved. Go back: your words are still in the form.',
  },
  503: { heading: 'Not just now', sentence: 'The site is stopping or starting. Try again in a minute.' },
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

import type { FastifyRequest } from 'fastify'
import type { DraftWords } from '../outside/drafts.ts'
import { askFields } from './ask.ts'
import { type Sent, text } from './forms.ts'
import { memberOf } from './session.ts'
import type { Site } from './site.ts'

/** Keeps what the form holds for whoever writes it; whether that could be done. An empty form is no draft. */
export function keepDraft(site: Site, request: FastifyRequest, sent: Sent): boolean {
  if (text(sent, 'request').trim() === '') return true
  return site.drafts.keep(memberOf(request).member, fieldsOf(sent))
}

/** Whoever shares what a draft was of needs it no more; a draft of something else stays. */
export function dropShared(site: Site, request: FastifyRequest, sent: Sent) {
  const { member } = memberOf(request)
  if (site.drafts.of(member)?.words.key === text(sent, 'key')) site.drafts.drop(member)
}

const fieldsOf = (sent: Sent): DraftWords =>
  Object.fromEntries([...askFields, 'key'].map((field) => [field, text(sent, field)]))

import type { FastifyRequest } from 'fastify'
import { isFromElsewhere } from './cross-site.ts'
import type { Sent } from './forms.ts'

/** Whether a form came that may be given back: one of ours, sent from here to an address of ours. */
export const maySendAgain = (request: FastifyRequest, baseUrl: string): boolean =>
  !request.is404 && isOurForm(request, baseUrl)

/**
 * Whether what came is a form of ours, sent from here, to whichever address: nobody learns from what is given back which
 * there are. Files and other bodies are not read, and the form of another site must not come back as one of this site.
 */
export function isOurForm(request: FastifyRequest, baseUrl: string): boolean {
  const { method, headers, url } = request
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '')
  const isPath = /^\/(?!\/)/.test(url)
  return method === 'POST' && isForm && isPath && !isFromElsewhere(request, baseUrl)
}

/**
 * Reads a form before anything else is asked of its request: what comes afterwards wants to know who sends it, and nobody
 * can tell yet. Throws as the parser of all forms does when it is too long.
 */
export async function formOf({ raw, server, headers }: FastifyRequest): Promise<Sent> {
  const limit = server.initialConfig.bodyLimit ?? 0
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLong()
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of raw) {
    length += piece.length
    if (length > limit) throw tooLong()
    pieces.push(piece)
  }
  return fieldsOf(Buffer.concat(pieces).toString('utf8'))
}

/** A form as browsers send it, read. */
export function fieldsOf(form: string): Sent {
  const fields: Record<string, string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(form)) {
    fields[name] ??= []
    fields[name].push(value)
  }
  return fields
}

/** The fields of a form as browsers send them. */
export function formWith(sent: Sent): string {
  const fields = new URLSearchParams()
  for (const [name, given] of Object.entries(sent))
    for (const value of [given].flat()) fields.append(name, String(value))
  return fields.toString()
}

const tooLong = () => Object.assign(new Error('The form is too long.'), { statusCode: 413 })

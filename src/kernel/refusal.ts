/** Why a person is told no; the web turns each into a status, the command line into an exit code. */
export type RefusalReason =
  | 'invalid' // 422, the message stands by a field
  | 'sign-in' // 401, somebody must say who they are first
  | 'fresh' // 401, they must show once more that it is they
  | 'forbidden' // 403
  | 'not-found' // 404, also for what one may not see
  | 'gone' // 410, a link that was used, has expired or was revoked
  | 'conflict' // 422, the same key for something else
  | 'too-soon' // 429
  | 'read-only' // 503, nothing can be saved just now
  | 'unknown-outcome' // 503, we cannot tell whether it was saved

/** An understood "no", in a sentence the person can act on. `fields` holds the sentence for each form field. */
export class Refusal extends Error {
  readonly reason: RefusalReason
  readonly fields: Readonly<Record<string, string>>

  constructor(reason: RefusalReason, sentence: string, fields: Readonly<Record<string, string>> = {}) {
    super(sentence)
    this.name = 'Refusal'
    this.reason = reason
    this.fields = fields
  }
}

/** A refusal that belongs to one field of a form. */
export const invalid = (field: string, sentence: string) =>
  new Refusal('invalid', sentence, { [field]: sentence })

import { Refusal } from '../kernel/refusal.ts'
import type { Mistakes } from '../queries/pages/mistakes.ts'

/** What a form sent, before anything was checked. */
export type Sent = Readonly<Record<string, unknown>>

/** The fields of a form; a body that is no form has none. */
export const sentBy = ({ body }: { readonly body: unknown }): Sent =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Sent) : {}

/** One field as text, to show it again. */
export function text(sent: Sent, field: string): string {
  const value = sent[field]
  return typeof value === 'string' ? value : ''
}

/** The sentence for each of these fields, where an error has one. */
export function mistakesIn<Field extends string>(error: unknown, fields: readonly Field[]): Mistakes<Field> {
  const sentences: Readonly<Record<string, string>> = error instanceof Refusal ? error.fields : {}
  const pairs = fields.map((field) => [field, sentences[field] ?? null])
  // Object.fromEntries forgets which names it was given.
  return Object.fromEntries(pairs) as Mistakes<Field>
}

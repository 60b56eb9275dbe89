import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import type { Kind } from '../kernel/event.ts'
import { Refusal } from '../kernel/refusal.ts'
import { thingOfKey } from '../queries/keys.ts'
import { optional } from './command.ts'

const sentence = 'A key has at most 200 characters.'

/** The `key` that a client may send along, so that sending twice is doing once. */
export const clientKey = optional(z.string(sentence).max(200, sentence))

/**
 * What this key (of `keyOf`) was sent for before, which is then done already. The same key for another kind of thing,
 * or for a thing that is not this one, is refused.
 */
export function doneBefore(
  cache: Reading,
  key: string | undefined,
  kind: Kind,
  isThisOne: (thing: string) => boolean,
): string | undefined {
  const known = key === undefined ? undefined : thingOfKey(cache, key)
  if (!known) return undefined
  if (known.kind !== kind.name || !isThisOne(known.thing)) {
    throw new Refusal(
      'conflict',
      'That was sent before for something else. Go back to a fresh page and send it from there.',
    )
  }
  return known.thing
}

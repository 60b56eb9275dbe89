import { cursorOf } from '../cache/cursor.ts'
import type { Reading } from '../cache/reading.ts'
import type { Catalogue } from './catalogue.ts'

/** Whether this cache was made of the text as it stands now: since then no words were erased and no edit was accepted. */
export function isOfThisText(cache: Reading, catalogue: Catalogue): boolean {
  const cursor = cursorOf(cache)
  const lastAccepted = Math.max(0, ...catalogue.accepted(cache).map(({ sequence }) => sequence))
  return catalogue.erasures(cache).length === cursor?.erasures && lastAccepted === cursor.accepted
}

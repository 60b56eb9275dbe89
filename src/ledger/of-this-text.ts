import { cursorOf } from '../cache/cursor.ts'
import type { Reading } from '../cache/reading.ts'
import type { Catalogue } from './catalogue.ts'

/** Whether this cache was made of the text as it stands now: since then no words were erased and no edit was accepted. */
export function isOfThisText(cache: Reading, catalogue: Catalogue): boolean {
  const { erasures, accepted } = rewritings(cache, catalogue)
  const cursor = cursorOf(cache)
  return erasures === cursor?.erasures && accepted === cursor.accepted
}

/** How many erasures are recorded, and the last record that accepted an edit: what a cache has to be made anew for. */
export const rewritings = (cache: Reading, catalogue: Catalogue) => ({
  erasures: catalogue.erasures(cache).length,
  accepted: Math.max(0, ...catalogue.accepted(cache).map(({ sequence }) => sequence)),
})

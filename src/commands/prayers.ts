import { z } from 'zod'
import type { Reading } from '../cache/reading.ts'
import { keyOf } from '../kernel/stamp.ts'
import { wordsOf } from '../queries/prayers.ts'
import { prayerPosted } from '../records/prayers.ts'
import { command } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { typed } from './words.ts'

const unwritten = 'Write what you would like prayer for.'

/** The words of a request, as its form and its preview check them. */
export const prayerWords = z.object({
  request: typed(5_000, unwritten).refine((text) => text !== '', unwritten),
  forWhom: typed(100, 'Write a name, or leave this empty.')
    .refine((text) => !text.includes('\n'), 'Keep this to one line.')
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
})

interface Words {
  readonly request: string
  readonly forWhom?: string | null | undefined
}

/** Asks everyone here for prayer. */
export const postPrayer = command({
  name: 'postPrayer',
  input: prayerWords.extend({ key: clientKey }),
  decide({ cache, actor, stamp }, { request, forWhom, key: sent }) {
    const key = sent && keyOf(actor.member, sent)
    const known = doneBefore(cache, key, prayerPosted, (prayer) => says(cache, prayer, { request, forWhom }))
    if (known) return { drafts: [], result: { prayer: known } }

    const prayer = stamp.id('prayer')
    return {
      drafts: [prayerPosted.of({ by: actor.member, key, prayer, sees: 'everyone', request, forWhom })],
      result: { prayer },
    }
  },
})

/** Whether a request has exactly these words; words that were erased since are no longer the same. */
function says(cache: Reading, prayer: string, { request, forWhom = null }: Words) {
  const words = wordsOf(cache, prayer)
  return words?.request === request && words.forWhom === forWhom
}

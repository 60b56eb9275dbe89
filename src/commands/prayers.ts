import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { keyOf } from '../kernel/stamp.ts'
import { sealAuthor } from '../queries/nameless.ts'
import { prayerById } from '../queries/prayers.ts'
import { belonging, openedWord } from '../queries/sealed-words.ts'
import { type Audience, prayerPosted } from '../records/prayers.ts'
import { command, type Deciding, parsed } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { checkChoices, lapseOf, prayerChoices } from './prayer-choices.ts'
import { typed } from './words.ts'

const mostWords = 5_000
const mostName = 100
const unwritten = 'Write what you would like prayer for.'

/** The words of a request, as its form and its preview check them. */
export const prayerWords = z.object({
  request: typed(mostWords, unwritten).refine((text) => text !== '', unwritten),
  forWhom: typed(mostName, 'Write a name, or leave this empty.')
    .refine((text) => !text.includes('\n'), 'Keep this to one line.')
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
})

/** The same on their way: empty is right, and too long is told while they are written. */
export const draftWords = z.object({
  request: typed(mostWords, unwritten),
  forWhom: typed(mostName, unwritten).optional(),
})

/** A request as its form and its preview send it. */
export const askedPrayer = prayerWords.extend(prayerChoices.shape)

/** What was asked, checked as far as it can be before it is shared. Throws a Refusal with the sentences for its fields. */
export function checkPrayer(when: { readonly cache: Reading; readonly now: Moment }, raw: unknown) {
  const asked = parsed(askedPrayer, raw)
  checkChoices(when, asked)
  return { ...asked, lapsesAt: lapseOf(when, asked) }
}

interface Words {
  readonly request: string
  readonly forWhom?: string | null | undefined
  readonly sees: Audience
  readonly nameless?: 'yes' | undefined
}

/** Asks for prayer: everyone here, the prayer team, or nobody but oneself. */
export const postPrayer = command({
  name: 'postPrayer',
  input: askedPrayer.extend({ key: clientKey }),
  decide({ cache, actor, stamp }, asked) {
    const { request, forWhom, sees, nameless, topic, day, key: sent } = asked
    const key = sent && keyOf(actor.member, sent)
    const known = doneBefore(cache, key, prayerPosted, (prayer) =>
      says({ cache, stamp }, prayer, { request, forWhom, sees, nameless }),
    )
    if (known) return { drafts: [], result: { prayer: known } }

    const when = { cache, now: stamp.time }
    checkChoices(when, asked)
    const prayer = stamp.id('prayer')
    const kept = (field: 'request' | 'forWhom', words: string) =>
      sees === 'everyone' ? words : stamp.seal(belonging(prayer, field), words)
    const draft = prayerPosted.of({
      by: nameless ? 'someone' : actor.member,
      key,
      prayer,
      ...{ sees, topic, day },
      lapsesAt: lapseOf(when, asked),
      consent: forWhom === undefined ? undefined : asked.consent && true,
      request: kept('request', request),
      forWhom: forWhom && kept('forWhom', forWhom),
      author: nameless && sealAuthor(stamp, prayer, actor.member),
    })
    return { drafts: [draft], result: { prayer } }
  },
})

/** Whether a request has exactly these words, for the same people and with or without a name; words that were erased since are no longer the same. */
function says(
  { cache, stamp }: Pick<Deciding, 'cache' | 'stamp'>,
  prayer: string,
  { request, forWhom = null, sees, nameless }: Words,
) {
  const found = prayerById(cache, prayer)
  const word = (field: 'request' | 'forWhom') =>
    found && openedWord(stamp.keyring, found, field, found[field])
  const isSo = found?.sees === sees && (found.author === null) === (nameless !== undefined)
  return isSo && word('request') === request && word('forWhom') === forWhom
}

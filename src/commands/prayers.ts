import { z } from 'zod'
import { invalid } from '../kernel/refusal.ts'
import { keyOf } from '../kernel/stamp.ts'
import { sealAuthor } from '../queries/nameless.ts'
import { prayerById } from '../queries/prayers.ts'
import { belonging, openedWord } from '../queries/sealed-words.ts'
import { type Audience, audiences, prayerPosted } from '../records/prayers.ts'
import { command, type Deciding, optional } from './command.ts'
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

/** Who may see it, and whether they see who asked. */
const audience = z.object({
  sees: optional(z.enum(audiences, 'Choose who may see this.')).transform((sees) => sees ?? 'everyone'),
  nameless: optional(z.literal('yes', 'Choose whether people see your name.')),
})

interface Words {
  readonly request: string
  readonly forWhom?: string | null | undefined
  readonly sees: Audience
}

/** Asks for prayer: everyone here, the prayer team, or nobody but oneself. */
export const postPrayer = command({
  name: 'postPrayer',
  input: prayerWords.extend({ key: clientKey }).extend(audience.shape),
  decide({ cache, actor, stamp }, { request, forWhom, sees, nameless, key: sent }) {
    const key = sent && keyOf(actor.member, sent)
    const known = doneBefore(cache, key, prayerPosted, (prayer) =>
      says({ cache, stamp }, prayer, { request, forWhom, sees }),
    )
    if (known) return { drafts: [], result: { prayer: known } }

    if (nameless && sees === 'me') throw invalid('nameless', 'Only you can see this, so your name can stay.')
    const prayer = stamp.id('prayer')
    const kept = (field: 'request' | 'forWhom', words: string) =>
      sees === 'everyone' ? words : stamp.seal(belonging(prayer, field), words)
    const draft = prayerPosted.of({
      by: nameless ? 'someone' : actor.member,
      key,
      prayer,
      sees,
      request: kept('request', request),
      forWhom: forWhom && kept('forWhom', forWhom),
      author: nameless && sealAuthor(stamp, prayer, actor.member),
    })
    return { drafts: [draft], result: { prayer } }
  },
})

/** Whether a request has exactly these words; words that were erased since are no longer the same. */
function says(
  { cache, stamp }: Pick<Deciding, 'cache' | 'stamp'>,
  prayer: string,
  { request, forWhom = null, sees }: Words,
) {
  const found = prayerById(cache, prayer)
  const word = (field: 'request' | 'forWhom') =>
    found && openedWord(stamp.keyring, found, field, found[field])
  return found?.sees === sees && word('request') === request && word('forWhom') === forWhom
}

import * as z from 'zod'
import { paperHash, paperKeyOf, readPaperKey } from '../kernel/paper-key.ts'
import { invalid } from '../kernel/refusal.ts'
import { keyOf } from '../kernel/stamp.ts'
import { ownerOfPaperKey } from '../queries/paper-keys.ts'
import { paperKeyMade } from '../records/paper-keys.ts'
import { command, type Decision } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { arriving, comeIn } from './sessions.ts'

/**
 * A new key on paper; the one before opens nothing any more. Its words are told once: the same form sent again tells that it
 * was sent, and leaves the paper that somebody has in hand as it is.
 */
export const makePaperKey = command({
  name: 'makePaperKey',
  input: z.object({ key: clientKey }),
  decide({ cache, actor, stamp }, { key: sent }): Decision<{ readonly words: readonly string[] | null }> {
    const key = sent && keyOf(actor.member, sent)
    if (doneBefore(cache, key, paperKeyMade, (member) => member === actor.member))
      return { drafts: [], result: { words: null } }
    const bits = Buffer.from(stamp.token(), 'base64url')
    const draft = paperKeyMade.of({ by: actor.member, key, hash: paperHash(bits) })
    return { drafts: [draft], result: { words: paperKeyOf(bits) } }
  },
})

/** Comes in by the words of a paper key, which stays what it was. */
export const signInByPaperKey = command({
  name: 'signInByPaperKey',
  input: arriving.extend({
    words: z
      .string('Write the thirteen words of your paper key.')
      .max(2_000, 'A paper key is not as long as this.'),
  }),
  decide(asked, { words, ...arrival }) {
    const read = readPaperKey(words)
    if ('mistake' in read) throw invalid('words', read.mistake)
    const member = ownerOfPaperKey(asked.cache, paperHash(read.bits))
    if (member === undefined) throw invalid('words', unknown)
    const { closed, session } = comeIn(asked, member, { ...arrival, how: 'paper' })
    return { drafts: [...closed, session.draft], result: session.opened }
  },
})

const unknown =
  'This is a whole paper key, but it opens nothing here now. If you have a newer one, use that; it took the place of this.'

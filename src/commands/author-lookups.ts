import * as z from 'zod'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { reasonOf } from '../queries/author-lookups.ts'
import { maySee } from '../queries/may-see.ts'
import { authorIn } from '../queries/nameless.ts'
import { prayerById } from '../queries/prayers.ts'
import { authorShown } from '../records/author-lookups.ts'
import { command } from './command.ts'
import { typed } from './words.ts'

const noReason = 'Say why: whoever asked will read it.'
const noSuchRequest = 'There is no such request.'

/** Shows a moderator who asked without a name. It is written down, and whoever asked is told, with the reason. */
export const seeAuthor = command({
  name: 'seeAuthor',
  input: z.object({
    prayer: z.string(noSuchRequest),
    reason: typed(500, noReason).refine((text) => text !== '', noReason),
  }),
  decide({ cache, actor, stamp }, { prayer, reason }) {
    const found = prayerById(cache, prayer)
    if (!found || !maySee(cache, stamp.keyring, actor, found)) throw new Refusal('not-found', noSuchRequest)
    if (found.author !== null)
      throw invalid('reason', 'This was asked with a name: there is nothing to look up.')
    const author = authorIn(stamp.keyring, found)
    if (author === undefined)
      throw invalid('reason', 'No key of this site opens who asked, so nobody can tell.')
    if (author === actor.member) throw invalid('reason', 'You asked this yourself.')
    const sealed = stamp.seal(reasonOf(prayer), reason)
    return { drafts: [authorShown.of({ by: actor.member, prayer, reason: sealed })], result: { prayer } }
  },
})

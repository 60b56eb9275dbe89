import { z } from 'zod'
import type { Member } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { maySee } from '../queries/may-see.ts'
import { authorIn } from '../queries/nameless.ts'
import { prayerById } from '../queries/prayers.ts'
import { publicationOf, publicationsOf } from '../queries/publications.ts'
import { settingsOf } from '../queries/settings.ts'
import { prayerPublished, publicationEnded } from '../records/publications.ts'
import { command, type Deciding, optional } from './command.ts'

const noSuchRequest = 'There is no such request.'
const prayer = z.string(noSuchRequest)

/** Gives one's own request a page that anybody on the internet can read; without the names, unless they are asked for. */
export const publishPrayer = command({
  name: 'publishPrayer',
  input: z.object({ prayer, named: optional(z.literal('yes', 'Choose whether the names stand there.')) }),
  decide(asked, { prayer, named }) {
    const { cache, stamp } = asked
    const { by, sees, state } = mine(asked, prayer)
    if (!settingsOf(cache).publicPages)
      throw new Refusal('forbidden', 'This community has no pages on the open internet.')
    if (sees !== 'everyone' || state !== 'open')
      throw new Refusal(
        'forbidden',
        'Only an open request that everyone here sees can have a page of its own.',
      )
    const known = publicationOf(cache, prayer)
    const isNamed = named === 'yes'
    if (known?.isNamed === isNamed) return { drafts: [], result: undefined }
    const ended = publicationsOf(cache, prayer).map((publication) => publicationEnded.of({ by, publication }))
    const publication = stamp.id('publication')
    const drafts = [...ended, prayerPublished.of({ by, prayer, publication, named: isNamed })]
    return { drafts, result: undefined }
  },
})

/** Takes the page back, at once and for good: its address never shows anything again. */
export const endPublication = command({
  name: 'endPublication',
  input: z.object({ prayer }),
  decide(asked, { prayer }) {
    const { by } = mine(asked, prayer)
    const drafts = publicationsOf(asked.cache, prayer).map((publication) =>
      publicationEnded.of({ by, publication }),
    )
    return { drafts, result: undefined }
  },
})

/** A request of the actor's own, and who its records are written by. */
function mine({ cache, actor, stamp }: Deciding<Member>, prayer: string) {
  const found = prayerById(cache, prayer)
  if (!found || !maySee(cache, stamp.keyring, actor, found)) throw new Refusal('not-found', noSuchRequest)
  if (authorIn(stamp.keyring, found) !== actor.member)
    throw new Refusal('forbidden', 'Only whoever asked can do that.')
  return { ...found, by: found.author ?? 'someone' }
}

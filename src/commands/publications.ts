import * as z from 'zod'
import { Refusal } from '../kernel/refusal.ts'
import { publicationOf, publicationsOf } from '../queries/publications.ts'
import { settingsOf } from '../queries/settings.ts'
import { prayerPublished, publicationEnded } from '../records/publications.ts'
import { command, optional } from './command.ts'
import { ownRequest } from './own-request.ts'
import { prayer } from './visible.ts'

/** Gives one's own request a page that anybody on the internet can read; without the names, unless they are asked for. */
export const publishPrayer = command({
  name: 'publishPrayer',
  input: z.object({ prayer, named: optional(z.literal('yes', 'Choose whether the names stand there.')) }),
  decide(asked, { prayer, named }) {
    const { cache, stamp } = asked
    const { row, by } = ownRequest(asked, prayer)
    if (!settingsOf(cache).publicPages)
      throw new Refusal('forbidden', 'This community has no pages on the open internet.')
    if (row.sees !== 'everyone' || row.state !== 'open')
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
    const { by } = ownRequest(asked, prayer)
    const drafts = publicationsOf(asked.cache, prayer).map((publication) =>
      publicationEnded.of({ by, publication }),
    )
    return { drafts, result: undefined }
  },
})

import * as z from 'zod'
import { followedBy } from '../queries/follows.ts'
import { prayerFollowed, prayerUnfollowed } from '../records/follows.ts'
import { command } from './command.ts'
import { prayer, visibleTo } from './visible.ts'

const input = z.object({ prayer })

/** Keeps a request in sight; one that is followed already stays so. */
export const followPrayer = command({
  name: 'followPrayer',
  input,
  decide(asked, { prayer }) {
    visibleTo(asked, prayer)
    const { cache, actor } = asked
    const drafts = followedBy(cache, actor.member).has(prayer)
      ? []
      : [prayerFollowed.of({ by: actor.member, prayer })]
    return { drafts, result: { prayer } }
  },
})

/** Lets it go; one that is not followed stays so. */
export const unfollowPrayer = command({
  name: 'unfollowPrayer',
  input,
  decide(asked, { prayer }) {
    visibleTo(asked, prayer)
    const { cache, actor } = asked
    const drafts = followedBy(cache, actor.member).has(prayer)
      ? [prayerUnfollowed.of({ by: actor.member, prayer })]
      : []
    return { drafts, result: { prayer } }
  },
})

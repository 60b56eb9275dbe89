import * as z from 'zod'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { keyOf } from '../kernel/stamp.ts'
import { flagById, hasOpenFlag, reasonOf } from '../queries/flags.ts'
import { mayJudge } from '../queries/may-see.ts'
import { flagSettled, prayerFlagged } from '../records/flags.ts'
import { command } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { isAuthor, requestInSight } from './own-request.ts'
import { prayer } from './visible.ts'
import { typed } from './words.ts'

const noReason = 'Say what troubles you: moderators will read it.'
const noSuchFlag = 'There is nothing like that to look at.'

/** Asks the moderators to look at somebody's request. Asked again while they have not looked yet, it is asked once. */
export const flagPrayer = command({
  name: 'flagPrayer',
  input: z.object({
    prayer,
    reason: typed(1_000, noReason).refine((text) => text !== '', noReason),
    key: clientKey,
  }),
  decide(asked, { prayer, reason, key: sent }) {
    const { cache, actor, stamp } = asked
    const row = requestInSight(asked, prayer)
    const result = { prayer }
    const key = sent && keyOf(actor.member, sent)
    if (doneBefore(cache, key, prayerFlagged, (known) => known === prayer)) return { drafts: [], result }
    if (isAuthor(asked, row)) throw invalid('reason', 'You asked this yourself: change it, or take it back.')
    if (hasOpenFlag(cache, prayer, actor.member)) return { drafts: [], result }
    const sealed = stamp.seal(reasonOf(prayer), reason)
    return { drafts: [prayerFlagged.of({ by: actor.member, key, prayer, reason: sealed })], result }
  },
})

/** A moderator has looked at what somebody reported. Said twice, it is said once. */
export const settleFlag = command({
  name: 'settleFlag',
  input: z.object({
    flag: z
      .string(noSuchFlag)
      .regex(/^[1-9]\d{0,14}$/, noSuchFlag)
      .transform(Number),
  }),
  decide({ cache, actor, stamp }, { flag }) {
    const found = flagById(cache, flag)
    if (!found || !mayJudge(cache, stamp.keyring, actor, found.request))
      throw new Refusal('not-found', noSuchFlag)
    const isSettled = found.settledAt !== null
    return { drafts: isSettled ? [] : [flagSettled.of({ by: actor.member, flag })], result: {} }
  },
})

import * as z from 'zod'
import { Refusal } from '../kernel/refusal.ts'
import { keyOf } from '../kernel/stamp.ts'
import { hasDied, hasEncouragedToday, phrasesOf } from '../queries/encouragements.ts'
import { authorIn } from '../queries/nameless.ts'
import { settingsOf } from '../queries/settings.ts'
import { encouragementSent } from '../records/encouragements.ts'
import { command } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { prayer, visibleTo } from './visible.ts'

const outOfDate = 'Choose one of these.'

/** Sends whoever asked one of the community's phrases: to each request once a day, and to nobody who has lost somebody. */
export const sendEncouragement = command({
  name: 'sendEncouragement',
  input: z.object({
    prayer,
    phrase: z.string(outOfDate).max(500, outOfDate),
    key: clientKey,
  }),
  decide(asked, { prayer, phrase, key: sent }) {
    const { cache, actor, stamp } = asked
    const found = visibleTo(asked, prayer)
    const result = { prayer }
    const key = sent && keyOf(actor.member, sent)
    if (doneBefore(cache, key, encouragementSent, (thing) => thing === prayer)) return { drafts: [], result }

    if (!settingsOf(cache).encouraging)
      throw new Refusal('forbidden', 'This community has switched encouragements off.')
    if (authorIn(stamp.keyring, found) === actor.member)
      throw new Refusal('forbidden', 'You asked this yourself.')
    if (hasDied(cache, prayer))
      throw new Refusal('forbidden', 'Somebody has died. Speak with them, or write to them yourself.')
    if (!phrasesOf(cache).includes(phrase)) throw new Refusal('invalid', outOfDate, { phrase: outOfDate })
    if (hasEncouragedToday(cache, prayer, actor.member, stamp.time))
      throw new Refusal('too-soon', 'You have encouraged them today. They will read it.')
    return { drafts: [encouragementSent.of({ by: actor.member, key, prayer, phrase })], result }
  },
})

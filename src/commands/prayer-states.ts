import * as z from 'zod'
import type { Member } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { endingNow, type RequestNow } from '../queries/requests.ts'
import {
  prayerAnswered,
  prayerClosed,
  prayerRenewed,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
} from '../records/prayer-states.ts'
import { outcomes } from '../records/prayers.ts'
import { command, type Deciding, optional } from './command.ts'
import { isAuthor, ownRequest, requestInSight, takenBack, writerOf } from './own-request.ts'
import { type Lasting, lapseOf, lastings } from './prayer-choices.ts'
import { prayer } from './visible.ts'
import { typed } from './words.ts'

const ofPrayer = z.object({ prayer })

/** Puts one's own request out of the way: nobody is asked to pray for it until it is brought back. */
export const restPrayer = command({
  name: 'restPrayer',
  input: ofPrayer,
  decide(asked, { prayer }) {
    const { row, by } = ownRequest(asked, prayer)
    const result = { prayer }
    if (row.state === 'resting') return { drafts: [], result }
    if (row.state !== 'open') throw new Refusal('invalid', 'Only what is open can rest. Bring it back first.')
    return { drafts: [prayerRested.of({ by, prayer })], result }
  },
})

/** Takes one's own request back: nobody else sees it any more. */
export const withdrawPrayer = command({
  name: 'withdrawPrayer',
  input: ofPrayer,
  decide(asked, { prayer }) {
    const { row, by } = ownRequest(asked, prayer)
    const drafts = row.state === 'withdrawn' ? [] : [prayerWithdrawn.of({ by, prayer })]
    return { drafts, result: { prayer } }
  },
})

/** Opens one's own request again, from wherever it is. One that was to lapse gets a month at least. */
export const returnPrayer = command({
  name: 'returnPrayer',
  input: ofPrayer,
  decide(asked, { prayer }) {
    const { row, by } = ownRequest(asked, prayer)
    const result = { prayer }
    if (row.state === 'open') return { drafts: [], result }
    const lapsesAt = againUntil(asked, row)
    return { drafts: [prayerReturned.of({ by, prayer, lapsesAt })], result }
  },
})

/** Says that one's own request was answered, perhaps how. Said again, it is corrected. */
export const answerPrayer = command({
  name: 'answerPrayer',
  input: ofPrayer.extend({ testimony: optional(typed(5_000, 'Write how, or leave this empty.')) }),
  decide(asked, { prayer, testimony }) {
    const { row, by, kept } = ownRequest(asked, prayer)
    const result = { prayer }
    if (row.state === 'withdrawn') throw new Refusal('invalid', takenBack)
    const words = testimony || undefined
    if (row.state === 'answered' && isSaid(asked, row, words)) return { drafts: [], result }
    const told = words && kept('prayer.answered', 'testimony', words)
    return { drafts: [prayerAnswered.of({ by, prayer, testimony: told })], result }
  },
})

/** Ends one's own request for another reason. Said again, it is corrected. */
export const closePrayer = command({
  name: 'closePrayer',
  input: ofPrayer.extend({
    outcome: z.enum(outcomes, 'Choose what became of it.'),
    words: optional(typed(1_000, 'Write a few words, or leave this empty.')),
  }),
  decide(asked, { prayer, outcome, words: written }) {
    const { row, by, kept } = ownRequest(asked, prayer)
    const result = { prayer }
    if (row.state === 'withdrawn') throw new Refusal('invalid', takenBack)
    const words = written || undefined
    const isSo = row.state === 'closed' && row.outcome === outcome && isSaid(asked, row, words)
    if (isSo) return { drafts: [], result }
    const told = words && kept('prayer.closed', 'words', words)
    return { drafts: [prayerClosed.of({ by, prayer, outcome, words: told })], result }
  },
})

const renewal = ofPrayer.extend({ span: z.enum(lastings, 'Choose for how long.') })

/** Lets one's own request stay for longer, or until one closes it. */
export const renewPrayer = command({
  name: 'renewPrayer',
  input: renewal,
  decide: (asked, { prayer, span }) => renewed(asked, ownRequest(asked, prayer).row, span),
})

/** A moderator lets somebody's request stay for longer, never shorter. */
export const extendPrayer = command({
  name: 'extendPrayer',
  input: renewal,
  decide: (asked, { prayer, span }) => renewed(asked, requestInSight(asked, prayer), span),
})

function renewed(asked: Deciding<Member>, row: RequestNow, span: Lasting) {
  if (row.sees === 'me') throw invalid('span', 'Only you can see this, so it stays until you end it.')
  if (row.state !== 'open') throw invalid('span', 'This is not open: bring it back instead.')
  const isMine = isAuthor(asked, row)
  const lapsesAt = lapseOf(nowOf(asked), { lasts: span, sees: row.sees, day: row.day ?? undefined })
  const result = { prayer: row.id }
  if (row.lapsesAt === (lapsesAt ?? null)) return { drafts: [], result }
  if (!isMine && isSooner(lapsesAt, row.lapsesAt))
    throw invalid('span', 'It stays for longer than that already.')
  const by = isMine ? writerOf(asked, row) : asked.actor.member
  const draft = prayerRenewed.of({ by, prayer: row.id, lapsesAt, extended: isMine ? undefined : true })
  return { drafts: [draft], result }
}

/** Whether it would end earlier; without a moment it never ends. */
const isSooner = (then: Moment | undefined, now: Moment | null) =>
  then !== undefined && (now === null || then < now)

/** Whether exactly these words stand at its end already. */
const isSaid = ({ stamp }: Deciding, row: RequestNow, words: string | undefined) =>
  endingNow(stamp.keyring, row) === (words ?? null)

function againUntil(asked: Deciding, { sees, lapsesAt, day }: RequestNow): Moment | undefined {
  if (lapsesAt === null) return undefined
  const least = lapseOf(nowOf(asked), { lasts: '30', sees, day: day ?? undefined })
  return least !== undefined && lapsesAt > least ? lapsesAt : least
}

const nowOf = ({ cache, stamp }: Deciding) => ({ cache, now: stamp.time })

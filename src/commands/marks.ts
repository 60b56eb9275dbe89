import * as z from 'zod'
import { days, earlier, hours, type Moment, millisecondsOf, momentOf } from '../kernel/moment.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { keyOf } from '../kernel/stamp.ts'
import { endOfPraying, hasMarkNear, isPrayedFor, latestMark, newestOther } from '../queries/marks.ts'
import { prayerMarked, prayerUnmarked } from '../records/marks.ts'
import { command, optional } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { prayer, visibleTo } from './visible.ts'

const noMoment = 'Say when you prayed as a moment with its zone, like 2026-11-22T07:05:00Z.'

const died = 'Somebody has died, and no prayers are counted here any more.'
const over = 'Nobody is asked to pray for this any more, so no prayers are counted here.'

/** A mark, as the page named it. */
const sequence = z
  .string('This page is out of date: open it again.')
  .regex(/^[1-9]\d{0,14}$/, 'This page is out of date: open it again.')
  .transform(Number)

/**
 * "I prayed." Each counts as a time, as long as people are asked to pray or the request rests; `prayedAt` says when it was, for
 * whoever was offline.
 */
export const markPrayer = command({
  name: 'markPrayer',
  input: z.object({
    prayer,
    key: clientKey,
    prayedAt: optional(z.iso.datetime({ offset: true, error: noMoment }).max(40, noMoment)),
  }),
  decide({ cache, actor, stamp }, { prayer, key: sent, prayedAt }) {
    const { state } = visibleTo({ cache, actor, stamp }, prayer)
    const result = { prayer }
    const key = sent && keyOf(actor.member, sent)
    if (doneBefore(cache, key, prayerMarked, (marked) => marked === prayer)) return { drafts: [], result }

    const at = prayedAt === undefined ? stamp.time : happenedAt(prayedAt, stamp.time)
    const ended = isPrayedFor(state) ? undefined : endOfPraying(cache, prayer)
    if (ended?.outcome === 'died') throw new Refusal('forbidden', died)
    if (ended && at >= ended.at) throw new Refusal('invalid', over)
    if (hasMarkNear(cache, prayer, actor.member, at)) {
      throw new Refusal('too-soon', 'That you prayed just now is saved already. Once a minute is enough.')
    }
    const when = at === stamp.time ? undefined : at
    return { drafts: [prayerMarked.of({ by: actor.member, at: when, key, prayer })], result }
  },
})

/** Takes back the latest "I prayed" of one's own: `mark`, as the page showed it, so that sent twice is undone once. */
export const unmarkPrayer = command({
  name: 'unmarkPrayer',
  input: z.object({ prayer, mark: optional(sequence) }),
  decide({ cache, actor, stamp }, { prayer, mark: shown }) {
    visibleTo({ cache, actor, stamp }, prayer)
    const mark = latestMark(cache, prayer, actor.member)
    if (shown !== undefined && shown !== mark?.sequence) return { drafts: [], result: { prayer } }
    if (!mark) throw new Refusal('invalid', 'There is nothing to undo here.')
    if (mark.writtenAt <= earlier(stamp.time, hours)) {
      throw new Refusal('invalid', 'That was more than an hour ago, so it stays.')
    }
    return {
      drafts: [
        prayerUnmarked.of({
          by: actor.member,
          prayer,
          mark: mark.sequence,
          last: newestOther(cache, prayer, mark.sequence),
        }),
      ],
      result: { prayer },
    }
  },
})

function happenedAt(prayedAt: string, now: Moment): Moment {
  const at = Date.parse(prayedAt)
  const present = millisecondsOf(now)
  if (Number.isNaN(at)) throw invalid('prayedAt', noMoment)
  if (at > present) throw invalid('prayedAt', 'That is still to come.')
  if (at < present - 30 * days) throw invalid('prayedAt', 'That is more than 30 days ago.')
  return momentOf(at)
}

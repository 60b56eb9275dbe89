import * as z from 'zod'
import { endOf } from '../kernel/calendar.ts'
import { Refusal } from '../kernel/refusal.ts'
import { keyOf } from '../kernel/stamp.ts'
import { wordsNow } from '../queries/requests.ts'
import { settingsOf } from '../queries/settings.ts'
import { updatesOf } from '../queries/updates.ts'
import { prayerRenewed } from '../records/prayer-states.ts'
import { prayerChanged, prayerUpdated } from '../records/prayer-words.ts'
import { topics } from '../records/prayers.ts'
import { command, optional } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { ownRequest, takenBack } from './own-request.ts'
import { checkConsent, checkDay, prayerChoices } from './prayer-choices.ts'
import { prayerWords } from './prayers.ts'
import { prayer } from './visible.ts'
import { typed } from './words.ts'

const nothingNew = 'Write how it goes on.'

/** Changes the words of one's own request. What they were stays in the archive until it is erased. */
export const changePrayer = command({
  name: 'changePrayer',
  input: prayerWords.extend({
    prayer,
    topic: optional(z.enum(topics, 'Choose a topic.')).transform((topic) => topic ?? 'other'),
    ...{ day: prayerChoices.shape.day, consent: prayerChoices.shape.consent },
  }),
  decide(asked, { prayer, request, forWhom, topic, day, consent }) {
    const { row, by, kept } = ownRequest(asked, prayer)
    const result = { prayer }
    if (row.state === 'withdrawn') throw new Refusal('invalid', takenBack)
    if (day !== undefined && day !== row.day) checkDay({ cache: asked.cache, now: asked.stamp.time }, day)
    const now = wordsNow(asked.stamp.keyring, row)
    if (forWhom !== now.forWhom) checkConsent({ sees: row.sees, forWhom, consent })
    const isSame = now.request === request && now.forWhom === (forWhom ?? null)
    if (isSame && row.topic === topic && row.day === (day ?? null)) return { drafts: [], result }
    const change = prayerChanged.of({
      ...{ by, prayer, topic, day },
      forWhom: forWhom && kept('prayer.changed', 'forWhom', forWhom),
      request: kept('prayer.changed', 'request', request),
    })
    const until = day === undefined ? undefined : endOf(day, settingsOf(asked.cache).timeZone)
    const lapsesBefore = until !== undefined && row.lapsesAt !== null && row.lapsesAt < until
    // It does not rest before the day it matters is over, also when that day is told later.
    const renewals =
      row.state === 'open' && lapsesBefore ? [prayerRenewed.of({ by, prayer, lapsesAt: until })] : []
    return { drafts: [change, ...renewals], result }
  },
})

/** Tells how it goes on with one's own request. Sent twice it is told once. */
export const updatePrayer = command({
  name: 'updatePrayer',
  input: z.object({
    prayer,
    update: typed(3_000, nothingNew).refine((text) => text !== '', nothingNew),
    key: clientKey,
  }),
  decide(asked, { prayer, update, key: sent }) {
    const { row, by, kept } = ownRequest(asked, prayer)
    const result = { prayer }
    const key = sent && keyOf(asked.actor.member, sent)
    const isTold = (known: string) =>
      known === prayer &&
      updatesOf(asked.cache, asked.stamp.keyring, row).some(({ words }) => words === update)
    if (doneBefore(asked.cache, key, prayerUpdated, isTold)) return { drafts: [], result }
    if (row.state === 'withdrawn') throw new Refusal('invalid', takenBack)
    const words = kept('prayer.updated', 'update', update)
    return { drafts: [prayerUpdated.of({ by, key, prayer, update: words })], result }
  },
})

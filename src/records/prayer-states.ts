import { defineEvent, type Projection } from '../kernel/event.ts'
import { flag, id, moment, oneOf, prose } from '../kernel/fields.ts'
import type { Moment } from '../kernel/moment.ts'
import { audit, audited } from './audit.ts'
import { prayerCounts } from './marks.ts'
import { type Outcome, outcomes, type PrayerState, prayers } from './prayers.ts'

/*
 * What became of a request. By its author ("someone" when it was asked without a name), or by the schedule when it lapsed;
 * each can be taken back by `prayer.returned`.
 */

const values = { prayer: id('prayer') }

interface Ended {
  readonly prayer: string
  readonly sequence: number
  readonly at: Moment
}

function become(
  cache: Projection,
  { prayer, sequence, at }: Ended,
  state: PrayerState,
  { outcome = null, ending = null }: { outcome?: Outcome | null; ending?: string | null } = {},
) {
  cache.patch(prayers, prayer, { state, stateIn: sequence, stateAt: at, outcome, ending })
  cache.tally(prayerCounts, prayer, {}, { waits: 0 })
}

export const prayerRested = defineEvent({
  name: 'prayer.rested',
  version: 1,
  values,
  tables: [prayers, prayerCounts],
  project: (cache, event) => become(cache, event, 'resting'),
})

/** Nobody but its author finds it from now on. */
export const prayerWithdrawn = defineEvent({
  name: 'prayer.withdrawn',
  version: 1,
  critical: true,
  values,
  tables: [prayers, prayerCounts],
  project: (cache, event) => become(cache, event, 'withdrawn'),
})

export const prayerAnswered = defineEvent({
  name: 'prayer.answered',
  version: 1,
  values,
  blocks: { testimony: prose().optional() },
  tables: [prayers, prayerCounts],
  project: (cache, event) => become(cache, event, 'answered', { ending: event.testimony ?? null }),
})

export const prayerClosed = defineEvent({
  name: 'prayer.closed',
  version: 1,
  values: { ...values, outcome: oneOf(outcomes) },
  blocks: { words: prose().optional() },
  tables: [prayers, prayerCounts],
  project: (cache, event) =>
    become(cache, event, 'closed', { outcome: event.outcome, ending: event.words ?? null }),
})

/** People pray for it again: until then, or until somebody ends it. */
export const prayerReturned = defineEvent({
  name: 'prayer.returned',
  version: 1,
  values: { ...values, lapsesAt: moment().optional() },
  tables: [prayers, prayerCounts],
  project: (cache, { prayer, sequence, at, lapsesAt = null }) => {
    const open = { state: 'open', stateIn: sequence, stateAt: at, outcome: null, ending: null } as const
    cache.patch(prayers, prayer, { ...open, lapsesAt })
    cache.tally(prayerCounts, prayer, {}, { waits: 1 })
  },
})

/** It lapses later, or never: by its author or by a moderator. */
export const prayerRenewed = defineEvent({
  name: 'prayer.renewed',
  version: 2,
  values: {
    ...values,
    lapsesAt: moment().optional(),
    /** By a moderator, and its author is told. */
    extended: flag().optional(),
  },
  // A record of before does not say it: what was done then nobody is told.
  lift: { 1: (wording) => wording },
  tables: [prayers, audit],
  project: (cache, event) => {
    const { prayer, lapsesAt = null, extended } = event
    cache.patch(prayers, prayer, { lapsesAt })
    if (extended) audited(cache, event, null, prayer)
  },
})

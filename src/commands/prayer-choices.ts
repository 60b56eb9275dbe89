import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { type Day, dayOf, daysAfter, endOf, yearsAfter } from '../kernel/calendar.ts'
import type { Moment } from '../kernel/moment.ts'
import { invalid } from '../kernel/refusal.ts'
import { settingsOf } from '../queries/settings.ts'
import { audiences, topics } from '../records/prayers.ts'
import { optional } from './command.ts'

export { topics }

/** How many days people pray for a request; none is until its author closes it. */
const lengths: Readonly<Record<Lasting, number | undefined>> = {
  '14': 14,
  '30': 30,
  '90': 90,
  open: undefined,
}
export const lastings = ['14', '30', '90', 'open'] as const
export type Lasting = (typeof lastings)[number]

/** The furthest day that can matter. */
const years = 10

const noDay = 'Choose a day of the calendar, such as 2026-12-24, or leave this empty.'

/** What the author of a request may choose, as the form sends it. */
export const prayerChoices = z.object({
  topic: optional(z.enum(topics, 'Choose one of these topics.')),
  day: optional(z.iso.date(noDay)),
  lasts: optional(z.enum(lastings, 'Choose how long.')).transform((lasts) => lasts ?? '30'),
  sees: optional(z.enum(audiences, 'Choose who may see this.')).transform((sees) => sees ?? 'everyone'),
  nameless: optional(z.literal('yes', 'Choose whether people see your name.')),
  consent: optional(z.literal('yes', 'Say whether they agree.')),
})

export type PrayerChoices = z.output<typeof prayerChoices>

type Lapsing = Pick<PrayerChoices, 'lasts' | 'sees' | 'day'>

interface When {
  readonly cache: Reading
  readonly now: Moment
}

/** Throws the Refusal for choices that cannot be together, or not now. */
export function checkChoices(when: When, chosen: PrayerChoices & { readonly forWhom?: string | undefined }) {
  const { sees, nameless, day } = chosen
  if (nameless && sees === 'me') throw invalid('nameless', 'Only you can see this, so your name can stay.')
  checkConsent(chosen)
  if (day !== undefined) checkDay(when, day)
}

/** Whoever is named to others has to agree. */
export function checkConsent({
  sees,
  forWhom,
  consent,
}: Pick<PrayerChoices, 'sees' | 'consent'> & { readonly forWhom?: string | undefined }) {
  if (forWhom !== undefined && sees !== 'me' && !consent)
    throw invalid('consent', 'Others will read who it is for: say that they agree, or leave that empty.')
}

/** The day on which something matters: today or later, and within ten years. */
export function checkDay({ cache, now }: When, day: Day) {
  const today = dayOf(now, settingsOf(cache).timeZone)
  if (day < today) throw invalid('day', 'This day is over. Choose today, a day to come, or none.')
  if (day > yearsAfter(today, years)) throw invalid('day', `This day is more than ${years} years away.`)
}

/** When a request of these choices is put to rest by itself: not before the day it matters is over, and what only its author sees never. */
export function lapseOf({ cache, now }: When, { lasts, sees, day = '' }: Lapsing): Moment | undefined {
  const length = lengths[lasts]
  if (length === undefined || sees === 'me') return undefined
  const zone = settingsOf(cache).timeZone
  const last = daysAfter(dayOf(now, zone), length)
  return endOf(day > last ? day : last, zone)
}

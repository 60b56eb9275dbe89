import { days, earlier, type Moment, millisecondsOf, minutes, momentOf } from './moment.ts'

/** A day of the calendar, `2026-11-22`. Days compare as text. */
export type Day = string

/** Which day it is in this time zone. */
export function dayIn(zone: string, moment: Moment): Day {
  const parts = partsIn(zone, moment)
  return `${parts.year}-${parts.month}-${parts.day}`
}

/** So many days after a day, or before it. */
export const dayAfter = (day: Day, count = 1): Day =>
  momentOf(millisecondsOf(`${day}T00:00:00.000Z`) + count * days).slice(0, 10)

/** The first moment of a day in this time zone: midnight, or when the clock goes on after a midnight that it leaves out. */
export function startOf(day: Day, zone: string): Moment {
  const midnight = `${day}T00:00:00.000Z`
  // No zone is further than 14 hours from UTC, and every one of them is a whole number of quarters of an hour away.
  for (let quarter = -14 * 4; quarter <= 14 * 4; quarter++) {
    const moment = earlier(midnight, -quarter * 15 * minutes)
    if (dayIn(zone, moment) >= day) return moment
  }
  return midnight
}

const formats = new Map<string, Intl.DateTimeFormat>()

function partsIn(zone: string, moment: Moment) {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(zone, format)
  const parts = new Map(format.formatToParts(millisecondsOf(moment)).map(({ type, value }) => [type, value]))
  return { year: parts.get('year'), month: parts.get('month'), day: parts.get('day') }
}

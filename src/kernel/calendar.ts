import { days, type Moment, millisecondsOf, minutes, momentOf } from './moment.ts'

/*
 * Days as people live them: in the time zone of their community. A day is written 2026-11-22 wherever it is, so days compare
 * as text.
 */

export type Day = string

/** The day that this moment belongs to, there. */
export const dayOf = (moment: Moment, zone: string): Day => dayAt(millisecondsOf(moment), zone)

/** So many days later, by the calendar. */
export const daysAfter = (day: Day, count: number): Day =>
  momentOf(millisecondsOf(midnightOf(day)) + count * days).slice(0, 10)

/** The same day so many years later; of 29 February, where there is none, the day before. */
export function yearsAfter(day: Day, count: number): Day {
  const later = `${String(Number(day.slice(0, 4)) + count).padStart(4, '0')}${day.slice(4)}`
  return later.endsWith('-02-29') && daysAfter(later, 0) !== later ? later.replace(/29$/, '28') : later
}

/** The last moment of this day, there. */
export function endOf(day: Day, zone: string): Moment {
  // No place is as far as a day from UTC, and clocks are set by quarters of an hour.
  const earliest = millisecondsOf(midnightOf(day)) - days
  let [within, after] = [0, (3 * days) / quarter]
  while (after - within > 1) {
    const middle = Math.floor((within + after) / 2)
    if (dayAt(earliest + middle * quarter, zone) > day) after = middle
    else within = middle
  }
  return momentOf(earliest + after * quarter - 1)
}

const quarter = 15 * minutes
const midnightOf = (day: Day): Moment => `${day}T00:00:00.000Z`

/** To make one takes longer than everything else here. */
const calendars = new Map<string, Intl.DateTimeFormat>()

function dayAt(milliseconds: number, zone: string): Day {
  const known = calendars.get(zone)
  const calendar =
    known ??
    new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' })
  if (!known) calendars.set(zone, calendar)
  const parts = new Map(calendar.formatToParts(milliseconds).map(({ type, value }) => [type, value]))
  const part = (name: 'year' | 'month' | 'day') => parts.get(name)?.padStart(2, '0')
  return `${part('year')}-${part('month')}-${part('day')}`
}

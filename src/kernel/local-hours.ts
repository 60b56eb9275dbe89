import { days, hours, type Moment, millisecondsOf, momentOf } from './moment.ts'

/*
 * Hours of the day as people have them where they live. The zone knows when its clocks are set; nothing here does.
 */

/** The last time that it was this full hour in this zone, at `now` or before: once on each day of the calendar there. */
export function lastAtHour(now: Moment, zone: string, hour: number): Moment {
  const present = millisecondsOf(now)
  const today = startOfDay(present, zone)
  const at = inZone(today + hour * hours, zone)
  return momentOf(at <= present ? at : inZone(today - days + hour * hours, zone))
}

/** The day of this moment in the zone, as if it began in UTC. */
function startOfDay(milliseconds: number, zone: string): number {
  const local = milliseconds + offsetAt(milliseconds, zone)
  return local - (((local % days) + days) % days)
}

/**
 * When clocks in the zone show what they would in UTC. An hour that they show twice is the later one; one that they leave out
 * is as much later as they were set.
 */
function inZone(local: number, zone: string): number {
  const before = local - offsetAt(local - days, zone)
  const after = local - offsetAt(local + days, zone)
  const shown = [before, after].filter((at) => at + offsetAt(at, zone) === local)
  return shown.length > 0 ? Math.max(...shown) : before
}

/** To make one takes longer than everything else here. */
const clocks = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of the zone are ahead of UTC, in milliseconds; a moment is taken to its second. */
function offsetAt(milliseconds: number, zone: string): number {
  const known = clocks.get(zone)
  const clock = known ?? clockOf(zone)
  if (!known) clocks.set(zone, clock)
  const seconds = Math.floor(milliseconds / 1000) * 1000
  const parts = new Map(clock.formatToParts(seconds).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shown - seconds
}

const clockOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })

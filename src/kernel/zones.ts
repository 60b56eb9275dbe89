import { days, later, type Moment, millisecondsOf, minutes, momentOf } from './moment.ts'

/* Time zones by their names in the database that Node brings along. Moments themselves are UTC everywhere. */

/** A name that the time zone database has; an offset such as +01:00 knows no summer time. */
export function isTimeZone(name: string): boolean {
  if (known.has(plain(name))) return true
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false
  try {
    remember(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
export function offsetIn(zone: string, moment: Moment): number {
  if (zone === 'UTC') return 0
  return (known.get(plain(zone)) ?? remember(zone))(millisecondsOf(moment))
}

/** What a clock on the wall shows there, written like a moment. */
export const onTheWall = (zone: string, moment: Moment): string =>
  zone === 'UTC' ? moment : momentOf(millisecondsOf(moment) + offsetIn(zone, moment))

/** The day that it is there: 2026-11-22. */
export const dayIn = (zone: string, moment: Moment): string => onTheWall(zone, moment).slice(0, 10)

/** When a day begins there. Where that hour is left out in spring, it is when the clocks have gone on. */
export function startOfDay(zone: string, day: string): Moment {
  const midnight = `${day}T00:00:00.000Z`
  const guess = later(midnight, -offsetIn(zone, later(midnight, -days / 2)))
  const start = later(midnight, -offsetIn(zone, guess))
  // The clocks may have been put forward between the guess and midnight.
  return dayIn(zone, start) < day ? later(midnight, -offsetIn(zone, later(midnight, -days))) : start
}

/** The last moment of a day there. */
export const endOfDay = (zone: string, day: string): Moment =>
  later(startOfDay(zone, later(`${day}T00:00:00.000Z`, days).slice(0, 10)), -1)

type Offset = (milliseconds: number) => number

/** A zone is what it is in whichever letters: anybody can send thousands of spellings, and each would be kept. */
export const plain = (zone: string) => zone.toLowerCase()

const known = new Map<string, Offset>()
const mostKept = 5000

/** Clocks change at a quarter of an hour, so within one the offset is asked for once: a page has dozens of times. */
function remember(zone: string): Offset {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  const quarters = new Map<number, number>()
  const offset: Offset = (milliseconds) => {
    const quarter = Math.floor(milliseconds / (15 * minutes))
    const kept = quarters.get(quarter)
    if (kept !== undefined) return kept
    const said = format
      .formatToParts(quarter * 15 * minutes)
      .find(({ type }) => type === 'timeZoneName')?.value
    if (quarters.size >= mostKept) quarters.clear()
    const found = millisecondsIn(said ?? 'GMT')
    quarters.set(quarter, found)
    return found
  }
  known.set(plain(zone), offset)
  return offset
}

/** "GMT-03:30". */
function millisecondsIn(said: string): number {
  const [, sign, hour = '0', minute = '0', second = '0'] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(said) ?? []
  const length = (Number(hour) * 60 + Number(minute)) * minutes + Number(second) * 1000
  return sign === '-' ? -length : length
}

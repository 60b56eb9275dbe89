/** A moment as the archive writes it: UTC with three decimals. Moments compare as text. */
export type Moment = string

export const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

export const minutes = 60_000
export const hours = 60 * minutes
export const days = 24 * hours

/** Many commands share a moment, so the last answer is kept: a quarter of a write was spent here. */
let last = { milliseconds: 0, moment: '1970-01-01T00:00:00.000Z' }

export function momentOf(milliseconds: number): Moment {
  if (milliseconds !== last.milliseconds)
    last = { milliseconds, moment: new Date(milliseconds).toISOString() }
  return last.moment
}

export const millisecondsOf = (moment: Moment) => Date.parse(moment)
export const later = (moment: Moment, milliseconds: number): Moment =>
  momentOf(millisecondsOf(moment) + milliseconds)
export const earlier = (moment: Moment, milliseconds: number): Moment => later(moment, -milliseconds)

/** The month of a moment, `2026-11`: the name of its segment. */
export const monthOf = (moment: Moment) => moment.slice(0, 7)

/** A moment that exists: 30 February is written like one and is none. */
export function isMoment(text: string): boolean {
  if (!momentPattern.test(text)) return false
  const milliseconds = Date.parse(text)
  return !Number.isNaN(milliseconds) && momentOf(milliseconds) === text
}

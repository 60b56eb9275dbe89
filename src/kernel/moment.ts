/** A moment as the archive writes it: UTC with three decimals. Moments compare as text. */
export type Moment = string

export const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

export const minutes = 60_000
export const hours = 60 * minutes
export const days = 24 * hours

/**
 * Many commands share a moment, and the minute before it, so the last answers are kept: a quarter of a write was spent
 * here. Each has the place that its question leads to, so that finding it costs next to nothing.
 */
const places = 61
const answers = Array.from({ length: places }, () => ({ milliseconds: Number.NaN, moment: '' }))

export function momentOf(milliseconds: number): Moment {
  const last = answers[Math.abs(milliseconds) % places]
  if (last?.milliseconds === milliseconds) return last.moment
  const moment = new Date(milliseconds).toISOString()
  if (last) {
    last.milliseconds = milliseconds
    last.moment = moment
  }
  return moment
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

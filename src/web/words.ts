import { days, hours, type Moment, millisecondsOf, minutes, momentOf } from '../kernel/moment.ts'
import { counted, grouped } from '../kernel/numbers.ts'

/** "5 minutes ago" within a week before `now`, else the day. */
export function agoFrom(now: Moment): (moment: Moment) => string {
  const present = millisecondsOf(now)
  const weekAgo = momentOf(present - 7 * days)
  const thisYear = now.slice(0, 4)
  return (moment) => {
    // Moments compare as text, which costs a tenth of reading them.
    if (moment <= weekAgo) return moment.startsWith(thisYear) ? dayOf(moment) : dayAndYearOf(moment)
    const age = present - millisecondsOf(moment)
    if (age < minutes) return 'just now'
    if (age < hours) return several(Math.floor(age / minutes), 'minute')
    if (age < days) return several(Math.floor(age / hours), 'hour')
    return several(Math.floor(age / days), 'day')
  }
}

/** "22 November 2026, 21:40 UTC": the same everywhere, whoever reads it. */
export const fully = (moment: Moment) => `${dayOf(moment)} ${moment.slice(0, 4)}, ${moment.slice(11, 16)} UTC`

/** "22 November 2026". */
export const day = (moment: Moment) => dayAndYearOf(moment)

export const people = (count: number) => (count === 1 ? '1 person' : `${grouped(count)} people`)
export const times = (count: number) => (count === 1 ? 'once' : `${grouped(count)} times`)

/** What a person typed, as paragraphs of lines; several blank lines are one gap. */
export function paragraphs(text: string): string[][] {
  const found: string[][] = []
  let lines: string[] = []
  for (const line of text.split('\n')) {
    if (line.trim() !== '') lines.push(line)
    else if (lines.length > 0) {
      found.push(lines)
      lines = []
    }
  }
  if (lines.length > 0) found.push(lines)
  return found
}

/** The first words of a text, on one line. */
export function beginning(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const letters = [...line]
  return letters.length <= 80 ? line : `${letters.slice(0, 80).join('').replace(/ \S*$/, '')} …`
}

/** Whether a text takes more than about a screen of a phone. */
export const isLong = (text: string) =>
  text.length > 900 || (text.includes('\n') && text.split('\n').length > 16)

/** "40 seconds", "3 minutes", "5 hours": how long to wait. */
export function wait(seconds: number): string {
  if (seconds < 90) return counted(seconds, 'second')
  if (seconds < 5400) return counted(Math.ceil(seconds / 60), 'minute')
  return counted(Math.ceil(seconds / 3600), 'hour')
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const dayOf = (moment: Moment) => `${Number(moment.slice(8, 10))} ${months[Number(moment.slice(5, 7)) - 1]}`
const dayAndYearOf = (moment: Moment) => `${dayOf(moment)} ${moment.slice(0, 4)}`
const several = (count: number, unit: string) => `${counted(count, unit)} ago`

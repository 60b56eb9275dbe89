import { days, hours, type Moment, millisecondsOf, minutes, momentOf } from '../kernel/moment.ts'
import { counted, grouped } from '../kernel/numbers.ts'
import { offsetIn, onTheWall, plain } from '../kernel/zones.ts'

/** What moments are called where the clocks are those of a zone. */
export interface TimeWords {
  /** "5 minutes ago" within a week before `now`, else the day. */
  agoFrom(now: Moment): (moment: Moment) => string
  /** "22 November 2026, 22:40 UTC+1". */
  fully(moment: Moment): string
  /** "22 November 2026", of a moment or of a day of the calendar. */
  day(moment: Moment): string
}

const spoken = new Map<string, TimeWords>()

/** The words for times in this zone, made once. */
export function timeWords(zone: string): TimeWords {
  const known = spoken.get(plain(zone)) ?? wordsIn(zone)
  spoken.set(plain(zone), known)
  return known
}

function wordsIn(zone: string): TimeWords {
  const isDay = (moment: string) => moment.length === 10
  const there = (moment: Moment) => (isDay(moment) ? moment : onTheWall(zone, moment))
  return {
    fully(moment) {
      const wall = there(moment)
      return `${dayAndYearOf(wall)}, ${wall.slice(11, 16)} ${offsetOf(offsetIn(zone, moment))}`
    },
    day: (moment) => dayAndYearOf(there(moment)),
    agoFrom(now) {
      const present = millisecondsOf(now)
      const weekAgo = momentOf(present - 7 * days)
      const thisYear = there(now).slice(0, 4)
      return (moment) => {
        // Moments compare as text, which costs a tenth of reading them.
        if (moment <= weekAgo) {
          const wall = there(moment)
          return wall.startsWith(thisYear) ? dayOf(wall) : dayAndYearOf(wall)
        }
        const age = present - millisecondsOf(moment)
        if (age < minutes) return 'just now'
        if (age < hours) return several(Math.floor(age / minutes), 'minute')
        if (age < days) return several(Math.floor(age / hours), 'hour')
        return several(Math.floor(age / days), 'day')
      }
    },
  }
}

/** "UTC+5:45". */
function offsetOf(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  const rest = Math.floor((length % hours) / minutes)
  if (length === 0) return 'UTC'
  return `UTC${milliseconds < 0 ? '-' : '+'}${Math.floor(length / hours)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}

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
  // A long text is not read to its end for a line of it.
  const line = text.slice(0, 1000).replace(/\s+/g, ' ')
  const letters = [...line]
  return letters.length <= 80 && text.length <= 1000
    ? line
    : `${letters.slice(0, 80).join('').replace(/ \S*$/, '')} …`
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

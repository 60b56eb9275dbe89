import { days, hours, type Moment, millisecondsOf, minutes } from '../kernel/moment.ts'

/** "5 minutes ago" within a week, else the day. */
export function ago(moment: Moment, now: Moment): string {
  const age = millisecondsOf(now) - millisecondsOf(moment)
  if (age < minutes) return 'just now'
  if (age < hours) return several(Math.floor(age / minutes), 'minute')
  if (age < days) return several(Math.floor(age / hours), 'hour')
  if (age < 7 * days) return several(Math.floor(age / days), 'day')
  return moment.slice(0, 4) === now.slice(0, 4) ? dayOf(moment) : `${dayOf(moment)} ${moment.slice(0, 4)}`
}

/** "22 November 2026, 21:40 UTC": the same everywhere, whoever reads it. */
export const fully = (moment: Moment) => `${dayOf(moment)} ${moment.slice(0, 4)}, ${moment.slice(11, 16)} UTC`

export const people = (count: number) => (count === 1 ? '1 person' : `${grouped(count)} people`)
export const times = (count: number) => (count === 1 ? 'once' : `${grouped(count)} times`)

/** What a person typed, as paragraphs of lines; several blank lines are one gap. */
export function paragraphs(text: string): string[][] {
  if (!text.includes('\n')) return [[text]]
  return text
    .split(/\n(?:[^\S\n]*\n)+/)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => paragraph.split('\n'))
}

/** Whether a text takes more than about a screen of a phone. */
export const isLong = (text: string) =>
  text.length > 900 || (text.includes('\n') && text.split('\n').length > 16)

/** "40 seconds", "3 minutes": how long to wait. */
export const wait = (seconds: number) =>
  seconds < 90 ? counted(seconds, 'second') : counted(Math.ceil(seconds / 60), 'minute')

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
const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',')
const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`
const several = (count: number, unit: string) => `${counted(count, unit)} ago`

import { type Day, dayOf, daysAfter } from '../../kernel/calendar.ts'
import type { Moment } from '../../kernel/moment.ts'
import type { Reader } from '../cards.ts'
import type { Sight } from '../may-see.ts'
import { settingsOf } from '../settings.ts'

/** What a query about a feed is given. */
export interface FeedValues extends Sight {
  readonly now: string
  /** In the time zone of the community. */
  readonly today: Day
  readonly lastDay: Day
  readonly asOf: number
}

export function valuesFor({ cache, now }: Reader, sight: Sight, asOf = Number.MAX_SAFE_INTEGER): FeedValues {
  return { ...sight, now, asOf, ...weekFrom(now, settingsOf(cache).timeZone) }
}

let known = { minute: '', today: '', lastDay: '' }

/** Every page asks which day it is, so the answer is kept for its minute. */
function weekFrom(now: Moment, zone: string) {
  const minute = `${now.slice(0, 16)} ${zone}`
  if (known.minute !== minute) {
    const today = dayOf(now, zone)
    known = { minute, today, lastDay: daysAfter(today, 7) }
  }
  return { today: known.today, lastDay: known.lastDay }
}

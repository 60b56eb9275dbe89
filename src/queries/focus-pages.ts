import { dayOf, daysAfter } from '../kernel/calendar.ts'
import type { Reader } from './cards.ts'
import { inFocus, mostInFocus, placedInFocus } from './focus.ts'
import type { FocusForm, FocusPage } from './pages/feeds.ts'
import { prayerCard } from './prayers.ts'
import { settingsOf } from './settings.ts'

/** What is in focus, for those who decide about it. */
export const focusPage = (reading: Reader): FocusPage => ({
  requests: inFocus(reading).map((one) => ({ ...one, until: zoned(reading, one.until) })),
  isFull: placedInFocus(reading.cache, reading.now).length >= mostInFocus,
})

/** The form that puts a request there; undefined when there is none that this reader may see. */
export function focusForm(
  reading: Reader,
  prayer: string,
): Omit<FocusForm, 'mistakes' | 'problem'> | undefined {
  const card = prayerCard(reading, prayer)
  if (!card) return undefined
  const known = inFocus(reading).find(({ id }) => id === prayer)
  return {
    prayer,
    author: card.author,
    isNameless: card.isNameless,
    isThere: known !== undefined,
    until: known ? zoned(reading, known.until) : daysAfter(zoned(reading, reading.now), 7),
  }
}

/** The day of a moment, where the community lives. */
const zoned = ({ cache }: Reader, moment: string) => dayOf(moment, settingsOf(cache).timeZone)

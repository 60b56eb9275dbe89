import { and, desc, eq, sql } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { dayOf } from '../kernel/calendar.ts'
import type { Moment } from '../kernel/moment.ts'
import { encouragements } from '../records/encouragements.ts'
import { prayers } from '../records/prayers.ts'
import type { Reader } from './cards.ts'
import { memberById } from './members.ts'
import type { Encouraging } from './pages/praying.ts'
import { prayerCard } from './prayers.ts'
import { settingsOf } from './settings.ts'

const newestBy = prepared((db) =>
  db
    .select({ at: encouragements.at })
    .from(encouragements)
    .where(and(eq(encouragements.prayer, given('prayer')), eq(encouragements.by, given('member'))))
    .orderBy(desc(encouragements.sequence))
    .limit(atMost(1))
    .prepare(),
)

const died = prepared((db) =>
  db
    .select({ id: prayers.id })
    .from(prayers)
    .where(and(eq(prayers.id, given('prayer')), sql`${prayers.outcome} = 'died'`))
    .prepare(),
)

/** Whether whoever a request was for, or near to it, has died. */
export const hasDied = (cache: Reading, prayer: string) => died(cache).get({ prayer }) !== undefined

/** What people here can say with one tap, as the community worded it. */
export const phrasesOf = (cache: Reading): readonly string[] => settingsOf(cache).encouragements.split('\n')

/** Whether this member has encouraged whoever asked this, on the day that it is here. */
export function hasEncouragedToday(cache: Reading, prayer: string, member: string, now: Moment): boolean {
  const newest = newestBy(cache).get({ prayer, member })
  const { timeZone } = settingsOf(cache)
  return newest !== undefined && dayOf(newest.at, timeZone) === dayOf(now, timeZone)
}

/** The form of it; undefined where there is nobody to encourage. */
export function encouragingPage(reading: Reader, prayer: string): Omit<Encouraging, 'mistakes'> | undefined {
  const card = prayerCard(reading, prayer)
  if (!card?.mayEncourage) return undefined
  const { cache, reader, now } = reading
  return {
    card,
    phrases: phrasesOf(cache),
    isDone: hasEncouragedToday(cache, prayer, reader.member, now),
    isUnseen: memberById(cache, reader.member)?.praysUnseen === true,
  }
}

import { desc, eq, type SQL } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import type { Member } from '../kernel/actor.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { earlier, hours, later, type Moment, minutes } from '../kernel/moment.ts'
import { prayerCounts } from '../records/marks.ts'
import { members, type Standing } from '../records/members.ts'
import { type Audience, type Outcome, type PrayerState, prayers, type Topic } from '../records/prayers.ts'
import { followedBy } from './follows.ts'
import { labelsBeside, labelsIn } from './labels.ts'
import { isLapsing } from './lapses.ts'
import { isPrayedFor, type latestMarks, marksUnknownTo } from './marks.ts'
import type { Sight } from './may-see.ts'
import type { Card } from './pages/cards.ts'
import { currentWords } from './requests.ts'
import { openedWord } from './sealed-words.ts'
import { settingsOf } from './settings.ts'

/** Who reads, from what, and when. */
export interface Reader {
  readonly cache: Reading
  readonly keyring: Keyring
  readonly reader: Member
  readonly now: Moment
}

export const pageSize = 20

/** In the order of `Row`. */
const columns = {
  sequence: prayers.sequence,
  id: prayers.id,
  author: prayers.author,
  name: members.name,
  standing: members.standing,
  labels: labelsBeside(prayers.author),
  postedAt: prayers.postedAt,
  sees: prayers.sees,
  forWhom: currentWords.forWhom,
  request: currentWords.request,
  changedAt: prayers.changedAt,
  topic: prayers.topic,
  day: prayers.day,
  lapsesAt: prayers.lapsesAt,
  state: prayers.state,
  stateAt: prayers.stateAt,
  outcome: prayers.outcome,
  ending: prayers.ending,
  updatedAt: prayers.updatedAt,
  update: prayers.update,
  people: prayerCounts.people,
  times: prayerCounts.times,
}

/** A request as SQLite gives it: `values` leaves out drizzle's mapping, a quarter of the cost of a feed. */
export type Row = readonly [
  sequence: number,
  id: string,
  author: string | null,
  name: string | null,
  standing: Standing | null,
  labels: string | null,
  postedAt: Moment,
  sees: Audience,
  forWhom: string | null,
  request: string | null,
  changedAt: Moment | null,
  topic: Topic,
  day: string | null,
  lapsesAt: Moment | null,
  state: PrayerState,
  stateAt: Moment,
  outcome: Outcome | null,
  ending: string | null,
  updatedAt: Moment | null,
  update: string | null,
  people: number | null,
  times: number | null,
]

/** Requests that meet the condition, one more than a page: newest first, unless another order is given. */
export const requests = (condition: SQL | undefined, ...order: SQL[]) =>
  prepared((db) =>
    db
      .select(columns)
      .from(prayers)
      .leftJoin(members, eq(members.id, prayers.author))
      .leftJoin(prayerCounts, eq(prayerCounts.prayer, prayers.id))
      .where(condition)
      .orderBy(...(order.length > 0 ? order : [desc(prayers.sequence)]))
      .limit(atMost(pageSize + 1))
      .prepare(),
  )

/** The condition of one request by its id. */
export const isGiven = eq(prayers.id, given('prayer'))

/** Of one row more than a page the page, and the place of its last one when there are more. */
export function pageOf(rows: readonly Row[]) {
  const page = rows.slice(0, pageSize)
  return { page, last: rows.length > pageSize ? page.at(-1)?.[0] : undefined }
}

export const idsOf = (rows: readonly Row[]) => rows.map(([, id]) => id)

/** How this reader sees these rows now. */
export function cardsOf(
  rows: readonly Row[],
  {
    cache,
    keyring,
    reader,
    now,
    sight,
    marks,
  }: Reader & { sight: Sight; marks: ReturnType<typeof latestMarks> },
): Card[] {
  const aMinuteAgo = earlier(now, minutes)
  const anHourAgo = earlier(now, hours)
  const own = new Set(JSON.parse(sight.mine) as string[])
  const unknown = sight.isApart === 1 ? marksUnknownTo(cache, idsOf(rows), reader.member) : undefined
  const isEncouraging = settingsOf(cache).encouraging
  const followed = followedBy(cache, reader.member)
  return rows.map((row) => {
    const [, id, author, name, standing, labels, postedAt, sees, sealedForWhom, sealedRequest, ...rest] = row
    const [changedAt, topic, day, lapsesAt, state, stateAt, outcome, ending, ...last] = rest
    const [updatedAt, update, people, times] = last
    const mark = marks.get(id)
    const markedJustNow = mark !== undefined && mark.at > aMinuteAgo
    const wordsOf = changedAt === null ? 'prayer.posted' : 'prayer.changed'
    const opened = (field: string, word: string | null, kind: `prayer.${string}`) =>
      openedWord(keyring, { id, sees }, field, word, kind)
    const request = opened('request', sealedRequest, wordsOf)
    const hidden = unknown?.get(id)
    const isMine = author === null ? own.has(id) : author === reader.member
    return {
      id,
      author: name,
      profile: standing === 'here' && name !== null ? author : null,
      labels: labelsIn(name === null ? null : labels),
      isNameless: author === null,
      isMine,
      sees,
      postedAt,
      forWhom: opened('forWhom', sealedForWhom, wordsOf) ?? null,
      request: request ?? null,
      isShut: request === undefined,
      // For an hour an author mends words as freely as before they were shared.
      changedAt: changedAt !== null && changedAt > later(postedAt, hours) ? changedAt : null,
      topic,
      day,
      lapsesAt: isMine ? lapsesAt : null,
      isLapsing: isMine && isLapsing({ state, sees, lapsesAt }, now),
      state,
      stateAt,
      outcome,
      ending:
        state === 'answered'
          ? (opened('testimony', ending, 'prayer.answered') ?? null)
          : (opened('words', ending, 'prayer.closed') ?? null),
      update:
        updatedAt === null
          ? null
          : { at: updatedAt, words: opened('update', update, 'prayer.updated') ?? null },
      isFollowed: followed.has(id),
      people: (people ?? 0) - (hidden?.people ?? 0),
      times: (times ?? 0) - (hidden?.times ?? 0),
      mine: mark ? { times: mark.times, last: mark.at } : null,
      mayEncourage: isEncouraging && !isMine && outcome !== 'died',
      mayMark: sealedRequest !== null && !markedJustNow && isPrayedFor(state),
      markedJustNow,
      undo: mark !== undefined && mark.writtenAt > anHourAgo ? mark.sequence : null,
    }
  })
}

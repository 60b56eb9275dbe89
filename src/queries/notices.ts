import { eq, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import { type Day, dayOf } from '../kernel/calendar.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { earlier, hours, type Moment } from '../kernel/moment.ts'
import { hushed, type NoticeKind, noticeKinds, noticeReadings, noticesRead } from '../records/notices.ts'
import type { Reader } from './cards.ts'
import { lapsingSoon } from './lapses.ts'
import { bundles } from './notices/bundles.ts'
import { decisions } from './notices/decisions.ts'
import { news } from './notices/news.ts'
import { sinceFor } from './notices/since.ts'
import type { MyNotices, Notice, Notices } from './pages/notices.ts'
import { prayerCard } from './prayers.ts'
import { settingsOf } from './settings.ts'

/*
 * Notices are not kept anywhere: they are what the records say, asked for this reader. Only what was read, and what nobody
 * wants to hear of, is a record.
 */

/** At this hour it is morning: what happened on the day before is told. */
const morning = 7 * hours

const pageSize = 30

const readUpTo = prepared((db) =>
  db
    .select({ upTo: noticesRead.upTo, place: noticesRead.place })
    .from(noticesRead)
    .where(eq(noticesRead.member, given('member')))
    .prepare(),
)

/** Their keys begin with the member, so that nothing else has to lead there. */
const ownKeys = (id: unknown) => sql`${id} > ${given('member')} || '.' and ${id} < ${given('member')} || '/'`

const readSingly = prepared((db) =>
  db
    .select({ notice: noticeReadings.notice })
    .from(noticeReadings)
    .where(ownKeys(noticeReadings.id))
    .prepare(),
)

const hushedBy = prepared((db) =>
  db.select({ kind: hushed.kind, endedIn: hushed.endedIn }).from(hushed).where(ownKeys(hushed.id)).prepare(),
)

/** What somebody was told, newest first, of what came after the record `from`; and the first record that waits for a morning. */
export function toldSince(reading: Reader, from: number) {
  const { cache, reader, now } = reading
  const zone = settingsOf(cache).timeZone
  const quiet = hushedKinds(cache, reader.member)
  const values = sinceFor(reading, from)
  const { told, firstUntold } = bundles(cache, values, { zone, today: todayIn(zone, now), hushed: quiet })
  const all: Notice[] = [
    ...told,
    ...news(cache, values),
    ...decisions(cache, values, sinceFor(reading, 0).from),
  ]
  const notices = all.filter(({ kind }) => !quiet.has(kind)).sort((a, b) => b.id - a.id)
  return { notices, firstUntold }
}

/** Which of them somebody has read; what they did not want to hear of is not new when they hear of it again. */
export function readBy({
  cache,
  keyring,
  reader: { member },
}: Reader): (notice: Pick<Notice, 'id' | 'kind'>) => boolean {
  const upTo = upToOf(cache, keyring, member)
  const singly = new Set(
    readSingly(cache)
      .all({ member })
      .map(({ notice }) => notice),
  )
  const heardSince = new Map(
    hushedBy(cache)
      .all({ member })
      .map(({ kind, endedIn }) => [kind, endedIn ?? 0]),
  )
  const isKnown = (id: number) =>
    singly.has(String(id)) || (keyring.isWhole && singly.has(noticeToken(keyring, member, id)))
  return ({ id, kind }) => id <= upTo || id <= (heardSince.get(kind) ?? 0) || (singly.size > 0 && isKnown(id))
}

/** What the archive calls a notice that somebody has read. */
export const noticeToken = (keyring: Keyring, member: string, id: number) =>
  keyring.lookUp('notice', `${member} ${id}`).slice(0, 32)

/** Where the record up to which somebody has read all belongs. */
export const readPlace = (member: string) => ({ kind: 'notices.read', field: 'place', id: member })

/** The inbox: the newest, or those before the record `before`. */
export function noticesPage(reading: Reader, before = Number.MAX_SAFE_INTEGER): Notices {
  const { notices } = toldSince(reading, 0)
  const isRead = readBy(reading)
  const left = notices.filter(({ id }) => id < before)
  const page = left.slice(0, pageSize)
  const lapsing = waitingFor(reading)
  return {
    lapsing: lapsing.flatMap(({ prayer }) => prayerCard(reading, prayer) ?? []),
    notices: page.map((notice) => ({
      notice,
      cards: requestsOf(notice).map((prayer) => prayerCard(reading, prayer) ?? null),
      isRead: isRead(notice),
    })),
    upTo: notices[0]?.id ?? 0,
    unread: lapsing.length + notices.filter((notice) => !isRead(notice)).length,
    isNewest: left.length === notices.length,
    older: left.length > pageSize ? `/notices?before=${page.at(-1)?.id}` : null,
  }
}

const requestsOf = (notice: Notice): readonly string[] => {
  if (notice.is === 'prayed') return notice.requests.map(({ prayer }) => prayer)
  return notice.prayer === null ? [] : [notice.prayer]
}

/** How many somebody has not read: every page of theirs shows it, so it is kept until something is committed. */
export function unreadNotices(reading: Reader): number {
  const { cache, keyring, reader, now } = reading
  const known = counts(cache)
  // The morning comes without anybody writing.
  const name = [reader.member, reader.roles, keyring.isWhole, now.slice(0, 14), quarterOf(now)].join(' ')
  const count = known.get(name) ?? countAnew(reading)
  known.set(name, count)
  return count
}

/** What somebody wants to hear of. */
export function myNotices(cache: Reading, member: string): MyNotices {
  const quiet = hushedKinds(cache, member)
  return { kinds: noticeKinds.map((kind) => ({ kind, isOn: !quiet.has(kind) })) }
}

export const hushedKinds = (cache: Reading, member: string): ReadonlySet<NoticeKind> =>
  new Set(
    hushedBy(cache)
      .all({ member })
      .flatMap(({ kind, endedIn }) => (endedIn === null ? [kind] : [])),
  )

/** Up to which record somebody has read all; while no key opens it, nothing counts as read. */
export function upToOf(cache: Reading, keyring: Keyring, member: string): number {
  const { upTo = 0, place = null } = readUpTo(cache).get({ member }) ?? {}
  return place === null ? upTo : Number(keyring.open(readPlace(member), place) ?? 0)
}

const counts = untilChanged(() => new Map<string, number>())

function countAnew(reading: Reader): number {
  const { cache, keyring, reader } = reading
  const isRead = readBy(reading)
  const { notices } = toldSince(reading, upToOf(cache, keyring, reader.member))
  return waitingFor(reading).length + notices.filter((notice) => !isRead(notice)).length
}

/** Requests of theirs that are about to rest, where they want to hear of it. */
const waitingFor = ({ cache, keyring, reader, now }: Reader) =>
  hushedKinds(cache, reader.member).has('lapses') ? [] : lapsingSoon(cache, keyring, reader.member, now)

const quarterOf = (now: Moment) => Math.floor(Number(now.slice(14, 16)) / 15)

/** What happened before this day is told. */
const todayIn = (zone: string, now: Moment): Day => dayOf(earlier(now, morning), zone)

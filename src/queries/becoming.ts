import { desc, eq } from 'drizzle-orm'
import { given, prepared } from '../cache/reading.ts'
import { mayTry } from '../kernel/permissions.ts'
import { prayerChanges } from '../records/prayer-words.ts'
import type { Reader } from './cards.ts'
import { maySee } from './may-see.ts'
import { authorIn } from './nameless.ts'
import type { Becoming, Earlier } from './pages/becoming.ts'
import type { Card } from './pages/cards.ts'
import { type RequestNow, requestNow } from './requests.ts'
import { openedWord } from './sealed-words.ts'
import { updatesOf } from './updates.ts'

const changes = prepared((db) =>
  db
    .select({ at: prayerChanges.at, request: prayerChanges.request, forWhom: prayerChanges.forWhom })
    .from(prayerChanges)
    .where(eq(prayerChanges.prayer, given('prayer')))
    .orderBy(desc(prayerChanges.sequence))
    .prepare(),
)

/** A request as it stands, and whether it is the reader's; undefined when there is none that they may see. */
export function requestFor({ cache, keyring, reader }: Reader, prayer: string) {
  const row = requestNow(cache, prayer)
  if (!row || !maySee(cache, keyring, reader, row)) return undefined
  return { row, isMine: authorIn(keyring, row) === reader.member }
}

/** How a request that this reader sees has gone on. */
export function becoming({ cache, keyring, reader }: Reader, card: Card): Becoming {
  const { id, isMine, state } = card
  const row = requestNow(cache, id)
  const lapses = state === 'open' && (row?.lapsesAt ?? null) !== null
  return {
    updates: card.update === null ? [] : updatesOf(cache, keyring, card).slice(1),
    mayReadEarlier: (isMine || mayTry(reader, 'readEarlierWords')) && isChanged(row),
    mayExtend: !isMine && lapses && mayTry(reader, 'extendPrayer'),
  }
}

/**
 * What a request said before it was changed, for its author and for moderators who see it; undefined when there is nothing
 * like that for this reader.
 */
export function earlierWords(reading: Reader, prayer: string): Earlier | undefined {
  const { cache, keyring, reader } = reading
  const found = requestFor(reading, prayer)
  if (!found || !isChanged(found.row)) return undefined
  const { row, isMine } = found
  if (!isMine && !mayTry(reader, 'readEarlierWords')) return undefined
  const opened = (kind: 'prayer.posted' | 'prayer.changed') => (said: Said) => {
    const request = openedWord(keyring, row, 'request', said.request, kind)
    const forWhom = openedWord(keyring, row, 'forWhom', said.forWhom, kind)
    return { at: said.at, forWhom: forWhom ?? null, request: request ?? null, isShut: request === undefined }
  }
  const asPosted = { at: row.postedAt, request: row.request, forWhom: row.forWhom }
  // The newest change is what stands now.
  const before = changes(cache).all({ prayer }).slice(1)
  return {
    ...{ prayer, isMine },
    versions: [...before.map(opened('prayer.changed')), opened('prayer.posted')(asPosted)],
  }
}

type Said = Pick<typeof prayerChanges.$inferSelect, 'at' | 'request' | 'forWhom'>

const isChanged = (row: RequestNow | undefined) => row !== undefined && row.changedIn !== null
